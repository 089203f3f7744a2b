"""Fewer points of a series that draw the same line."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neptune_yolo.server.domain.series import FloatArrays, FloatOutline


@dataclass(frozen=True)
class Parts:
    """The bins into which a series was divided, equally wide from the place of its first point to that of its last.

    Attributes:
        sizes: How many points of each are kept; none of a bin without points.
        means: The mean of all points of each bin that has any.
    """

    sizes: NDArray[np.uint8]
    means: NDArray[np.float64]


@dataclass(frozen=True)
class Thinned:
    """Points of a series that are shown.

    Attributes:
        points: The points, each one that was logged.
        parts: What they stand for; None if all points are there.
    """

    points: FloatArrays
    parts: Parts | None = None


def thin(points: FloatArrays, axis: NDArray[np.float64], bins: int) -> Thinned:
    """Thin points of which each stands for itself, as ``thin_outline`` does."""
    return thin_outline(FloatOutline.of(points), axis, bins)


def thin_outline(outline: FloatOutline, axis: NDArray[np.float64], bins: int) -> Thinned:
    """Keep the first and the last point, and of each bin that has points the smallest and the largest.

    Bins are equally wide parts of the range of the axis. Where there are no points, there are none afterwards, so that
    gaps stay gaps. The mean of each bin is told beside them.

    Args:
        outline: The points, by step.
        axis: Where each point stands; it does not decrease.
        bins: How many, from 1 on; twice as many points and two stay at most. Fewer points than that all stay.
    """
    points, count = outline.points, len(outline)
    if count <= 2 * bins + 2:
        return Thinned(points)
    starts = _starts(axis, bins)
    widths = np.diff(np.append(starts, count))
    starts, filled = starts[widths > 0], widths > 0
    lows, highs = (_first_places(points.values, starts, extreme) for extreme in (np.minimum, np.maximum))
    places = np.sort(np.concatenate(([0], lows, highs, [count - 1])))
    kept = places[np.append(True, places[1:] > places[:-1])]
    sizes = np.zeros(len(filled), dtype=np.uint8)
    sizes[filled] = np.bincount(np.searchsorted(starts, kept, "right") - 1, minlength=len(starts))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        sums = np.add.reduceat(outline.means * outline.counts, starts) / np.add.reduceat(outline.counts, starts)
    means = np.clip(np.nan_to_num(sums), points.values[lows], points.values[highs])
    shown = points.taken(kept)
    return Thinned(shown, Parts(sizes, means))


def _starts(axis: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    """Return the position of the first point of each bin; that of the next one for a bin without points."""
    with np.errstate(over="ignore"):
        width = axis[-1] - axis[0]
    if not np.isfinite(width) or width == 0:
        return np.arange(0, len(axis), -(-len(axis) // bins), dtype=np.int64)
    borders = axis[0] + width * (np.arange(1, bins) / bins)
    return np.append(0, np.searchsorted(axis, borders, "left")).astype(np.int64)


def _first_places(values: NDArray[np.float64], starts: NDArray[np.int64], extreme: np.ufunc) -> NDArray[np.int64]:
    """Return where each part of the values that begins at ``starts`` has its extreme first."""
    found = extreme.reduceat(values, starts)
    widths = np.diff(np.append(starts, len(values)))
    hits = np.flatnonzero(values == np.repeat(found, widths))
    parts = np.searchsorted(starts, hits, "right")
    firsts = np.append(True, parts[1:] != parts[:-1])
    places: NDArray[np.int64] = hits[firsts]
    return places
