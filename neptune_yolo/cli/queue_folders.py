"""The folders in which the client keeps what isn't sent yet."""

import os
from collections.abc import Iterator
from pathlib import Path

import click
import psutil

from neptune_yolo import envs

QUEUE_FOLDER = ".neptune"

_METADATA = "metadata.json"
_PARTS_WITH_PROCESS = 4
_CLOCK_TOLERANCE_SECONDS = 2.0


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


def refuse_live_queues(folder: Path) -> None:
    """Stop a command that would take a queue away from the process that is writing it.

    The client's commands, even the listing, close a queue that is empty at the moment by deleting its files.
    """
    live = list(_live_queues(folder))
    if live:
        listed = "\n".join(f"  {queue} (process {pid})" for queue, pid in live)
        raise click.ClickException(
            f"Expected queues that nobody writes any more, but these belong to processes that still run:\n{listed}\n"
            "Wait until they end, or end them. A training sends its run by itself as long as it runs."
        )


def _live_queues(folder: Path) -> Iterator[tuple[Path, int]]:
    for kind in ("async", "offline"):
        parent = folder / kind
        for queue in sorted(parent.iterdir()) if parent.is_dir() else ():
            parts = queue.name.split("__")
            if len(parts) >= _PARTS_WITH_PROCESS and parts[2].isdecimal() and _is_writer(int(parts[2]), queue):
                yield queue, int(parts[2])


def _is_writer(pid: int, queue: Path) -> bool:
    """Return whether the process of this id was there before the queue, so that it isn't a later one of the same id."""
    metadata = queue / _METADATA
    try:
        made_at = (metadata if metadata.exists() else queue).stat().st_mtime
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.create_time() <= made_at + _CLOCK_TOLERANCE_SECONDS
    except (psutil.Error, OSError):
        return False


def _looks_like_queues(folder: Path) -> bool:
    return any((folder / kind).is_dir() for kind in ("async", "offline", "sync"))
