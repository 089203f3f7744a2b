"""``neptune-yolo sync``, ``status`` and ``clear``: the client's own commands for its queue folders.

The client's script ``neptune`` needs an old setuptools to start; its commands don't. They are called here with the
same options, and with the embedded server where no API token is set.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from neptune_yolo.cli.client_commands import run_client_command
from neptune_yolo.cli.queue_folders import QUEUE_FOLDER, find_queue_folder, refuse_live_queues

Decorated = Callable[..., Any]


def _queue_options(function: Decorated) -> Decorated:
    path = click.option(
        "--path",
        type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
        metavar="<location>",
        help=f"Folder that contains a {QUEUE_FOLDER!r} folder. Default: NEPTUNE_DATA_DIRECTORY, else the present one.",
    )
    running = click.option(
        "--even-if-running",
        is_flag=True,
        help="Go ahead although a process is still writing; what it writes from then on may be lost.",
    )
    return path(running(function))


@click.command()
@_queue_options
@click.option(
    "--object",
    "object_names",
    multiple=True,
    metavar="<object-name>",
    help="Run to send: workspace/project/short-id, or offline/<UUID>. May be repeated.",
)
@click.option(
    "-p",
    "--project",
    "project_name",
    metavar="project-name",
    help="Project (workspace/project) where offline runs are sent. Default: NEPTUNE_PROJECT, else local/yolo on the "
    "embedded server.",
)
@click.option("--offline-only", is_flag=True, help="Send offline runs only.")
def sync(
    path: Path | None,
    object_names: tuple[str, ...],
    project_name: str | None,
    offline_only: bool,
    even_if_running: bool,
) -> None:
    """Send what runs have left in a .neptune folder: after a lost connection, or from offline mode.

    \b
    neptune-yolo sync                                  everything in the present folder
    neptune-yolo sync --path runs/a                    everything in runs/a/.neptune
    neptune-yolo sync --project local/traffic          offline runs go to that project
    neptune-yolo sync --object local/yolo/YOL-42       one run only
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    if offline_only and object_names:
        raise click.UsageError("Expected --object or --offline-only, got both. Leave one of them out.")
    folder = find_queue_folder(path)
    if not even_if_running:
        refuse_live_queues(folder)
    run_client_command(
        "sync",
        path=folder,
        object_names=list(object_names),
        project_name=project_name,
        offline_only=offline_only,
    )


@click.command()
@_queue_options
def status(path: Path | None, even_if_running: bool) -> None:
    """List the runs of a .neptune folder that are not, or not completely, on the server."""
    folder = find_queue_folder(path)
    if not even_if_running:
        refuse_live_queues(folder)
    run_client_command("status", path=folder)


@click.command()
@_queue_options
def clear(path: Path | None, even_if_running: bool) -> None:
    """Remove what has been sent, or belongs to deleted runs, from a .neptune folder; asks before removing more."""
    folder = find_queue_folder(path)
    if not even_if_running:
        refuse_live_queues(folder)
    run_client_command("clear", path=folder)
