"""``neptune-yolo runs``: the table of runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from neptune_yolo.cli.reading.common import (
    EXIT_CODES,
    EXIT_NONE,
    json_option,
    project_option,
    reading_command,
)
from neptune_yolo.cli.reading.completion import complete_paths
from neptune_yolo.cli.reading.missing import missing_project
from neptune_yolo.cli.reading.output import Heading, is_terminal, print_json, print_table
from neptune_yolo.cli.reading.values import (
    age_text,
    duration_text,
    moment_text,
    plain,
    run_json,
    value_json,
    value_text,
)
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.columns import column_name, expand_columns, parse_column
from neptune_yolo.read.exceptions import ThingNotFoundError
from neptune_yolo.read.forms import RunRow
from neptune_yolo.read.searches import MAX_COLUMNS, Column, RunSearch

_ALIASES = {
    "id": "sys/id",
    "name": "sys/name",
    "created": "sys/creation_time",
    "modified": "sys/modification_time",
    "running_time": "sys/running_time",
    "owner": "sys/owner",
    "state": "sys/state",
    "size": "sys/size",
}
_STATUS = ("training/status", "training/epochs_completed", "training/epochs_planned")
_USUAL = (
    "metrics/mAP50(B)",
    "metrics/mAP50-95(B)",
    "metrics/mAP50-95(M)",
    "metrics/mAP50-95(P)",
    "metrics/accuracy_top1",
    "metrics/mIoU",
    "metrics/delta1",
)
_USUAL_COUNT = 2


@dataclass(frozen=True)
class _Page:
    """Rows to be shown.

    Attributes:
        project: ``workspace/name``.
        total: Number of all that fit.
        columns: Those asked for.
        types: Their types, as far as the rows tell.
        rows: With the values of these columns, and of those that tell how far a training is.
    """

    project: str
    total: int
    columns: list[Column]
    types: list[str | None]
    rows: list[RunRow]


def _split(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> list[str]:
    """Return what was given once or more, with commas or without."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


@click.command("runs", epilog=EXIT_CODES)
@click.argument("nql", required=False, default="")
@project_option
@click.option("-s", "--search", "words", default="", metavar="<words>", help="Words in id, name, tags or description.")
@click.option(
    "-c",
    "--columns",
    multiple=True,
    callback=_split,
    metavar="<paths>",
    shell_complete=complete_paths,
    help="Further columns, by commas: paths, patterns such as 'metrics/*', figures such as 'max(metrics/mAP50(B))'.",
)
@click.option(
    "--sort",
    default="created",
    metavar="<column>",
    shell_complete=complete_paths,
    help="id, name, created, modified, running_time, owner, state, size, or a column. Default: created.",
)
@click.option("--ascending", is_flag=True, help="The lowest first; without it, the highest.")
@click.option("-n", "--limit", type=click.IntRange(min=0), default=50, help="Rows at most; 0 for all. Default: 50.")
@click.option("--trashed", is_flag=True, help="Those in the trash.")
@click.option(
    "--kind", type=click.Choice(["run", "model", "modelVersion"]), default="run", help="What is listed. Default: run."
)
@json_option
@reading_command
def runs(api: ReadApi, as_json: bool, limit: int, columns: list[str], project: str | None, **options: Any) -> None:
    """List runs, the newest first: all, or those that the query NQL finds.

    \b
    neptune-yolo runs
    neptune-yolo runs '(sys/tags:stringSet CONTAINS "night")' --sort 'max(metrics/mAP50(B))'
    neptune-yolo runs -c 'metrics/*,Configuration/Hyperparameters/lr0' -n 0 --json

    JSON is an object: "project", "total" (number of all that fit) and "runs"; each run has "id", "name", "tags",
    "owner", "state", "failed", "created", "modified" (ISO 8601, UTC), "running_seconds"..., and "values" by column.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    name = api.find_project(project)
    search = RunSearch(
        options["nql"],
        options["words"],
        options["kind"],
        options["trashed"],
        sort=_sort(options["sort"]),
        descending=not options["ascending"],
    )
    try:
        wanted = expand_columns(api, name, columns, search.kind) if columns else _usual(api, name)
        page = _read(api, name, search, wanted[: MAX_COLUMNS - len(_STATUS)], limit)
    except ThingNotFoundError as error:
        raise missing_project(api, name, is_named=project is not None) from error
    if as_json:
        print_json(_json(page))
    elif page.rows:
        _print(page)
    if len(page.rows) < page.total:
        click.echo(f"{len(page.rows)} of {page.total} shown; --limit 0 shows all.", err=True)
    if not page.rows:
        if not as_json:
            click.echo(f"No runs of {name} fit.", err=True)
        raise SystemExit(EXIT_NONE)


def _sort(text: str) -> Column:
    return Column(_ALIASES[text]) if text in _ALIASES else parse_column(text)


def _usual(api: ReadApi, project: str) -> list[Column]:
    """Return the figures that say most, of those that the project has."""
    known = {name.path for name in api.attribute_names(project, "metrics/")}
    return [Column(path, "max") for path in _USUAL if path in known][:_USUAL_COUNT]


def _read(api: ReadApi, project: str, search: RunSearch, columns: list[Column], limit: int) -> _Page:
    asked = search.with_columns([*columns, *(Column(path) for path in _STATUS)])
    types: list[str | None] = [None] * len(columns)
    rows: list[RunRow] = []
    for found, row in api.search_typed_runs(project, asked, limit or None):
        types = [known or new for known, new in zip(types, found, strict=False)]
        rows.append(row)
    is_whole = limit == 0 or len(rows) < limit
    total = len(rows) if is_whole else api.search_page(project, search, limit=1).total
    return _Page(project, total, columns, types, rows)


def state_text(row: RunRow) -> str:
    """Return how a run is: running with its epochs, or how it ended.

    Args:
        row: Its last cells are status, completed and planned epochs of the training.
    """
    status, done, planned = row.cells[-len(_STATUS) :]
    if status and status != "running":
        return str(status)
    if row.run.state == "running":
        return f"running {done}/{planned}" if done is not None and planned is not None else "running"
    return "failed" if row.run.failed else "idle"


def _print(page: _Page) -> None:
    headings = [
        Heading("ID", is_key=True, style="cyan"),
        Heading("NAME"),
        Heading("STATE", is_key=True),
        Heading("CREATED (UTC)", is_key=True, short="CREATED"),
        Heading("TOOK", is_number=True, style="dim"),
        Heading("TAGS"),
        *(_heading(column, kind) for column, kind in zip(page.columns, page.types, strict=True)),
    ]
    if not any(row.run.tags for row in page.rows):
        headings = [heading for heading in headings if heading.text != "TAGS"]
    print_table(headings, [_cells(page, row, has_tags="TAGS" in [one.text for one in headings]) for row in page.rows])


def _heading(column: Column, kind: str | None) -> Heading:
    short = column.path.rpartition("/")[2]
    is_number = kind in ("float", "int", "floatSeries")
    figure = "" if column.figure == "last" else f"{column.figure} "
    return Heading(column_name(column), is_number=is_number, short=f"{figure}{short}")


def _cells(page: _Page, row: RunRow, *, has_tags: bool) -> list[str]:
    run = row.run
    return [
        run.sys_id,
        plain(run.name, in_one_line=True),
        plain(state_text(row), in_one_line=True),
        age_text(run.created_ms) if is_terminal() else moment_text(run.created_ms),
        duration_text(run.running_ms / 1000),
        *([plain(", ".join(run.tags), in_one_line=True)] if has_tags else []),
        *(value_text(value, kind) for value, kind in zip(row.cells, page.types, strict=False)),
    ]


def _json(page: _Page) -> dict[str, Any]:
    names = [column_name(column) for column in page.columns]
    return {
        "project": page.project,
        "total": page.total,
        "runs": [
            {
                **run_json(row.run),
                "values": {
                    name: value_json(value, kind)
                    for name, value, kind in zip(names, row.cells, page.types, strict=False)
                },
            }
            for row in page.rows
        ],
    }
