"""The client's queue on disk: what is not yet sent, where it lies, and who writes it.

The layout is the client's: ``<data directory>/<mode>/run__<id>__<process id>__<random>/`` with the files
``last_put_version`` and ``last_ack_version``, which hold the number of the last operation put and acknowledged. In the
folder of an offline run there may also be our note of the run that it belongs to (`neptune_yolo.tracking.resume`).
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from neptune_yolo import envs

ASYNC = "async"
OFFLINE = "offline"

_METADATA = "metadata.json"
_PARTS_WITH_PROCESS = 4
_CLOCK_TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True)
class Leftover:
    """What a run left unsent when it was closed.

    Args:
        operations: Number of operations that no server has acknowledged.
        folder: Queue that holds them; None if nothing is left, or the run has no queue.
    """

    operations: int = 0
    folder: Path | None = None


def data_directory() -> Path:
    """Return the folder that holds the queues of all runs."""
    return Path(os.environ.get(envs.NEPTUNE_DATA_DIRECTORY) or ".neptune").absolute()


def queue_folders() -> frozenset[Path]:
    """Return the queues that runs of this process have on disk at the moment."""
    return frozenset(data_directory().glob(f"*/run__*__{os.getpid()}__*"))


def all_queues(root: Path, kinds: Iterable[str] = (ASYNC, OFFLINE)) -> list[Path]:
    """Return the queues of a data directory, the oldest first.

    Args:
        root: Data directory.
        kinds: Names of the folders to look into.
    """
    found = [queue for kind in kinds if (root / kind).is_dir() for queue in (root / kind).iterdir() if queue.is_dir()]
    return sorted(found, key=made_at)


def leftover(folder: Path | None) -> Leftover:
    """Return what lies unsent in a queue.

    Args:
        folder: Queue of one run, which is gone if everything was sent; None for a run without one.
    """
    if folder is None:
        return Leftover()
    put = _number(folder / "last_put_version")
    acknowledged = _number(folder / "last_ack_version")
    return Leftover(put - acknowledged, folder) if put > acknowledged else Leftover()


def container_id(queue: Path) -> str | None:
    """Return the internal id of the run that a queue belongs to, which only online runs have; None if it has none."""
    parts = queue.name.split("__")
    return parts[1] if len(parts) >= _PARTS_WITH_PROCESS else None


def renamed_for(queue: Path, container: str) -> str:
    """Return the name that a queue would have if it belonged to another run.

    Args:
        queue: A queue.
        container: Internal id of that run.
    """
    parts = queue.name.split("__")
    rest = parts[2:] if len(parts) >= _PARTS_WITH_PROCESS else [str(os.getpid()), parts[-1]]
    return "__".join(["run", container, *rest])


def made_at(queue: Path) -> float:
    """Return when a queue was begun, in seconds since 1970; 0 if it is gone."""
    metadata = queue / _METADATA
    try:
        return (metadata if metadata.exists() else queue).stat().st_mtime
    except OSError:
        return 0.0


def writer(queue: Path) -> int | None:
    """Return the id of the process that still writes a queue; None if there is none.

    A later process of the same id is told by its age.
    """
    parts = queue.name.split("__")
    if len(parts) < _PARTS_WITH_PROCESS or not parts[2].isdecimal():
        return None
    pid = int(parts[2])
    return pid if is_running(pid, made_at(queue)) else None


def is_running(pid: int, since: float) -> bool:
    """Return whether a process runs that was there at a time already, so that it is not a later one of the same id.

    Args:
        pid: Id of the process.
        since: The time, in seconds since 1970.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.create_time() <= since + _CLOCK_TOLERANCE_SECONDS
    except (psutil.Error, OSError):
        return False


def _number(file: Path) -> int:
    try:
        return int(file.read_text().strip() or 0)
    except (OSError, ValueError):
        return 0
