"""``neptune-yolo show``: one run."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from neptune_yolo.cli.reading.common import EXIT_CODES, EXIT_NONE, json_option, project_option, reading_command
from neptune_yolo.cli.reading.completion import complete_paths, complete_runs
from neptune_yolo.cli.reading.output import (
    Heading,
    is_terminal,
    print_heading,
    print_json,
    print_line,
    print_plot,
    print_table,
)
from neptune_yolo.cli.reading.values import (
    duration_text,
    joined,
    moment_text,
    number_text,
    plain,
    run_json,
    size_text,
    view_json,
    view_text,
)
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.columns import is_pattern, matches
from neptune_yolo.read.forms import AttributeView, RunHead
from neptune_yolo.read.places import RunPlace

_PLOTTED = (
    "metrics/mAP50-95(B)",
    "metrics/mAP50-95(M)",
    "metrics/mAP50-95(P)",
    "metrics/accuracy_top1",
    "metrics/mIoU",
    "metrics/fitness",
    "metrics/mAP50(B)",
    "train/loss",
)
"""What says most about a training; the first one that a run has is plotted."""

_BINS = 400
_ALL = "**"
_LEFT_OUT = ("metrics/per_class/", "monitoring/")
"""Series that the summary leaves out: there are many of them."""


@click.command("show", epilog=EXIT_CODES)
@click.argument("run", shell_complete=complete_runs)
@click.argument("paths", nargs=-1, shell_complete=complete_paths)
@project_option
@click.option("-a", "--all", "is_all", is_flag=True, help="All attributes.")
@click.option(
    "--plot", metavar="<path>", shell_complete=complete_paths, help="Series to plot. Default: its main metric."
)
@json_option
@reading_command
def show(
    api: ReadApi,
    run: str,
    paths: tuple[str, ...],
    project: str | None,
    is_all: bool,
    plot: str | None,
    as_json: bool,
) -> None:
    """Show the run RUN (YOL-12 or workspace/name/YOL-12), or those of its attributes that PATHS name.

    \b
    neptune-yolo show YOL-12
    neptune-yolo show YOL-12 'Configuration/**' 'train/*'
    neptune-yolo show YOL-12 --plot train/box_loss

    JSON is an object: "run" as in `neptune-yolo runs`, and "attributes"; each has "path", "type", "value", and of
    series "series" (count, last_step, minimum, maximum, mean, variance), of files "file" (extension, size_bytes,
    sha256).
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    place = api.find_run(run, project)
    head = api.run(place.project, place.run)
    views = list(api.attributes(place.project, place.run))
    chosen = _chosen(views, (_ALL,) if is_all or (as_json and not paths) else paths)
    if as_json:
        whole = [view if view.length is None else api.attribute(place.project, place.run, view.path) for view in chosen]
        print_json({"run": run_json(head), "attributes": [view_json(view) for view in whole]})
    elif paths or is_all:
        if chosen:
            _print_attributes(chosen)
    else:
        _print_summary(api, place, head, views, plot)
    if (paths or is_all) and not chosen:
        if not as_json:
            click.echo(f"{place.run} has no such attributes.", err=True)
        raise SystemExit(EXIT_NONE)


def _chosen(views: Sequence[AttributeView], paths: Sequence[str]) -> list[AttributeView]:
    return [view for view in views if any(_fits(path, view.path) for path in paths)]


def _fits(path: str, candidate: str) -> bool:
    if is_pattern(path):
        return matches(path, candidate)
    return candidate == path or candidate.startswith(f"{path.rstrip('/')}/")


def _print_attributes(views: Sequence[AttributeView]) -> None:
    headings = [Heading("ATTRIBUTE", is_key=True), Heading("TYPE", style="dim"), Heading("VALUE")]
    print_table(headings, [(plain(view.path, in_one_line=True), view.type, view_text(view)) for view in views])


def _print_summary(
    api: ReadApi, place: RunPlace, head: RunHead, views: Sequence[AttributeView], plot: str | None
) -> None:
    known = {view.path: view for view in views}
    _print_head(head, known)
    series = [view for view in views if view.type == "floatSeries" and not view.path.startswith(_LEFT_OUT)]
    if series:
        print_line()
        _print_series(series)
    path = plot or next((path for path in _PLOTTED if path in known), None)
    if path is not None and (plot is not None or is_terminal()):
        print_line()
        plot_series(api, place, path)
    files = [view for view in views if view.path.startswith("weights/") and view.file is not None]
    if files:
        print_line()
        _print_checkpoints(files, known)
    _print_rest(place, views)


def _print_head(head: RunHead, known: dict[str, AttributeView]) -> None:
    print_heading(joined([head.sys_id, plain(head.name, in_one_line=True)]).replace(", ", "  ", 1))
    facts = [
        ("project", head.project_name),
        ("state", joined([head.state, "failed" if head.failed else "", "in the trash" if head.trashed else ""])),
        ("training", _training_text(known)),
        ("created", f"{moment_text(head.created_ms)} UTC by {plain(head.owner, in_one_line=True)}"),
        ("took", duration_text(head.running_ms / 1000)),
        ("tags", plain(", ".join(head.tags), in_one_line=True)),
        ("about", plain(head.description, in_one_line=True)),
        ("data", view_text(known["dataset/name"]) if "dataset/name" in known else ""),
    ]
    for name, text in facts:
        if text:
            print_line(f"{name:<9} {text}")


def _training_text(known: dict[str, AttributeView]) -> str:
    values = [
        known[path].value if path in known else None
        for path in ("training/status", "training/epochs_completed", "training/epochs_planned")
    ]
    status, done, planned = values
    epochs = f"{done} of {planned} epochs" if done is not None and planned is not None else ""
    return joined([plain(str(status), in_one_line=True) if status else "", epochs])


def _print_series(series: Sequence[AttributeView]) -> None:
    headings = [
        Heading("SERIES", style="cyan"),
        *(Heading(name, is_number=True) for name in ("LAST", "MIN", "MAX", "STEP", "POINTS")),
    ]
    rows = []
    for view in series:
        known = view.series
        if known is not None:
            figures = (view.value, known.minimum, known.maximum, known.last_step)
            texts = ["" if figure is None else number_text(figure) for figure in figures]
            rows.append((plain(view.path, in_one_line=True), *texts, str(known.count)))
    print_table(headings, rows)


def plot_series(api: ReadApi, place: RunPlace, path: str) -> None:
    """Print a series of numbers as a small plot, thinned to what a terminal can show.

    Args:
        api: An open connection.
        place: The run.
        path: Of the series.
    """
    found = api.series.thinned(place.project, [(place.run, path)], bins=_BINS)
    if not found or not len(found[0]):
        click.echo(f"{place.run} has no series of numbers {plain(path, in_one_line=True)!r} to plot.", err=True)
        return
    print_plot(found[0].steps, found[0].values, plain(path, in_one_line=True))


def _print_checkpoints(files: Sequence[AttributeView], known: dict[str, AttributeView]) -> None:
    rows = []
    for view in files:
        epoch: Any = known.get(f"checkpoints/{view.path.partition('/')[2]}/epoch")
        size = size_text(view.file.size_bytes) if view.file is not None else ""
        rows.append((plain(view.path, in_one_line=True), size, "" if epoch is None else str(epoch.value)))
    headings = [
        Heading("CHECKPOINT", style="cyan"),
        Heading("SIZE", is_number=True),
        Heading("EPOCH", is_number=True),
    ]
    print_table(headings, rows)


def _print_rest(place: RunPlace, views: Sequence[AttributeView]) -> None:
    counts = Counter(view.path.partition("/")[0] for view in views)
    names = ", ".join(f"{plain(name, in_one_line=True)} {count}" for name, count in sorted(counts.items()))
    print_line()
    print_line(f"{len(views)} attributes: {names}", "dim")
    example = "Configuration" if "Configuration" in counts else max(counts, key=counts.__getitem__, default="sys")
    print_line(
        f"`neptune-yolo show {place.run} '{plain(example, in_one_line=True)}/**'` shows some, --all shows all.", "dim"
    )
