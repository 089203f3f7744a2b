"""Fewer points of a series that draw the same line."""

import numpy as np
from numpy.typing import NDArray

from neptune_yolo.server.domain.series import FloatArrays


def thin(points: FloatArrays, axis: NDArray[np.float64], bins: int) -> FloatArrays:
    """Return the first and the last point, and of each bin that has points the smallest and the largest.

    Bins are equally wide parts of the range of the axis. Where there are no points, there are none afterwards, so that
    gaps stay gaps. Nothing is averaged or made up: each point is one that was logged.

    Args:
        points: The points, by step.
        axis: Where each point stands; it does not decrease.
        bins: How many, from 1 on; twice as many points and two stay at most. Fewer points than that all stay.
    """
    count = len(points)
    if count <= 2 * bins + 2:
        return points
    kept = np.unique(np.concatenate(([0], _extremes(points.values, axis, bins), [count - 1])))
    return FloatArrays(points.steps[kept], points.timestamps_ms[kept], points.values[kept])


def _extremes(values: NDArray[np.float64], axis: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    """Return the positions of the smallest and the largest value of each bin."""
    with np.errstate(over="ignore"):
        width = axis[-1] - axis[0]
    if not np.isfinite(width) or width == 0:
        starts = np.arange(0, len(axis), -(-len(axis) // bins), dtype=np.int64)
    else:
        borders = axis[0] + width * (np.arange(1, bins) / bins)
        starts = np.unique(np.append(0, np.searchsorted(axis, borders, "left")))
        starts = starts[starts < len(axis)]
    return np.concatenate((_first_places(values, starts, np.minimum), _first_places(values, starts, np.maximum)))


def _first_places(values: NDArray[np.float64], starts: NDArray[np.int64], extreme: np.ufunc) -> NDArray[np.int64]:
    """Return where each part of the values that begins at ``starts`` has its extreme first."""
    found = extreme.reduceat(values, starts)
    widths = np.diff(np.append(starts, len(values)))
    hits = np.flatnonzero(values == np.repeat(found, widths))
    parts = np.searchsorted(starts, hits, "right")
    firsts = np.append(True, parts[1:] != parts[:-1])
    places: NDArray[np.int64] = hits[firsts]
    return places
