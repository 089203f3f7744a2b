"""PlotRecorder: every picture that Ultralytics draws, as a file and, where it recurs, as a series over the epochs."""

import threading
from dataclasses import dataclass
from pathlib import Path

from neptune_yolo.tracking.figures import figure_path
from neptune_yolo.tracking.picture_series import SeriesPoint, series_point
from neptune_yolo.tracking.run_logger import RunLogger

_MOST_KEPT_BYTES = 32 * 2**20
"""Most memory for first pictures that wait for a second one."""


@dataclass(frozen=True)
class _First:
    content: bytes
    step: int


class PlotRecorder:
    """Writes pictures. They may come from several threads, late, and after the run is closed, which is harmless.

    Pictures of training and validation batches begin their series at once. Of the others, such as curves, the first one
    is kept in memory and appended when a second one comes at a later epoch: most of them are drawn only once.

    Args:
        logger: Writes into the run.
        after: Last step that the run already has: earlier pictures are written as files only.
    """

    def __init__(self, logger: RunLogger, *, after: int = 0) -> None:
        self._logger = logger
        self._lock = threading.Lock()
        self._after = after
        self._last: dict[str, int] = {}
        self._first: dict[str, _First] = {}
        self._kept_bytes = 0

    def record(self, file: Path, step: int | None, *, epoch: int, batches: int) -> None:
        """Write one picture.

        Args:
            file: A complete picture file.
            step: Step of the current epoch; None if the picture belongs to no epoch, such as that of the labels.
            epoch: Number of the current epoch, from 0, as Ultralytics counts.
            batches: Batches of an epoch.
        """
        self._logger.upload_file(figure_path(file), file)
        if step is None:
            return
        point = series_point(file, step, epoch=epoch, batches=batches)
        with self._lock:
            self._append(point, file)

    def _append(self, point: SeriesPoint, file: Path) -> None:
        if point.step <= self._last.get(point.path, self._after):
            return
        begins = point.path not in self._last
        if begins and not point.always and self._keep(point, file):
            return
        if (first := self._first.pop(point.path, None)) is not None:
            self._kept_bytes -= len(first.content)
            self._logger.log_image(point.path, first.content, first.step)
        self._last[point.path] = point.step
        self._logger.log_image(point.path, file, point.step)

    def _keep(self, point: SeriesPoint, file: Path) -> bool:
        """Keep a first picture, or replace it by a newer one of its epoch; false if it has to be appended now."""
        first = self._first.get(point.path)
        if first is not None and first.step < point.step:
            return False
        size = file.stat().st_size
        if first is None and self._kept_bytes + size > _MOST_KEPT_BYTES:
            return False
        content = file.read_bytes()
        self._kept_bytes += len(content) - (len(first.content) if first else 0)
        self._first[point.path] = _First(content, point.step)
        return True
