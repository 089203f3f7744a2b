"""Snapshots: copies of checkpoints that wait for their upload, in a folder beside the client's queues.

Each process has a folder of its own, ``<data directory>/snapshots/<process id>-<random>``. What a process that was
killed has left there is removed by the next one, unless an operation that waits in a queue still refers to it.
"""

import json
import mmap
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from neptune_yolo.tracking.queue_folder import ASYNC, OFFLINE, all_queues, is_running, leftover
from neptune_yolo.tracking.queue_sync import ORDERED

_FOLDER = "snapshots"
_QUEUES = (ASYNC, OFFLINE, f"{ORDERED}/{ASYNC}")


class SnapshotFolder:
    """The snapshots of one training. The folder is made with the first of them.

    Args:
        root: Data directory of the client.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder: Path | None = None
        self._taken = 0

    def take(self, file: Path, name: str) -> Path:
        """Copy a file and return the copy.

        Args:
            file: A file that nobody writes at the moment.
            name: What the copy is called, to be recognised; a number is added.

        Raises:
            OSError: If it cannot be read, or there is no room for the copy.
        """
        if self._folder is None:
            parent = self._root / _FOLDER
            parent.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent))
        self._taken += 1
        target = self._folder / f"{name}-{self._taken}{file.suffix}"
        part = target.with_suffix(".part")
        try:
            shutil.copyfile(file, part)
            part.replace(target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return target

    def remove_unneeded(self) -> list[Path]:
        """Remove the snapshots that no queue refers to, and the folder if it is empty then; return the others."""
        return _remove_unneeded(self._folder, _busy_queues(self._root)) if self._folder else []


def remove_leftovers(root: Path) -> None:
    """Remove the snapshots of processes that no longer run, but for those that a queue still refers to.

    Args:
        root: Data directory of the client.
    """
    parent = root / _FOLDER
    folders = [folder for folder in parent.iterdir() if _is_left(folder)] if parent.is_dir() else []
    if folders:
        queues = _busy_queues(root)
        for folder in folders:
            _remove_unneeded(folder, queues)


def _remove_unneeded(folder: Path, queues: Iterable[Path]) -> list[Path]:
    """Remove the files of a folder that no queue refers to; return the others."""
    files = list(folder.iterdir()) if folder.is_dir() else []
    needed = [file for file in files if any(_mentions(queue, file) for queue in queues)]
    for file in set(files) - set(needed):
        file.unlink(missing_ok=True)
    if not needed and folder.is_dir():
        folder.rmdir()
    return needed


def _is_left(folder: Path) -> bool:
    """Return whether a folder belongs to a process that no longer runs."""
    pid = folder.name.partition("-")[0]
    return folder.is_dir() and pid.isdecimal() and not is_running(int(pid), folder.stat().st_mtime)


def _busy_queues(root: Path) -> list[Path]:
    return [queue for queue in all_queues(root, _QUEUES) if leftover(queue).operations]


def _mentions(queue: Path, file: Path) -> bool:
    """Return whether the path of a file stands in the operations of a queue, as JSON text."""
    text = json.dumps(str(file))[1:-1].encode()
    return any(_contains(log, text) for log in queue.glob("data-*.log"))


def _contains(log: Path, text: bytes) -> bool:
    if not log.stat().st_size:
        return False
    with log.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(text) >= 0
