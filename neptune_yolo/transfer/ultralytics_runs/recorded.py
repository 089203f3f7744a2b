"""A folder as the run that it becomes: values, points and files under the paths that our trainers use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from neptune_yolo.tracking.attribute_paths import REASON
from neptune_yolo.tracking.checkpoint_writer import sha256_of

IMPORTED_TAG = "imported"

FOLDER_PATH = "import/folder"
PROBLEMS_PATH = "import/problems"
PASSING_PATHS = (REASON, PROBLEMS_PATH)
"""What a run may have after one import, and no more after the next."""


@dataclass(frozen=True)
class Point:
    """One point of a series.

    Args:
        step: Its step: an epoch or a trial, from 1.
        value: A finite number, or a text.
        at: When it was measured, in UTC.
    """

    step: int
    value: float | str
    at: datetime


@dataclass
class RecordedRun:
    """What a folder holds, in the form of a run.

    Attributes:
        key: What the training or the search is known by.
        source: Path of the folder below the one that is imported, with slashes.
        folder: Absolute path of the folder.
        name: Name of the run.
        started: When it began, in UTC.
        ended: When it ended, in UTC.
        failed: Whether it is known to have failed.
        values: Attribute path -> single value.
        series: Attribute path -> points in increasing order of their steps.
        files: Attribute path -> file.
        pictures: Attribute path of an image series -> its picture of the last epoch, and that epoch.
        texts: Attribute path -> text that is uploaded as a file, with the ending of its name.
        tags: Tags of the run.
        problems: What could not be read, each as a sentence without its full stop.
        host: Name of the machine where it ran; empty if it is not known.
        fingerprint: What changes when anything in the folder does.
    """

    key: str
    source: str
    folder: Path
    name: str
    started: datetime
    ended: datetime
    failed: bool = False
    values: dict[str, object] = field(default_factory=dict)
    series: dict[str, list[Point]] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    pictures: dict[str, tuple[Path, int]] = field(default_factory=dict)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    tags: tuple[str, ...] = ("Ultralytics", IMPORTED_TAG)
    problems: list[str] = field(default_factory=list)
    host: str = ""
    fingerprint: str = ""
    _hashes: dict[tuple[Path, int, int], str] = field(default_factory=dict)

    def sha256_of(self, file: Path) -> str:
        """Return the SHA-256 of a file in hexadecimal; it is read again only if it was written since.

        Raises:
            OSError: If it cannot be read.
        """
        state = file.stat()
        key = (file, state.st_size, state.st_mtime_ns)
        if key not in self._hashes:
            self._hashes[key] = sha256_of(file)
        return self._hashes[key]

    @property
    def points(self) -> int:
        """Number of points of all series."""
        return sum(len(points) for points in self.series.values())

    @property
    def file_bytes(self) -> int:
        """Bytes of all files."""
        return sum(_size(file) for file in self.files.values())

    def add_points(self, step: int, values: Mapping[str, float], at: datetime) -> None:
        """Append a point to several series.

        Args:
            step: Step of the points.
            values: Attribute path -> number.
            at: When they were measured, in UTC.
        """
        for path, value in values.items():
            self.series.setdefault(path, []).append(Point(step, value, at))

    def paths(self) -> Iterator[str]:
        """Give the path of every attribute."""
        yield from (*self.values, *self.series, *self.files, *self.pictures, *self.texts)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def milliseconds(moment: datetime) -> int:
    """Return a moment in milliseconds since 1970 (UTC)."""
    return round(moment.timestamp() * 1000)
