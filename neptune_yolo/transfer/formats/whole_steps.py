"""Steps for programs that know whole ones only: trackers such as TensorBoard and MLflow."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from neptune_yolo.tracking.mirror import PARTS_OF_STEP
from neptune_yolo.transfer.exporting.source_run import SourceRun

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 2**63 - 1024
"""Steps are integers of 64 bits; the next number below that a float has."""


def series_between(run: SourceRun, paths: Sequence[str]) -> frozenset[str]:
    """Return the series of numbers that have steps between whole numbers.

    Args:
        run: Whose they are.
        paths: Of the series.
    """
    return frozenset(points.path for points in run.floats(paths, is_told=False) if lies_between(points.steps))


def between_note(paths: Collection[str]) -> list[str]:
    """Return what has to be said about series with steps between whole numbers; nothing if there are none."""
    words = f"steps between whole numbers are counted in {PARTS_OF_STEP}ths there"
    return [f"{words}: {', '.join(sorted(paths))}"] if paths else []


def lies_between(steps: "NDArray[np.float64]") -> bool:
    """Return whether some steps are no whole numbers."""
    return bool(np.any(steps != np.rint(steps)))


def whole_steps(steps: "NDArray[np.float64]", *, is_between: bool) -> "NDArray[np.int64]":
    """Return steps as whole numbers: as they are, or in thousandths.

    Args:
        steps: Of a series.
        is_between: Whether the series has steps between whole numbers.
    """
    scaled = np.rint(steps * PARTS_OF_STEP if is_between else steps)
    return np.clip(scaled, -LARGEST, LARGEST).astype(np.int64)
