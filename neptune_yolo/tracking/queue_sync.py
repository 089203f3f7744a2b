"""Sends the queues of one run in the order in which they were written, and offline ones into the run they continue.

The client's own ``sync`` takes the queues of a run in any order, and makes a new run of every offline queue. What is
needed beyond that is done here, by moving queues; the sending itself is the client's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking.opening import Target, open_run
from neptune_yolo.tracking.queue_folder import ASYNC, OFFLINE, all_queues, container_id, leftover, renamed_for
from neptune_yolo.tracking.resume import RunNote, read_note

ORDERED = "ordered"
"""Folder of a data directory that holds the one queue that is being sent."""

_QUIET = NeptuneSettings(
    tags=(),
    source_files=(),
    git_ref=False,
    capture_hardware_metrics=False,
    capture_stdout=False,
    capture_stderr=False,
    capture_traceback=False,
)


@dataclass(frozen=True)
class AssignedQueue:
    """An offline queue that was given to a run.

    Args:
        before: Where it was.
        after: Where it is.
        run_id: Id of the run.
    """

    before: Path
    after: Path
    run_id: str


def assign_offline_queues(
    root: Path, target: Target, project: str | None, queues: Iterable[Path] | None = None
) -> list[AssignedQueue]:
    """Give the offline queues that belong to a run to that run; the client's ``sync`` then sends them into it.

    Args:
        root: Data directory.
        target: Server that the run is kept on, and the project for queues whose note names none.
        project: Project that the user asks for, which stands above the notes'; None if none.
        queues: Only these queues. None: all of them.

    Returns:
        The queues that were given to a run.

    Raises:
        ServerConnectionError: If the server does not answer or does not let us in.
        RunError: If a run cannot be opened.
    """
    wanted = None if queues is None else set(queues)
    assigned = []
    for queue in all_queues(root, [OFFLINE]):
        note = read_note(queue)
        if note is None or (wanted is not None and queue not in wanted):
            continue
        run_id, container = _identify(note, replace(target, project=project or note.project or target.project))
        (root / ASYNC).mkdir(exist_ok=True)
        moved = queue.rename(root / ASYNC / renamed_for(queue, container))
        assigned.append(AssignedQueue(queue, moved, run_id))
    return assigned


def _identify(note: RunNote, target: Target) -> tuple[str, str]:
    """Return the id and the internal id of the run of a note, which is made if no server knows it yet."""
    known = note.run_id is not None
    settings = replace(_QUIET, with_id=note.run_id, custom_run_id=None if known else note.custom_run_id)
    opened = open_run(settings, target, note.name or "Untitled")
    try:
        run_id = str(opened.run["sys/id"].fetch())
        container = container_id(opened.queue_folder) if opened.queue_folder else None
    finally:
        opened.run.stop()
    if container is None:
        raise RuntimeError(f"the client keeps no queue for the run {run_id}")
    return run_id, container


def send_in_order(
    root: Path, send: Callable[[Path], None], queues: Iterable[Path] | None = None, *, every_run: bool = False
) -> list[Path]:
    """Send the queues of each run that has several, one after the other, the oldest first.

    Args:
        root: Data directory.
        send: Sends everything in a data directory; the client's ``sync``.
        queues: Only these queues. None: all.
        every_run: Also send those of runs that have one only.

    Returns:
        Queues that still hold something afterwards.
    """
    _put_back(root)
    wanted = None if queues is None else {queue.name for queue in queues}
    by_run: dict[str | None, list[Path]] = {}
    for queue in all_queues(root, [ASYNC]):
        if wanted is None or queue.name in wanted:
            by_run.setdefault(container_id(queue), []).append(queue)
    unsent = []
    for of_one_run in by_run.values():
        if len(of_one_run) == 1 and not every_run:
            continue
        for queue in of_one_run:
            if _send_one(root, queue, send):
                unsent.append(queue)
                break  # the later ones must not be sent before it
    return unsent


def _send_one(root: Path, queue: Path, send: Callable[[Path], None]) -> bool:
    """Send one queue; return whether something is left of it."""
    alone = root / ORDERED / ASYNC
    alone.mkdir(parents=True, exist_ok=True)
    queue.rename(alone / queue.name)
    try:
        send(root / ORDERED)
    finally:
        _put_back(root)
    return leftover(queue).folder is not None


def _put_back(root: Path) -> None:
    """Bring back what a sending that was cut off has left."""
    for queue in all_queues(root / ORDERED, [ASYNC]):
        (root / ASYNC).mkdir(exist_ok=True)
        queue.rename(root / ASYNC / queue.name)
    for folder in (root / ORDERED / ASYNC, root / ORDERED):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
