"""``neptune-yolo download``: files of a run on disk."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from neptune_yolo.cli.reading.common import EXIT_CODES, json_option, project_option, reading_command
from neptune_yolo.cli.reading.completion import complete_paths, complete_runs
from neptune_yolo.cli.reading.output import print_json
from neptune_yolo.cli.reading.values import size_text
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.downloads import WantedFile, plan_downloads, write_attributes


@click.command("download", epilog=EXIT_CODES)
@click.argument("run", shell_complete=complete_runs)
@click.argument("paths", nargs=-1, shell_complete=complete_paths)
@project_option
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="<folder>",
    help="Where files go. Default: a folder named after the run.",
)
@json_option
@reading_command
def download(
    api: ReadApi, run: str, paths: tuple[str, ...], project: str | None, folder: Path | None, as_json: bool
) -> None:
    """Download files of the run RUN: those that PATHS name, or all of them and the values of the run in run.json.

    PATHS are files, file sets and series of pictures, or patterns. Files have the paths of their attributes below the
    folder; nothing is written outside of it. Each is checked against the hash that the server has. Files that are there
    already are not fetched again, so that an interrupted download can be gone on with.

    \b
    neptune-yolo download YOL-12
    neptune-yolo download YOL-12 'weights/*' -o checkpoints

    JSON is an object: "folder" and "files"; each has "path", "member" (of a file set), "step" (of a picture), "file"
    and "size_bytes".
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    place = api.find_run(run, project)
    api.run(place.project, place.run)
    target = folder or Path(place.run)
    wanted = list(plan_downloads(api, place, paths, target))
    with _progress(sum(file.size_bytes for file in wanted)) as tell:
        for file in wanted:
            api.files.download(file.place, file.target, tell)
    written = [file.target for file in wanted]
    if not paths:
        written.append(write_attributes(api, place, target))
    if as_json:
        print_json({"folder": str(target), "files": [_json(file) for file in wanted]})
        return
    for path in written:
        click.echo(path)
    total = size_text(sum(file.size_bytes for file in wanted))
    click.echo(f"{len(written)} files, {total}, in {target}.", err=True)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show how far a download is, if somebody looks."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)


def _json(file: WantedFile) -> dict[str, object]:
    place = file.place
    return {
        "path": place.path,
        "member": place.member or None,
        "step": place.step,
        "file": str(file.target),
        "size_bytes": file.size_bytes,
    }
