"""The client's queue on disk: what is not yet sent, and where it lies.

The layout is the client's: ``<data directory>/<mode>/run__<id>__<process id>__<random>/`` with the files
``last_put_version`` and ``last_ack_version``, which hold the number of the last operation put and acknowledged.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from neptune_yolo import envs


@dataclass(frozen=True)
class Leftover:
    """What a run left unsent when it was closed.

    Args:
        operations: Number of operations that no server has acknowledged.
        folder: Queue that holds them; None if nothing is left, or the run has no queue.
    """

    operations: int = 0
    folder: Path | None = None


def queue_folders() -> frozenset[Path]:
    """Return the queues that runs of this process have on disk at the moment."""
    root = Path(os.environ.get(envs.NEPTUNE_DATA_DIRECTORY) or ".neptune").absolute()
    return frozenset(root.glob(f"*/run__*__{os.getpid()}__*"))


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


def _number(file: Path) -> int:
    try:
        return int(file.read_text().strip() or 0)
    except (OSError, ValueError):
        return 0
