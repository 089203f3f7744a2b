"""Sends what an earlier process of a run has left unsent, before the run is continued: its steps come first."""

import logging
import os
import subprocess
import sys
from pathlib import Path

from neptune_yolo import envs
from neptune_yolo.tracking.queue_folder import container_id, data_directory, leftover, writer
from neptune_yolo.tracking.resume import RunNote

_LOGGER = logging.getLogger(__name__)
_SECONDS = 300.0
_LONGEST_OUTPUT = 2_000


def unsent_queues(note: RunNote | None) -> list[Path]:
    """Return the queues of a noted run that hold something and that nobody writes any more, the oldest first.

    Queues of a crashed process keep their names when the folder that holds them was moved along with the training.

    Args:
        note: The note; None for a training without one.
    """
    if note is None:
        return []
    names = [Path(queue) for queue in note.queues]
    found = [path if path.is_dir() else data_directory() / path.parent.name / path.name for path in names]
    containers = {container_id(path) for path in names}
    others = [path for path in _of_same_run(containers) if path not in found]
    return [path for path in (*found, *others) if path.is_dir() and leftover(path).folder and writer(path) is None]


def _of_same_run(containers: set[str | None]) -> list[Path]:
    """Return the queues of the present data directory that belong to the same run by their names."""
    root = data_directory() / "async"
    found = root.iterdir() if root.is_dir() else ()
    return sorted(path for path in found if (name := container_id(path)) is not None and name in containers)


def send_leftovers(note: RunNote | None, api_token: str | None, server_url: str | None) -> None:
    """Send what earlier processes of a run have left unsent; what cannot be sent is reported, and stays where it is.

    The client's sending takes a process of its own: here it would draw from the training's random numbers.

    Args:
        note: Note of the run; None if there is none, and nothing to do.
        api_token: API token of the server.
        server_url: Its address, for messages.
    """
    queues = unsent_queues(note)
    if not queues or not api_token:
        return
    _LOGGER.warning("Sending %d queues that an earlier process of this run has left.", len(queues))
    for root in dict.fromkeys(queue.parent.parent for queue in queues):
        names = [queue.name for queue in queues if queue.parent.parent == root]
        options = [word for name in names for word in ("--queue", name)]
        command = [sys.executable, "-m", "neptune_yolo.cli", "sync", "--path", str(root), *options]
        environment = os.environ | {envs.NEPTUNE_API_TOKEN: api_token, envs.NEPTUNE_DATA_DIRECTORY: str(root)}
        environment.pop(envs.NEPTUNE_CUSTOM_RUN_ID, None)
        problem = _run(command, environment)
        if problem:
            _LOGGER.warning(
                "What an earlier process of this run has left in %s could not be sent to %s, and stays there; the "
                "server refuses its epochs later than those that come now. %s",
                root,
                server_url,
                problem,
            )


def _run(command: list[str], environment: dict[str, str]) -> str | None:
    """Run a command; return what went wrong, if anything did."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command, check=False, env=environment, capture_output=True, text=True, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if done.returncode == 0 else (done.stdout + done.stderr)[-_LONGEST_OUTPUT:]
