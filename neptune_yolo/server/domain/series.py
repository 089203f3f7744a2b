"""Rules of series: which points are taken, and at which step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter, lt
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

StoredPoint = tuple[float, int, T]
"""Step, timestamp in ms since 1970, value."""


_STEP = itemgetter(0)


@dataclass(frozen=True)
class FloatArrays:
    """Points of a float series as columns of the same length, by step.

    Attributes:
        steps: Strictly increasing.
        timestamps_ms: Milliseconds since 1970.
        values: All finite.
    """

    steps: NDArray[np.float64]
    timestamps_ms: NDArray[np.int64]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.steps)

    def part(self, start: int, end: int) -> "FloatArrays":
        """Return the points at positions from ``start`` to before ``end``."""
        return FloatArrays(self.steps[start:end], self.timestamps_ms[start:end], self.values[start:end])

    def taken(self, places: NDArray[np.bool_] | NDArray[np.int64]) -> "FloatArrays":
        """Return some of the points: those at positions, or where it is true."""
        return FloatArrays(self.steps[places], self.timestamps_ms[places], self.values[places])

    def points(self) -> list[StoredPoint[float]]:
        """Return the points one by one."""
        return list(zip(self.steps.tolist(), self.timestamps_ms.tolist(), self.values.tolist(), strict=True))

    @classmethod
    def of(cls, points: Sequence[StoredPoint[float]]) -> "FloatArrays":
        """Return points as columns."""
        steps, timestamps_ms, values = zip(*points, strict=True) if points else ((), (), ())
        return cls(
            np.array(steps, dtype=np.float64),
            np.array(timestamps_ms, dtype=np.int64),
            np.array(values, dtype=np.float64),
        )

    @classmethod
    def joined(cls, parts: Sequence["FloatArrays"]) -> "FloatArrays":
        """Return parts one after the other."""
        if not parts:
            return cls.of(())
        return cls(
            np.concatenate([part.steps for part in parts]),
            np.concatenate([part.timestamps_ms for part in parts]),
            np.concatenate([part.values for part in parts]),
        )


@dataclass(frozen=True)
class Drawing:
    """How series are drawn.

    Attributes:
        first_step: Of the points, included; None leaves the end open.
        last_step: Of the points, included; None leaves the end open.
        bins: In how many equally wide parts the range of each series is divided.
        by_time: Whether these are parts of time, and not of steps.
    """

    first_step: float | None
    last_step: float | None
    bins: int
    by_time: bool


@dataclass(frozen=True)
class FloatOutline:
    """Points of a series that are enough to draw it, each with what it stands for.

    Attributes:
        points: With the first and the last of all, and the smallest and the largest of each part that is drawn.
        counts: How many points each stands for; some stand for none, since a neighbour does.
        means: The mean of these.
    """

    points: FloatArrays
    counts: NDArray[np.int64]
    means: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.points)

    @property
    def total(self) -> int:
        """The number of points that they all stand for."""
        return int(self.counts.sum())

    def taken(self, places: NDArray[np.bool_] | NDArray[np.int64]) -> "FloatOutline":
        """Return some of the points: those at positions, or where it is true."""
        return FloatOutline(self.points.taken(places), self.counts[places], self.means[places])

    @classmethod
    def of(cls, points: FloatArrays) -> "FloatOutline":
        """Return all points, each of which stands for itself."""
        return cls(points, np.ones(len(points), dtype=np.int64), points.values)

    @classmethod
    def joined(cls, parts: Sequence["FloatOutline"]) -> "FloatOutline":
        """Return the points of parts by step, each once; parts may lie between the points of another."""
        points = FloatArrays.joined([part.points for part in parts])
        counts, means = (np.concatenate(column) for column in zip(*((p.counts, p.means) for p in parts), strict=True))
        whole = cls(points, counts, means)
        is_further = points.steps[1:] > points.steps[:-1]
        if bool((is_further | (points.steps[1:] == points.steps[:-1])).all()):
            return whole.taken(np.concatenate((np.ones(min(1, len(points)), dtype=bool), is_further)))
        return whole.taken(np.unique(points.steps, return_index=True)[1])


@dataclass(frozen=True)
class Admission(Generic[T]):
    """The outcome of offering points to a series.

    Attributes:
        accepted: Points to store, steps strictly increasing.
        refused: A sentence for each point that cannot be stored.
    """

    accepted: list[tuple[float, int, T]]
    refused: list[str]


def admit(
    path: str,
    points: Sequence[tuple[float | None, int, T]],
    last_step: float | None,
    find_stored: Callable[[Sequence[float]], dict[float, tuple[int, T]]],
) -> Admission[T]:
    """Decide which of the offered points enter a series.

    A step of None means one after the last (0 in an empty series). A step that is not above the last is refused,
    as Neptune did, unless the very same point (step, timestamp, value) is stored: then it is a replay, and nothing
    happens.

    Args:
        path: Path of the series, for messages.
        points: Steps (or None), timestamps in ms, values, in the order sent.
        last_step: Step of the last stored point; None if there is none.
        find_stored: Gives timestamp and value of the stored points among the given steps.
    """
    in_order = _all_above(points, last_step)
    if in_order is not None:
        return Admission(in_order, [])
    accepted: list[tuple[float, int, T]] = []
    behind: list[tuple[float, int, T]] = []
    last = last_step
    for offered_step, timestamp_ms, value in points:
        step = (0.0 if last is None else last + 1.0) if offered_step is None else offered_step
        if last is None or step > last:
            accepted.append((step, timestamp_ms, value))
            last = step
        else:
            behind.append((step, timestamp_ms, value))
    if not behind:
        return Admission(accepted, [])
    known = find_stored([step for step, _, _ in behind])
    known.update({step: (timestamp_ms, value) for step, timestamp_ms, value in accepted})
    refused = [
        _refusal(path, step, last_step)
        for step, timestamp_ms, value in behind
        if known.get(step) != (timestamp_ms, value)
    ]
    return Admission(accepted, refused)


def _all_above(points: Sequence[tuple[float | None, int, T]], last_step: float | None) -> list[StoredPoint[T]] | None:
    """Return the points if each has a step above the one before it; None if somebody has to look at each of them."""
    if len(points) == 1:
        ((step, timestamp_ms, value),) = points
        if step is None or (last_step is not None and step <= last_step):
            return None
        return [(step, timestamp_ms, value)]
    steps = list(map(_STEP, points))
    if None in steps or (steps and last_step is not None and not steps[0] > last_step):
        return None
    return list(points) if all(map(lt, steps, islice(steps, 1, None))) else None  # type: ignore[arg-type]


def _refusal(path: str, step: float, last_step: float | None) -> str:
    last = "a step earlier in the same request" if last_step is None else f"{last_step:g}"
    return (
        f"Expected a step above the last one of series {path!r} ({last}), got {step:g}. "
        f"Steps of a series must be strictly increasing; the point was not stored."
    )
