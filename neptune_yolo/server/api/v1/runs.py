"""Runs of a project: search, groups, names of attributes, and what people change in a table."""

from starlette.responses import Response, StreamingResponse

from neptune_yolo.server.api.v1.cells import cell, csv_lines
from neptune_yolo.server.api.v1.operation import Asked, Operation
from neptune_yolo.server.api.v1.rendering import run_head
from neptune_yolo.server.api.v1.run_forms import (
    MAX_LIMIT,
    AttributeName,
    AttributeNames,
    ColumnChoice,
    GroupFigures,
    GroupSearch,
    NameSearch,
    RunChange,
    RunFilter,
    RunGroup,
    RunGroups,
    RunNames,
    RunPage,
    RunRow,
    RunsChanged,
    RunSearch,
    SortOrder,
)
from neptune_yolo.server.api.v1.values import Atom, ProjectPath, RunHead, RunPath
from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.nql.syntax import Aggregate
from neptune_yolo.server.nql.table import Column
from neptune_yolo.server.services.run_editing import RunChanges
from neptune_yolo.server.services.run_heads import HeadFacts
from neptune_yolo.server.services.run_tables import MAX_GROUPS, RunQuery
from neptune_yolo.server.services.trash import TrashOutcome

MAX_EXPORTED = 100_000
"""Rows of a CSV file."""


def search_runs(asked: Asked, where: ProjectPath, body: RunSearch) -> RunPage:
    """Return a page of the runs that fit a search, with the columns asked for."""
    columns = _columns(body.columns)
    types: list[str | None] = [None] * len(columns)

    def render(head: HeadFacts, attributes: dict[str, Attribute]) -> RunRow:
        found = [attributes.get(column.path) for column in columns]
        for at, attribute in enumerate(found):
            if attribute is not None and types[at] is None:
                types[at] = attribute.type.value
        cells = [cell(attribute, column.aggregate) for attribute, column in zip(found, columns, strict=True)]
        return RunRow(run=run_head(head), cells=cells)

    paths = tuple(column.path for column in columns)
    page = asked.services.run_tables.search(_query(where, body, body.sort), paths, body.offset, body.limit, render)
    return RunPage(total=page.total, types=types, rows=page.rows)


def group_runs(asked: Asked, where: ProjectPath, body: GroupSearch) -> RunGroups:
    """Return the groups of runs that share the values of some attributes, with figures of columns.

    By tags, a run belongs to the group of each tag that it has.
    """
    groups = asked.services.run_tables.group(
        _query(where, body, SortOrder()), tuple(dict.fromkeys(body.by)), _columns(body.columns)
    )
    return RunGroups(
        groups=[
            RunGroup(
                keys=list(group.keys),
                types=[None if kind is None else kind.value for kind in group.types],
                count=group.count,
                figures=[
                    GroupFigures(count=found.count, minimum=found.minimum, mean=found.mean, maximum=found.maximum)
                    for found in group.figures
                ],
            )
            for group in groups
        ],
        is_cut=len(groups) >= MAX_GROUPS,
    )


def list_attribute_names(asked: Asked, where: NameSearch) -> AttributeNames:
    """Return names of attributes that runs of a project have or had."""
    found = asked.services.run_tables.list_names(
        f"{where.workspace}/{where.project}", ContainerType(where.type), where.search, where.limit
    )
    return AttributeNames(
        names=[AttributeName(path=path, types=[kind.value for kind in kinds]) for path, kinds in found]
    )


def change_run(asked: Asked, where: RunPath, body: RunChange) -> RunHead:
    """Change name, description and tags of a run, and return it."""
    changes = RunChanges(body.name, body.description, tuple(body.add_tags), tuple(body.remove_tags))
    return run_head(asked.services.run_editing.change(f"{where.workspace}/{where.project}/{where.run}", changes))


def trash_runs(asked: Asked, where: ProjectPath, body: RunNames) -> RunsChanged:
    """Put runs into the trash; they can be restored."""
    return _changed(asked.services.trash.trash(_project(where), body.runs))


def restore_runs(asked: Asked, where: ProjectPath, body: RunNames) -> RunsChanged:
    """Take runs out of the trash."""
    return _changed(asked.services.trash.restore(_project(where), body.runs))


def delete_runs(asked: Asked, where: ProjectPath, body: RunNames) -> RunsChanged:
    """Delete runs that lie in the trash, for ever."""
    return _changed(asked.services.trash.delete(_project(where), body.runs))


def export_runs(asked: Asked, where: ProjectPath, body: RunSearch) -> Response:
    """Return the columns of all runs that fit a search as CSV, the identifier first; offset and limit do not count."""
    query, columns = _query(where, body, body.sort), _columns(body.columns)
    paths = tuple(column.path for column in columns)
    kinds: list[AttributeType | None] = [None] * len(columns)
    lines: list[list[Atom]] = []

    def render(head: HeadFacts, attributes: dict[str, Attribute]) -> None:
        found = [attributes.get(column.path) for column in columns]
        for at, attribute in enumerate(found):
            kinds[at] = kinds[at] or (None if attribute is None else attribute.type)
        cells = (cell(attribute, column.aggregate) for attribute, column in zip(found, columns, strict=True))
        lines.append([head.container.sys_id, *cells])

    for offset in range(0, MAX_EXPORTED, MAX_LIMIT):
        if asked.services.run_tables.search(query, paths, offset, MAX_LIMIT, render).total <= offset + MAX_LIMIT:
            break
    names = (
        column.path if column.aggregate is Aggregate.LAST else f"{column.path} ({column.aggregate})"
        for column in columns
    )
    return StreamingResponse(
        csv_lines(["sys/id", *names], [None, *kinds], lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="runs.csv"'},
    )


def _project(where: ProjectPath) -> str:
    return f"{where.workspace}/{where.project}"


def _columns(choices: list[ColumnChoice]) -> tuple[Column, ...]:
    return tuple(Column(choice.path, Aggregate(choice.aggregate)) for choice in choices)


def _query(where: ProjectPath, asked: RunFilter, sort: SortOrder) -> RunQuery:
    return RunQuery(
        project=_project(where),
        type=ContainerType(asked.type),
        nql=asked.nql,
        words=asked.search,
        trashed=asked.trashed,
        within=tuple((key.path, key.value) for key in asked.within),
        sort_by=Column(sort.path, Aggregate(sort.aggregate)),
        descending=sort.descending,
    )


def _changed(outcome: TrashOutcome) -> RunsChanged:
    return RunsChanged(changed=list(outcome.changed), errors=list(outcome.errors))


_RUNS = "/projects/{workspace}/{project}/runs"

RUN_OPERATIONS = (
    Operation("POST", f"{_RUNS}/search", search_runs, "runs"),
    Operation("POST", f"{_RUNS}/groups", group_runs, "runs"),
    Operation("POST", f"{_RUNS}/csv", export_runs, "runs", media_type="text/csv"),
    Operation("POST", f"{_RUNS}/trash", trash_runs, "runs"),
    Operation("POST", f"{_RUNS}/restore", restore_runs, "runs"),
    Operation("POST", f"{_RUNS}/delete", delete_runs, "runs"),
    Operation("PATCH", f"{_RUNS}/{{run}}", change_run, "runs"),
    Operation("GET", "/projects/{workspace}/{project}/attribute-names", list_attribute_names, "runs"),
)
