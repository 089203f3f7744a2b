"""The run as the process sees it that has started a multi-GPU training: it is opened again, to be read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from neptune_yolo.connection import open_connection
from neptune_yolo.exceptions import RunNotAvailableError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking.opening import open_read_only
from neptune_yolo.tracking.resume import read_note
from neptune_yolo.trainers.session import target_of


def reopened_run(settings: NeptuneSettings, folder: Path) -> Any:
    """Return the run of a training that other processes have logged, read-only.

    Args:
        settings: The trainer's settings.
        folder: Folder of the training, where the process of rank 0 has left its note.

    Raises:
        RunNotAvailableError: If there is no note yet, or the run was logged offline.
        NeptuneYoloError: If the run cannot be opened.
    """
    note = read_note(folder)
    if note is None or note.run_id is None:
        raise RunNotAvailableError(folder, offline=note is not None)
    connection = open_connection(settings)
    return open_read_only(note.run_id, replace(target_of(connection), project=note.project))
