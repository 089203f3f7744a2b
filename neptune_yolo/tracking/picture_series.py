"""Which pictures belong to a series over the epochs, and at which step. Pure functions."""

import re
from dataclasses import dataclass
from pathlib import Path

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.figures import figure_path

_TRAINING_BATCH = re.compile(r"train_batch(\d+)")


@dataclass(frozen=True)
class SeriesPoint:
    """Where a picture stands in a series.

    Args:
        path: Attribute path of the series.
        step: Step of the picture.
        always: Whether the series begins with its first picture; otherwise it does when there is a second one.
    """

    path: str
    step: int
    always: bool


def series_point(file: Path, step: int, *, epoch: int, batches: int) -> SeriesPoint:
    """Return where a plot stands in a series.

    Ultralytics numbers the pictures of training batches through all epochs; here they are numbered within their epoch,
    so that those of the first epoch and those after mosaic was switched off continue each other. They are drawn in
    threads and may come when a later epoch has begun: their own number tells their epoch.

    Args:
        file: Path of the plot; only its name matters.
        step: Step of the current epoch.
        epoch: Number of the current epoch, from 0.
        batches: Batches of an epoch.
    """
    folder, _, name = figure_path(file).partition("/")
    if match := _TRAINING_BATCH.fullmatch(file.stem):
        its_epoch, index = divmod(int(match[1]), max(batches, 1))
        return SeriesPoint(f"{folder}/{paths.SERIES}/train_batch_{index}", step + its_epoch - epoch, always=True)
    return SeriesPoint(f"{folder}/{paths.SERIES}/{name}", step, always=folder == paths.VALIDATION)
