"""Compare runs, models and versions of a project."""

from collections.abc import Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import Attribute
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.comparison import ComparedRow, Selection, side_by_side
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.exceptions import InvalidRequestError, NotFoundError
from neptune_yolo.server.nql.table import NEWEST_FIRST
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.tables import TableRequest, TableService
from neptune_yolo.server.store.interfaces import Store

MAX_RUNS = 100
"""Runs of which every attribute is read."""

MAX_CHOSEN_RUNS = 2000
"""Runs of which chosen attributes are read."""

MAX_CELLS = 100_000
"""Values in one answer."""

_KINDS = (ContainerType.RUN, ContainerType.MODEL, ContainerType.MODEL_VERSION)


@dataclass(frozen=True)
class ComparisonRequest:
    """What is to be compared.

    Attributes:
        project: Qualified name of the project.
        sys_ids: Runs, models or versions, in the order of the answer; empty for those that a query finds.
        query: Finds runs, the newest first, if no ``sys_ids`` are given.
        limit: Most runs that a query finds, 1 or more.
        paths: Exact paths of the attributes; None for all that ``selection`` lets in.
        selection: Which attributes are compared.
        only_different: Whether attributes in which all agree are left out.
    """

    project: str
    sys_ids: tuple[str, ...]
    query: str
    limit: int
    paths: tuple[str, ...] | None
    selection: Selection
    only_different: bool


@dataclass(frozen=True)
class Comparison:
    """Attributes side by side.

    Attributes:
        runs: What is compared, each with its name.
        total: Number of rows before they were cut.
        rows: The first of them, by path.
    """

    runs: list[tuple[Container, str]]
    total: int
    rows: list[ComparedRow]


@dataclass(frozen=True)
class ComparisonService:
    """Comparisons.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        tables: Reads rows of attributes.
    """

    access: Access
    store: Store
    tables: TableService

    def compare(self, request: ComparisonRequest) -> Comparison:
        """Return attributes of several runs side by side.

        Raises:
            NotFoundError: If there is no such project or run.
            InvalidRequestError: If there are too many runs.
            QuerySyntaxError: If the query cannot be read.
        """
        count = len(request.sys_ids) or request.limit
        most = MAX_RUNS if request.paths is None else MAX_CHOSEN_RUNS
        if count > most:
            raise InvalidRequestError(
                f"Expected at most {most} runs to compare{'' if request.paths else ' without chosen paths'}, got "
                f"{count}. Choose fewer, or name the attributes in 'paths'."
            )
        found = self._read(request, count)
        rows = side_by_side([attributes for _, _, attributes in found], only_different=request.only_different)
        shown = rows[: MAX_CELLS // max(1, len(found))]
        return Comparison([(container, name) for container, name, _ in found], len(rows), shown)

    def _read(self, request: ComparisonRequest, limit: int) -> list[tuple[Container, str, list[Attribute]]]:
        with self.store.read() as session:
            project_id = self.access.named_project(session, request.project, Role.VIEWER).id
        named = bool(request.sys_ids)
        paths = None if request.paths is None else tuple(dict.fromkeys((*request.paths, "sys/name")))
        table = TableRequest(
            project_id=project_id,
            types=_KINDS if named else (ContainerType.RUN,),
            query=_query_of(request.sys_ids) if named else request.query,
            sorting=NEWEST_FIRST,
            offset=0,
            limit=limit,
            paths=paths,
        )
        chosen = frozenset(request.paths or ())

        def render(container: Container, attributes: list[Attribute]) -> tuple[Container, str, list[Attribute]]:
            name = next((str(attribute.value) for attribute in attributes if attribute.path == "sys/name"), "")
            kept = [
                attribute
                for attribute in attributes
                if request.selection.wants(attribute) and (request.paths is None or attribute.path in chosen)
            ]
            return container, name, kept

        rows = self.tables.search(table, render).rows
        return _in_order(rows, request.sys_ids) if named else rows


def _query_of(sys_ids: Sequence[str]) -> str:
    return " OR ".join(f'`sys/id`:string = "{sys_id}"' for sys_id in dict.fromkeys(sys_ids))


def _in_order(
    rows: Sequence[tuple[Container, str, list[Attribute]]], sys_ids: Sequence[str]
) -> list[tuple[Container, str, list[Attribute]]]:
    by_id = {str(container.sys_id): (container, name, attributes) for container, name, attributes in rows}
    missing = [sys_id for sys_id in sys_ids if sys_id not in by_id]
    if missing:
        raise NotFoundError("run", ", ".join(missing[:10]))
    return [by_id[sys_id] for sys_id in dict.fromkeys(sys_ids)]
