"""What the charts share: bounds, colours, short names, thinned lines. Pure functions."""

import numpy as np

from neptune_yolo.tracking.curve_data import Floats, Integers

MOST_CLASSES = 100
"""Most classes that one chart shows."""

_COLOURS = (
    "#2f7ed8",
    "#e0702a",
    "#2a9d5c",
    "#c74a8a",
    "#8a63d2",
    "#b08a1e",
    "#1a9fb0",
    "#d64545",
    "#6b8e23",
    "#8c6d5a",
)
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
_NAME_LENGTH = 24


def colour(number: int) -> str:
    """Return the colour of the n-th line; it can be told from the background in light and dark."""
    return _COLOURS[number % len(_COLOURS)]


def dashes(number: int) -> str:
    """Return the SVG dash pattern of the n-th line: each pattern goes through all colours before the next one."""
    return _DASHES[number // len(_COLOURS) % len(_DASHES)]


def short(name: str) -> str:
    """Return a name that fits beside a chart."""
    return name if len(name) <= _NAME_LENGTH else f"{name[: _NAME_LENGTH - 1]}…"


def largest(weights: Integers | Floats, count: int) -> Integers:
    """Return the positions of the largest weights in rising order; of equal ones the first.

    Args:
        weights: Weights `(n,)`.
        count: How many positions, at most.
    """
    return np.sort(np.argsort(-weights, kind="stable")[:count])


def thinned(points: Floats, tolerance: float) -> Floats:
    """Return the points of a line without those that it passes within a distance anyway.

    The farthest point from the chord is kept, and each half is treated the same way (Ramer 1972; Douglas and
    Peucker 1973), with the vertical distance in place of the perpendicular one: x increases.

    Args:
        points: Points `(n, 2)`, x strictly increasing.
        tolerance: Largest vertical distance from the line, in the points' units.
    """
    kept = np.zeros(len(points), dtype=np.bool_)
    kept[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:  # noqa: PLR2004 - there is no point between them
            continue
        between = points[first + 1 : last]
        chord = np.interp(between[:, 0], points[[first, last], 0], points[[first, last], 1])
        distances = np.abs(between[:, 1] - chord)
        farthest = int(distances.argmax())
        if distances[farthest] > tolerance:
            middle = first + 1 + farthest
            kept[middle] = True
            spans += [(first, middle), (middle, last)]
    return points[kept]
