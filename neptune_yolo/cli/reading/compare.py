"""``neptune-yolo compare``: in what runs differ."""

from typing import Any

import click

from neptune_yolo.cli.reading.common import EXIT_NONE, json_option, project_option, reading_command
from neptune_yolo.cli.reading.completion import complete_runs
from neptune_yolo.cli.reading.output import Heading, print_heading, print_json, print_line, print_table
from neptune_yolo.cli.reading.values import file_json, plain, series_json, value_json, value_text
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.columns import matches
from neptune_yolo.read.exceptions import RequestRefusedError
from neptune_yolo.read.forms import ComparedAttribute, ComparedCell, Comparison

_AT_LEAST = 2
_ALWAYS_DIFFERENT = ("sys/", "monitoring/", "training/started_at", "training/ended_at", "training/save_dir")
"""They differ between any two runs, so that they say nothing."""

_DETAILS = ("checkpoints/", "predictions/", "best/", "last/", "final/", "speed/", "epoch/", "metrics/per_class/")
"""They follow from the rest, or are many: they are counted only."""

_DETAIL_TYPES = frozenset({"file", "fileSet", "imageSeries", "stringSeries"})
_DETAIL_PART = "/instances_per_class/"

_EXIT_CODES = """
\b
Exit codes, as those of diff: 0 the runs are the same, 1 they differ,
2 wrong use or something went wrong, 3 a run does not exist.
"""


@click.command("compare", epilog=_EXIT_CODES)
@click.argument("runs", nargs=-1, required=True, shell_complete=complete_runs)
@project_option
@click.option("-a", "--all", "is_all", is_flag=True, help="Also what is the same, and what differs between any two.")
@click.option("-f", "--filter", "pattern", metavar="<pattern>", help="Only paths such as 'Configuration/**'.")
@click.option("--metrics/--no-metrics", default=True, help="Whether metrics are shown. Default: they are.")
@json_option
@reading_command
def compare(
    api: ReadApi,
    runs: tuple[str, ...],
    project: str | None,
    is_all: bool,
    pattern: str | None,
    metrics: bool,
    as_json: bool,
) -> None:
    """Show in what the runs RUNS (two or more, of one project) differ, and how good they are.

    \b
    neptune-yolo compare YOL-11 YOL-12
    neptune-yolo compare YOL-11 YOL-12 YOL-13 -f 'Configuration/**'

    JSON is an object: "runs" (their ids) and "attributes"; each has "path", "type", "differs" and "values", one for
    each run: an object with "value", and of series "series", of files "file"; null where a run lacks it.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    names, name = _names(api, runs, project)
    found = api.compare(name, names)
    rows = [row for row in found.rows if _is_wanted(row, pattern, is_all=is_all)]
    if not metrics:
        rows = [row for row in rows if row.type != "floatSeries"]
    differs = any(row.differs for row in rows)
    rows = [row for row in rows if is_all or row.differs]
    if as_json:
        print_json({"runs": names, "attributes": [_json(row) for row in rows]})
    else:
        shown = [row for row in rows if is_all or pattern is not None or not _is_detail(row)]
        _print(found, shown)
        if len(shown) < len(rows):
            print_line()
            print_line(f"{len(rows) - len(shown)} further ones differ, such as files: --filter '**' shows them.", "dim")
        if not differs:
            print_line("They are the same.")
    if differs:
        raise SystemExit(EXIT_NONE)


def _is_detail(row: ComparedAttribute) -> bool:
    return row.type in _DETAIL_TYPES or row.path.startswith(_DETAILS) or _DETAIL_PART in row.path


def _names(api: ReadApi, runs: tuple[str, ...], project: str | None) -> tuple[list[str], str]:
    places = [api.find_run(run, project) for run in runs]
    if len({place.run for place in places}) < max(_AT_LEAST, len(places)):
        raise click.UsageError("Expected two or more different runs, got fewer.")
    if len({place.project for place in places}) > 1:
        raise RequestRefusedError("Expected runs of one project, got several projects. Compare those of one at a time.")
    for place in places:
        api.run(place.project, place.run)
    return [place.run for place in places], places[0].project


def _is_wanted(row: ComparedAttribute, pattern: str | None, *, is_all: bool) -> bool:
    if pattern is not None:
        return matches(pattern, row.path)
    return is_all or not row.path.startswith(_ALWAYS_DIFFERENT)


def _print(found: Comparison, rows: list[ComparedAttribute]) -> None:
    metrics = [row for row in rows if row.type == "floatSeries"]
    others = [row for row in rows if row.type not in ("floatSeries", "stringSeries")]
    names = [f"{run.sys_id} {plain(run.name, in_one_line=True)}".strip() for run in found.runs]
    if others:
        print_heading("Attributes")
        headings = [Heading("ATTRIBUTE", is_key=True, style="cyan"), *(Heading(name) for name in names)]
        print_table(headings, [(plain(row.path, in_one_line=True), *_texts(row)) for row in others])
    if others and metrics:
        print_line()
    if metrics:
        print_heading("Series: last values")
        headings = [Heading("SERIES", is_key=True, style="cyan"), *(Heading(name, is_number=True) for name in names)]
        if len(names) == _AT_LEAST:
            headings.append(Heading("DIFFERENCE", is_number=True))
        print_table(headings, [(plain(row.path, in_one_line=True), *_figures(row)) for row in metrics])


def _texts(row: ComparedAttribute) -> list[str]:
    return ["-" if cell is None else _text(row, cell) for cell in row.cells]


def _text(row: ComparedAttribute, cell: ComparedCell) -> str:
    text = value_text(cell.value, cell.type or row.type, cell.file)
    if cell.file is not None and cell.file.sha256:
        return f"{text}, {cell.file.sha256[:8]}"
    if cell.series is not None and cell.value is None:
        return f"{cell.series.count} points"
    return text


def _figures(row: ComparedAttribute) -> list[str]:
    texts = ["-" if cell is None else value_text(cell.value) for cell in row.cells]
    if len(row.cells) == _AT_LEAST:
        texts.append(_difference(row))
    return texts


def _difference(row: ComparedAttribute) -> str:
    first, second = (None if cell is None else cell.value for cell in row.cells)
    if not isinstance(first, int | float) or not isinstance(second, int | float):
        return ""
    return f"{second - first:+.4g}"


def _json(row: ComparedAttribute) -> dict[str, Any]:
    return {
        "path": row.path,
        "type": row.type,
        "differs": row.differs,
        "values": [None if cell is None else _cell_json(row, cell) for cell in row.cells],
    }


def _cell_json(row: ComparedAttribute, cell: ComparedCell) -> dict[str, Any]:
    found: dict[str, Any] = {"value": value_json(cell.value, cell.type or row.type)}
    if cell.type is not None:
        found["type"] = cell.type
    if cell.series is not None:
        found["series"] = series_json(cell.series)
    if cell.file is not None:
        found["file"] = file_json(cell.file)
    return found
