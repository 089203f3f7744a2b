"""Tables of runs, models and model versions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.system import SYSTEM_ATTRIBUTES
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.nql.meaning import Condition, Every, Has, resolve, resolve_clause
from neptune_yolo.server.nql.parser import Query, parse
from neptune_yolo.server.nql.syntax import Operator
from neptune_yolo.server.nql.table import Sorting, Table
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.attributes import system_values
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Session, Store

MAX_ROWS = 10_000
"""Rows of one page."""

CLIENT_RESTART = 10_000
"""After so many rows the client begins anew at offset 0, with a clause for what follows the last value."""

MAX_NAMES = 1000
"""Columns in an answer."""

UNFILTERED_BATCH = 10
"""Rows whose attributes are read at a time when all of them are asked for: there may be ten thousands in each row."""

RenderedT = TypeVar("RenderedT")


@dataclass(frozen=True)
class TableRequest:
    """A page that is asked for.

    Attributes:
        project_id: UUID text of the project.
        types: What the rows are.
        query: Text of the query.
        sorting: Order of the rows.
        offset: Rows before the page.
        limit: Rows of the page; 0 asks for their number only.
        paths: Columns that are read; None stands for all.
    """

    project_id: str
    types: tuple[ContainerType, ...]
    query: str
    sorting: Sorting
    offset: int
    limit: int
    paths: tuple[str, ...] | None


@dataclass(frozen=True)
class TablePage(Generic[RenderedT]):
    """A page.

    Attributes:
        total: Number of rows of the whole table.
        rows: Those of the page.
    """

    total: int
    rows: list[RenderedT]


@dataclass(frozen=True)
class TableService:
    """Tables.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        clock: Gives the present moment.
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    access: Access
    store: Store
    clock: Clock
    idle_after_ms: int

    def search(
        self, request: TableRequest, render: Callable[[Container, list[Attribute]], RenderedT]
    ) -> TablePage[RenderedT]:
        """Return a page of a table.

        Args:
            request: Which one.
            render: Makes what is kept of a row; called once for each, so that not all have to be in memory at a time.

        Raises:
            NotFoundError: If there is no such project.
            QuerySyntaxError: If the query cannot be read.
            InvalidRequestError: If the page is too large, or the query takes too long.
        """
        if request.limit > MAX_ROWS:
            raise InvalidRequestError(
                f"Expected a page of at most {MAX_ROWS} rows, got {request.limit}. "
                f"Set NEPTUNE_FETCH_TABLE_STEP_SIZE to a smaller number."
            )
        query = parse(request.query, request.sorting.name)
        with self.store.read() as session:
            project = self.access.project(session, request.project_id, Role.VIEWER)
            now_ms = self.clock()
            condition = resolve(query, now_ms)
            table = Table(project.id, request.types, condition, request.sorting, now_ms, self.idle_after_ms)
            table, skipped = _continued(session, table, query)
            if request.limit == 0:
                return TablePage(max(0, session.tables.count(table) - skipped), [])
            found = session.tables.page(table, skipped + request.offset, request.limit)
            rows = [render(row, values) for row, values in self.filled(session, found, request.paths, now_ms)]
            return TablePage(_total(session, table, request, len(rows), skipped), rows)

    def list_columns(
        self, project_id: str, types: Sequence[ContainerType], part: str
    ) -> list[tuple[str, AttributeType]]:
        """Return the column of a path, with its types, or if there is none the columns whose path contains it.

        With more names beside the one that it asks for, the client would take the column for one of mixed types. A path
        that has several types comes several times. A whole number is called a float, too: the client then sorts by it
        as a float, which is the same order, while as an ``int`` it fails past its 10,000th row.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.read() as session:
            project = self.access.project(session, project_id, Role.VIEWER)
            written = session.tables.list_names(project.id, types, part, MAX_NAMES)
        system = [(path, kind) for of_type in types for path, kind in SYSTEM_ATTRIBUTES[of_type].items()]
        names = dict.fromkeys([*written, *((path, kind) for path, kind in system if part in path)])
        as_floats = ((path, AttributeType.FLOAT) for path, kind in names if kind is AttributeType.INT)
        found = sorted({*names, *as_floats})
        return [name for name in found if name[0] == part] or found[:MAX_NAMES]

    def filled(
        self, session: Session, rows: Sequence[Container], paths: tuple[str, ...] | None, now_ms: int
    ) -> Iterator[tuple[Container, list[Attribute]]]:
        """Yield rows with the attributes that are asked for, by path."""
        wants_size = paths is None or "sys/size" in paths
        batch = len(rows) if paths is not None else UNFILTERED_BATCH
        wanted = None if paths is None else frozenset(paths)
        project = session.projects.find_by_id(rows[0].project_id) if rows else None
        visibility = "" if project is None else project.visibility
        for start in range(0, len(rows), batch or 1):
            pks = [row.pk for row in rows[start : start + batch]]
            written = session.tables.list_attributes(pks, paths)
            sizes = session.tables.sizes_bytes(pks) if wants_size else {}
            for row in rows[start : start + batch]:
                system = system_values(row, visibility, now_ms, self.idle_after_ms, sizes.get(row.pk, 0))
                values = {
                    path: Attribute(0, path, kind, value)
                    for path, (kind, value) in system
                    if wanted is None or path in wanted
                }
                values.update((attribute.path, attribute) for attribute in written.get(row.pk, ()))
                yield row, [values[path] for path in sorted(values)]


def _total(session: Session, table: Table, request: TableRequest, row_count: int, skipped: int) -> int:
    """Return the number of rows of the whole table; a page that is not full tells it by itself."""
    if 0 < row_count < request.limit or (row_count == 0 and skipped + request.offset == 0):
        return request.offset + row_count
    return max(0, session.tables.count(table) - skipped)


def _continued(session: Session, table: Table, query: Query) -> tuple[Table, int]:
    """Find where the client wants to go on, past each 10,000th row.

    The client asks for what is greater than the last value that it has, even if the order is descending. It has read a
    whole multiple of 10,000 rows by then: if one such position, and only one, lies among the rows that have the value,
    the table goes on behind it, and no row is lost that has the same value. If there is none, since rows have come or
    gone meanwhile, or several, it goes on behind all that have the value. A clause of the same form with fewer rows
    before it is the user's own and is taken by the letter.

    Returns:
        The table to read, and the number of its rows to skip.
    """
    if query.after is None:
        return table, 0
    clause = resolve_clause(query.after, query.text, table.now_ms)

    def narrowed(operator: Operator) -> Table:
        return replace(table, condition=_both(table.condition, _with_operator(clause, operator)))

    behind, before = Operator.GREATER, Operator.LESS
    if table.sorting.descending:
        behind, before = before, behind
    before_count = session.tables.count(narrowed(before))
    same_count = session.tables.count(narrowed(Operator.EQUAL))
    position = (before_count // CLIENT_RESTART + 1) * CLIENT_RESTART
    if position <= before_count + same_count < position + CLIENT_RESTART:
        return table, position
    return narrowed(behind if before_count + same_count >= CLIENT_RESTART else Operator.GREATER), 0


def _both(condition: Condition | None, clause: Has) -> Condition:
    return clause if condition is None else Every((condition, clause))


def _with_operator(clause: Has, operator: Operator) -> Has:
    return Has(clause.name, tuple(replace(comparison, operator=operator) for comparison in clause.comparisons))
