"""``neptune-yolo get``: values, series and files of a run."""

import sys
from typing import Any

import click

from neptune_yolo.cli.reading.common import EXIT_CODES, json_option, project_option, reading_command
from neptune_yolo.cli.reading.completion import complete_paths, complete_runs
from neptune_yolo.cli.reading.output import is_terminal, print_json, print_line
from neptune_yolo.cli.reading.show import plot_series
from neptune_yolo.cli.reading.values import moment_json, number_text, plain, size_text, value_text, view_json
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.columns import is_pattern, matches
from neptune_yolo.read.exceptions import RequestRefusedError, ThingNotFoundError
from neptune_yolo.read.file_reader import FilePlace
from neptune_yolo.read.forms import AttributeView
from neptune_yolo.read.places import RunPlace


@click.command("get", epilog=EXIT_CODES)
@click.argument("run", shell_complete=complete_runs)
@click.argument("paths", nargs=-1, required=True, shell_complete=complete_paths)
@project_option
@click.option("--points", "is_points", is_flag=True, help="All points of a series of numbers, also in a terminal.")
@click.option("--bytes", "is_bytes", is_flag=True, help="The bytes of one file, or of one MEMBER of a file set.")
@click.option("--member", default="", metavar="<path>", help="With --bytes: path within a file set.")
@json_option
@reading_command
def get(
    api: ReadApi,
    run: str,
    paths: tuple[str, ...],
    project: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Print what the attributes PATHS of the run RUN hold: values, texts, and series.

    A series of numbers is a small plot in a terminal; in a pipe, and with --points, it is a line "step, moment, value"
    for each point, with tabs between. A series of texts is printed as it is.

    \b
    neptune-yolo get YOL-12 Configuration/Hyperparameters/lr0
    neptune-yolo get YOL-12 'metrics/mAP50(B)'
    neptune-yolo get YOL-12 train/box_loss > box_loss.tsv
    neptune-yolo get YOL-12 training/results --bytes > results.csv

    JSON is a list of attributes as in `neptune-yolo show`, series with "points": lists of step, moment and value.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    place = api.find_run(run, project)
    if options["is_bytes"]:
        if len(paths) > 1 or is_pattern(paths[0]):
            raise click.UsageError("Expected one path with --bytes, got more. Use `neptune-yolo download` for several.")
        _write_bytes(api, FilePlace(place.project, place.run, paths[0], options["member"]))
        return
    views = _views(api, place, paths)
    if as_json:
        print_json([{**view_json(view), **_points_json(api, place, view)} for view in views])
        return
    for view in views:
        if len(views) > 1 and view.type not in ("floatSeries", "stringSeries"):
            print_line(f"{plain(view.path, in_one_line=True)}\t{_text(view)}")
        else:
            _print(api, place, view, is_points=options["is_points"] or not is_terminal(), has_name=len(views) > 1)


def _views(api: ReadApi, place: RunPlace, paths: tuple[str, ...]) -> list[AttributeView]:
    known: list[AttributeView] | None = None
    found: dict[str, AttributeView] = {}
    for path in paths:
        if not is_pattern(path):
            found[path] = api.attribute(place.project, place.run, path)
            continue
        if known is None:
            known = list(api.attributes(place.project, place.run))
        fitting = [view for view in known if matches(path, view.path)]
        if not fitting:
            raise ThingNotFoundError(f"Expected attributes of {place.run} that fit {path!r}, but it has none.")
        for view in fitting:
            whole = view if view.length is None else api.attribute(place.project, place.run, view.path)
            found[view.path] = whole
    return list(found.values())


def _print(api: ReadApi, place: RunPlace, view: AttributeView, *, is_points: bool, has_name: bool) -> None:
    if view.type == "stringSeries":
        _print_texts(api, place, view.path)
    elif view.type == "floatSeries" and is_points:
        _print_points(api, place, view.path, has_name=has_name)
    elif view.type == "floatSeries":
        _print_numbers(api, place, view)
    elif view.type == "imageSeries":
        for point in api.series.pictures(place.project, place.run, view.path):
            print_line(f"{number_text(point.step)}\t{point.media_type}\t{size_text(point.size_bytes)}")
    elif view.type == "fileSet":
        for member in api.files.members(place.project, place.run, view.path):
            print_line(f"{plain(member.path, in_one_line=True)}\t{size_text(member.size_bytes)}")
    elif isinstance(view.value, str):
        print_line(plain(view.value))
    else:
        print_line(_text(view))


def _text(view: AttributeView) -> str:
    if view.type == "datetime" and isinstance(view.value, int):
        return moment_json(view.value) or ""
    return value_text(view.value, view.type, view.file)


def _print_texts(api: ReadApi, place: RunPlace, path: str) -> None:
    from neptune_yolo.cli.reading.lines import Lines

    lines = Lines()
    for point in api.series.texts(place.project, place.run, path):
        for line in lines.feed(point.value):
            click.echo(line)
    if lines.pending:
        click.echo(lines.pending)


def _print_points(api: ReadApi, place: RunPlace, path: str, *, has_name: bool) -> None:
    name = f"{plain(path, in_one_line=True)}\t" if has_name else ""
    for piece in api.series.raw(place.project, [(place.run, path)]):
        points = zip(piece.steps.tolist(), piece.times_ms.tolist(), piece.values.tolist(), strict=True)
        text = "\n".join(f"{name}{_step(step)}\t{moment_json(moment)}\t{value!r}" for step, moment, value in points)
        click.echo(text)


def _print_numbers(api: ReadApi, place: RunPlace, view: AttributeView) -> None:
    plot_series(api, place, view.path)
    known = view.series
    if known is not None:
        names = ("minimum", "maximum", "mean")
        figures = [f"{name} {number_text(getattr(known, name))}" for name in names if getattr(known, name) is not None]
        print_line(f"last {value_text(view.value)}, {', '.join(figures)}, {known.count} points", "dim")


def _step(step: float) -> str:
    return str(int(step)) if step.is_integer() else repr(step)


def _points_json(api: ReadApi, place: RunPlace, view: AttributeView) -> dict[str, Any]:
    if view.type == "floatSeries":
        points = [
            [step, moment_json(moment), value]
            for piece in api.series.raw(place.project, [(place.run, view.path)])
            for step, moment, value in zip(
                piece.steps.tolist(), piece.times_ms.tolist(), piece.values.tolist(), strict=True
            )
        ]
        return {"points": points}
    if view.type == "stringSeries":
        texts = api.series.texts(place.project, place.run, view.path)
        return {"points": [[point.step, moment_json(point.logged_ms), point.value] for point in texts]}
    return {}


def _write_bytes(api: ReadApi, place: FilePlace) -> None:
    if is_terminal():
        raise RequestRefusedError(
            "Expected the bytes of a file to go into a file or a pipe, but this is a terminal. "
            "Write `> file` behind the command, or use `neptune-yolo download`."
        )
    for chunk in api.files.stream(place):
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
