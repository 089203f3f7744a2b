"""The dashboard's table of runs: searching, grouping, and the names of columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.system import SYSTEM_ATTRIBUTES, SYSTEM_TYPES
from neptune_yolo.server.nql.meaning import Condition, Every, Mentions, resolve
from neptune_yolo.server.nql.membership import belongs
from neptune_yolo.server.nql.parser import parse
from neptune_yolo.server.nql.table import Column, Group, GroupKey, Sorting, Table
from neptune_yolo.server.services.run_heads import HEAD_PATHS, HeadFacts
from neptune_yolo.server.services.tables import TablePage, TableService
from neptune_yolo.server.store.interfaces import Session

MAX_WORDS = 20
"""Words of a simple search that count."""

MAX_GROUPS = 1000
"""Groups in an answer."""

_TEXT_FIRST = (AttributeType.STRING, AttributeType.STRING_SERIES)

RenderedT = TypeVar("RenderedT")

Render = Callable[[HeadFacts, dict[str, Attribute]], RenderedT]
"""Makes what is kept of a row, of its head and of its attributes by path."""


@dataclass(frozen=True)
class RunQuery:
    """Which rows are asked for.

    Attributes:
        project: ``workspace/project``.
        type: What the rows are.
        nql: A condition as text; blank holds for everything.
        words: Each has to occur in identifier, name, description, tags or the client's own identifier.
        trashed: Whether the rows lie in the trash; None for both.
        within: Attributes that have to have a value, or none: those of a group.
        sort_by: The column that orders the rows.
        descending: Whether the highest come first.
    """

    project: str
    type: ContainerType
    nql: str
    words: str
    trashed: bool | None
    within: tuple[tuple[str, GroupKey], ...]
    sort_by: Column
    descending: bool


@dataclass(frozen=True)
class RunTableService:
    """The table of runs.

    Attributes:
        tables: Reads the attributes of rows.
    """

    tables: TableService

    def search(
        self, query: RunQuery, paths: tuple[str, ...], offset: int, limit: int, render: Render[RenderedT]
    ) -> TablePage[RenderedT]:
        """Return up to ``limit`` rows from position ``offset`` on, and the number of all.

        Args:
            query: Which rows.
            paths: Attributes that are read.
            offset: Rows before the page.
            limit: Rows of the page.
            render: Makes what is kept of a row.

        Raises:
            NotFoundError: If there is no such project.
            QuerySyntaxError: If the condition cannot be read.
            InvalidRequestError: If the search takes too long.
        """
        wanted = tuple(dict.fromkeys((*HEAD_PATHS, *paths)))
        with self.tables.store.read() as session:
            table, role = self._table(session, query)
            found = session.tables.page(table, offset, limit)
            rows = [
                render(HeadFacts.of(row, role, values, table.now_ms, table.idle_after_ms), values)
                for row, values in (
                    (row, {attribute.path: attribute for attribute in attributes})
                    for row, attributes in self.tables.filled(session, found, wanted, table.now_ms)
                )
            ]
            is_last = 0 < len(rows) < limit or (not rows and offset == 0)
            return TablePage(offset + len(rows) if is_last else session.tables.count(table), rows)

    def group(self, query: RunQuery, by: tuple[str, ...], columns: tuple[Column, ...]) -> list[Group]:
        """Return the groups of rows that agree in some attributes, largest first; at most ``MAX_GROUPS``.

        Args:
            query: Which rows.
            by: Paths of the attributes. By a set of strings, a row belongs to a group for each of them.
            columns: Of which figures are told.

        Raises:
            NotFoundError: If there is no such project.
            QuerySyntaxError: If the condition cannot be read.
            InvalidRequestError: If the search takes too long.
        """
        with self.tables.store.read() as session:
            table, _ = self._table(session, query)
            return session.tables.group(table, by, columns, MAX_GROUPS)

    def list_names(
        self, project: str, type_: ContainerType, part: str, limit: int
    ) -> list[tuple[str, list[AttributeType]]]:
        """Return up to ``limit`` paths that contain a part (in any case of letters) with their types, by path.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.tables.store.read() as session:
            found = self.tables.access.named_project(session, project, Role.VIEWER)
            written = session.tables.search_names(found.id, (type_,), part, limit)
        system = [(path, kind) for path, kind in SYSTEM_ATTRIBUTES[type_].items() if part.lower() in path]
        types: dict[str, list[AttributeType]] = {}
        for path, kind in sorted({*written, *system}):
            types.setdefault(path, []).append(kind)
        return list(types.items())[:limit]

    def _table(self, session: Session, query: RunQuery) -> tuple[Table, Role]:
        access = self.tables.access
        project = access.named_project(session, query.project, Role.VIEWER)
        now_ms = self.tables.clock()
        asked = resolve(parse(query.nql), now_ms)
        conditions: list[Condition] = [] if asked is None else [asked]
        conditions += [Mentions(word) for word in query.words.replace("\x00", " ").split()[:MAX_WORDS]]
        conditions += [belongs(path, key) for path, key in query.within]
        if query.trashed is not None:
            conditions.insert(0, belongs("sys/trashed", query.trashed))
        sorting = self._sorting(session, project.id, query)
        condition = Every(tuple(conditions)) if conditions else None
        table = Table(project.id, (query.type,), condition, sorting, now_ms, self.tables.idle_after_ms)
        return table, access.role(session, project.id) or Role.VIEWER

    @staticmethod
    def _sorting(session: Session, project_id: ContainerId, query: RunQuery) -> Sorting:
        path = query.sort_by.path
        kind = SYSTEM_TYPES.get(path)
        if kind is None:
            found = [
                kind for name, kind in session.tables.list_names(project_id, (query.type,), path, 1) if name == path
            ]
            texts = [kind for kind in _TEXT_FIRST if kind in found]
            kind = (texts or found or [AttributeType.FLOAT])[0]
        return Sorting(path, kind, query.sort_by.aggregate, query.descending)
