"""The folders in which the client keeps what isn't sent yet."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from neptune_yolo import envs
from neptune_yolo.tracking.queue_folder import all_queues, writer

QUEUE_FOLDER = ".neptune"


def find_queue_folder(given: Path | None) -> Path:
    """Return the queue folder that a command is about.

    Args:
        given: A folder that contains ``.neptune``, or is one; None for NEPTUNE_DATA_DIRECTORY, else the present folder.
    """
    if given is None and (named := os.environ.get(envs.NEPTUNE_DATA_DIRECTORY)):
        folder = Path(named).absolute()
        if folder.is_dir():
            return folder
        raise click.ClickException(
            f"Expected the folder {folder}, which {envs.NEPTUNE_DATA_DIRECTORY} names, but it doesn't exist: no run "
            "has left anything there. Name another folder by --path."
        )
    start = given or Path.cwd()
    for folder in (start / QUEUE_FOLDER, start):
        if folder.is_dir() and (folder.name == QUEUE_FOLDER or _looks_like_queues(folder)):
            return folder
    raise click.ClickException(
        f"Expected a {QUEUE_FOLDER!r} folder in {start}, but there is none. Name the folder in which the training was "
        "started by --path."
    )


def refuse_live_queues(folder: Path, queues: Iterable[Path] | None = None) -> None:
    """Stop a command that would take a queue away from the process that is writing it.

    The client's commands, even the listing, close a queue that is empty at the moment by deleting its files.

    Args:
        folder: Folder of the queues.
        queues: The queues that the command is about. None: all in the folder.
    """
    concerned = all_queues(folder) if queues is None else queues
    live = [(queue, pid) for queue in concerned if (pid := writer(queue)) is not None]
    if live:
        listed = "\n".join(f"  {queue} (process {pid})" for queue, pid in live)
        raise click.ClickException(
            f"Expected queues that nobody writes any more, but these belong to processes that still run:\n{listed}\n"
            "Wait until they end, or end them. A training sends its run by itself as long as it runs."
        )


def _looks_like_queues(folder: Path) -> bool:
    return any((folder / kind).is_dir() for kind in ("async", "offline", "sync"))
