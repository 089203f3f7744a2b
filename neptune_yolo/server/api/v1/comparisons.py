"""Attributes of several runs side by side."""

from typing import Annotated, Any

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.rendering import attribute_view
from neptune_yolo.server.api.v1.values import FileSummary, Path, ProjectPath, SeriesSummary, Text
from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.comparison import ComparedRow, Selection
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.services.comparisons import MAX_CHOSEN_RUNS, MAX_RUNS, ComparisonRequest

SysIdText = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,160}$")]
Prefixes = Annotated[tuple[Text, ...], msgspec.Meta(max_length=100)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=MAX_CHOSEN_RUNS)]


class CompareQuery(Record, frozen=True, kw_only=True):
    """What is to be compared.

    ``runs`` names runs, models or versions; without them, the newest ``limit`` runs that ``query`` (NQL) finds are
    compared. Of at most 100 all attributes can be read, of at most 2000 those of exact ``paths``. Attributes
    are further chosen by ``prefixes`` of their paths, by ``search`` (a part of the path, in any case), and by
    ``types``. ``only_different`` leaves out those in which all agree.
    """

    runs: Annotated[tuple[SysIdText, ...], msgspec.Meta(max_length=MAX_CHOSEN_RUNS)] = ()
    query: Text = ""
    limit: Limit = MAX_RUNS
    paths: Annotated[tuple[Path, ...], msgspec.Meta(max_length=100)] | None = None
    prefixes: Prefixes = ()
    search: Text = ""
    types: Annotated[tuple[AttributeType, ...], msgspec.Meta(max_length=20)] = ()
    only_different: bool = False


class ComparedRun(Record, frozen=True, kw_only=True):
    """A run (or model, or version) that is compared."""

    sys_id: str
    name: str
    type: str
    owner: str
    created_ms: int
    trashed: bool


class ComparedCell(Record, frozen=True, kw_only=True, omit_defaults=True):
    """An attribute of one run, see ``AttributeView``; ``type`` is given where it is not that of the row."""

    value: Any = None
    type: str | None = None
    length: int | None = None
    series: SeriesSummary | None = None
    file: FileSummary | None = None


class ComparedAttribute(Record, frozen=True, kw_only=True):
    """An attribute in each of the runs, in their order; null where a run lacks it."""

    path: str
    type: str
    differs: bool
    cells: list[ComparedCell | None]


class ComparisonView(Record, frozen=True, kw_only=True):
    """Attributes side by side, by path; ``total`` is the number of all rows, of which the first ones are given."""

    runs: list[ComparedRun]
    total: int
    rows: list[ComparedAttribute]


def compare_runs(asked: Asked, where: ProjectPath, body: CompareQuery) -> ComparisonView:
    """Return attributes of several runs side by side."""
    selection = Selection(prefixes=body.prefixes, part=body.search, types=frozenset(body.types))
    found = asked.services.comparisons.compare(
        ComparisonRequest(
            project=f"{where.workspace}/{where.project}",
            sys_ids=body.runs,
            query=body.query,
            limit=body.limit,
            paths=body.paths,
            selection=selection,
            only_different=body.only_different,
        )
    )
    return ComparisonView(
        runs=[_run(container, name) for container, name in found.runs],
        total=found.total,
        rows=[_row(row) for row in found.rows],
    )


def _run(container: Container, name: str) -> ComparedRun:
    return ComparedRun(
        sys_id=container.sys_id,
        name=name,
        type=container.type.value,
        owner=container.owner,
        created_ms=container.created_ms,
        trashed=container.trashed,
    )


def _row(row: ComparedRow) -> ComparedAttribute:
    kind = next(cell.type for cell in row.cells if cell is not None)
    cells = [None if cell is None else _cell(cell, kind) for cell in row.cells]
    return ComparedAttribute(path=row.path, type=kind.value, differs=row.differs, cells=cells)


def _cell(attribute: Attribute, kind: AttributeType) -> ComparedCell:
    view = attribute_view(attribute)
    return ComparedCell(
        value=view.value,
        type=None if attribute.type is kind else view.type,
        length=view.length,
        series=view.series,
        file=view.file,
    )


COMPARISON_OPERATIONS = (Operation("POST", "/projects/{workspace}/{project}/compare", compare_runs, "comparisons"),)
