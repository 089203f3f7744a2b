"""Finds the queues of the client in ``.neptune`` folders, in the layouts of all its versions.

A queue is a folder with operations (``data-<version>.log``), their files (``upload_path``) and how far they were sent
(``last_ack_version``). Its name, or that of the folder above it, tells what it belongs to:
``run__<id>__<process>__<key>``, ``run__<id>/exec-...``, or a bare ``<id>`` of a run.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from neptune_yolo.tracking.queue_folder import ASYNC, OFFLINE, writer

QUEUE_ROOT = ".neptune"
UPLOADS = "upload_path"

_LOG = re.compile(r"data-(\d{1,18})\.log")
_KINDS = {"run": "run", "model": "model", "model_version": "modelVersion", "project": "project"}
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,99}")
_MOST_METADATA_BYTES = 2**20


@dataclass(frozen=True)
class LocalQueue:
    """One queue of one program.

    Args:
        path: Absolute path of its folder.
        name: Its path below the folder that is imported, with slashes.
        logs: Its files of operations, in their order.
        acknowledged: Version of the last operation that the former server had received; 0 if none.
        put: Version of the last operation that was put into it; 0 if that is not known.
        created: When it was begun, in seconds since 1970.
    """

    path: Path
    name: str
    logs: tuple[Path, ...]
    acknowledged: int
    put: int
    created: float


@dataclass(frozen=True)
class LocalContainer:
    """A run, model, version or project with all its queues.

    Args:
        kind: ``run``, ``model``, ``modelVersion`` or ``project``.
        id: Its identifier on the former server, or the one that it was given offline.
        queues: Its queues, the oldest first.
    """

    kind: str
    id: str
    queues: tuple[LocalQueue, ...]


@dataclass
class FoundQueues:
    """What lies below a folder.

    Attributes:
        containers: Those that have something, the oldest first.
        skipped: What is not imported: its name, and why.
    """

    containers: list[LocalContainer] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def find_queues(root: Path, *, even_if_running: bool = False) -> FoundQueues:
    """Return the queues of all ``.neptune`` folders below a folder, which may be one itself.

    Args:
        root: Absolute path of the folder.
        even_if_running: Also those that a process of this machine seems to write still: its number may be that of
            another process, as for a program that ran in a container.
    """
    found = FoundQueues()
    queues: dict[tuple[str, str], list[LocalQueue]] = {}
    for folder in _queue_roots(root):
        for mode in (ASYNC, OFFLINE):
            for path, kind, identifier in _execution_folders(folder / mode, found.skipped):
                name = path.relative_to(root).as_posix()
                if not even_if_running and (pid := writer(path)) is not None:
                    found.skipped.append(f"{name}: the process {pid} still writes it (see --even-if-running)")
                elif (queue := _read(path, name)) is not None:
                    queues.setdefault((kind, identifier), []).append(queue)
                else:
                    found.skipped.append(f"{name}: it holds no operations")
    for (kind, identifier), of_one in queues.items():
        found.containers.append(
            LocalContainer(kind, identifier, tuple(sorted(of_one, key=lambda queue: queue.created)))
        )
    found.containers.sort(key=lambda container: container.queues[0].created)
    return found


def _queue_roots(root: Path) -> Iterator[Path]:
    if root.name == QUEUE_ROOT or any((root / mode).is_dir() for mode in (ASYNC, OFFLINE)):
        yield root
        return
    for folder, subfolders, _ in os.walk(root):
        if QUEUE_ROOT in subfolders:
            yield Path(folder) / QUEUE_ROOT
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))


def _execution_folders(folder: Path, skipped: list[str]) -> Iterator[tuple[Path, str, str]]:
    """Give each folder of operations with what it belongs to."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_dir():
            continue
        parts = path.name.split("__")
        kind = _KINDS.get(parts[0]) if len(parts) > 1 else "run"
        identifier = parts[1] if len(parts) > 1 else parts[0]
        if kind is None or not _ID.fullmatch(identifier):
            skipped.append(f"{path.name}: its name is not one of the client's")
        elif any(path.glob("data-*.log")):
            yield path, kind, identifier
        else:
            children = [child for child in sorted(path.iterdir()) if child.is_dir() and not child.is_symlink()]
            yield from ((child, kind, identifier) for child in children or [path] if child.name != UPLOADS)


def _read(path: Path, name: str) -> LocalQueue | None:
    logs = [(int(match[1]), file) for file in path.iterdir() if (match := _LOG.fullmatch(file.name)) and _is_file(file)]
    if not any(file.stat().st_size for _, file in logs):
        return None
    return LocalQueue(
        path,
        name,
        tuple(file for _, file in sorted(logs)),
        acknowledged=_number(path / "last_ack_version"),
        put=_number(path / "last_put_version"),
        created=_created(path),
    )


def _is_file(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _created(path: Path) -> float:
    metadata = path / "metadata.json"
    try:
        if _is_file(metadata) and metadata.stat().st_size < _MOST_METADATA_BYTES:
            content = json.loads(metadata.read_text(encoding="utf-8"))
            return datetime.fromisoformat(str(content["createdAt"])).timestamp()
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        pass  # an older version of the client, or a torn file: its own time will do
    return path.stat().st_mtime


def _number(file: Path) -> int:
    try:
        return int(file.read_text(encoding="utf-8").strip() or 0) if _is_file(file) else 0
    except (OSError, ValueError):
        return 0
