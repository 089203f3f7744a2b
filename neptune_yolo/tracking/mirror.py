"""Copies of what is logged for a second tracker that reads files, beside the run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from neptune_yolo.tracking.event_files import EventFiles

ARGUMENTS = "arguments"
PARTS_OF_STEP = 1000
"""TensorBoard knows whole steps only: what has steps between epochs is counted in thousandths of an epoch there."""


class Mirror(Protocol):
    """Takes what a training logs. Its errors are caught and counted by the logger."""

    def scalars(self, values: Mapping[str, object], step: float) -> None:
        """Take one point of each series; not all of them need be finite."""

    def points(self, path: str, values: Sequence[float], steps: Sequence[float]) -> None:
        """Take points of one series whose steps may lie between whole numbers."""

    def image(self, path: str, content: bytes, step: float) -> None:
        """Take one picture of a series."""

    def arguments(self, values: Mapping[str, object]) -> None:
        """Take the arguments of the training, all of them, again after each change."""

    def flush(self) -> None:
        """Hand what was written to the file system."""

    def close(self) -> None:
        """End the copy."""


class NoMirror:
    """A mirror without effect."""

    def scalars(self, values: Mapping[str, object], step: float) -> None:
        """Do nothing."""

    def points(self, path: str, values: Sequence[float], steps: Sequence[float]) -> None:
        """Do nothing."""

    def image(self, path: str, content: bytes, step: float) -> None:
        """Do nothing."""

    def arguments(self, values: Mapping[str, object]) -> None:
        """Do nothing."""

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class TensorBoardMirror:
    """Writes TensorBoard event files with the attribute paths of the run as tags.

    Args:
        folder: Folder of the training.

    Raises:
        PackageMissingError: If TensorBoard is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self._files = EventFiles(folder)
        self._arguments: dict[str, object] = {}

    def scalars(self, values: Mapping[str, object], step: float) -> None:
        """Write one number of each series; their step is rounded to a whole number."""
        for path, value in values.items():
            self._files.scalar(path, float(value), round(step))  # type: ignore[arg-type] # tensors convert as well

    def points(self, path: str, values: Sequence[float], steps: Sequence[float]) -> None:
        """Write several points of one series; their steps are counted in thousandths."""
        for value, step in zip(values, steps, strict=True):
            self._files.scalar(path, value, round(step * PARTS_OF_STEP))

    def image(self, path: str, content: bytes, step: float) -> None:
        """Write one picture."""
        self._files.image(path, content, round(step))

    def arguments(self, values: Mapping[str, object]) -> None:
        """Write the arguments as a table, if they have changed."""
        if values != self._arguments:
            self._arguments = dict(values)
            self._files.table(ARGUMENTS, values)

    def flush(self) -> None:
        """Hand what was written to the file system."""
        self._files.flush()

    def close(self) -> None:
        """Close the event file."""
        self._files.close()
