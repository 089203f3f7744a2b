"""Rules of series: which points are taken, and at which step."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

StoredPoint = tuple[float, int, T]
"""Step, timestamp in ms since 1970, value."""


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
    points: Iterable[tuple[float | None, int, T]],
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


def _refusal(path: str, step: float, last_step: float | None) -> str:
    last = "a step earlier in the same request" if last_step is None else f"{last_step:g}"
    return (
        f"Expected a step above the last one of series {path!r} ({last}), got {step:g}. "
        f"Steps of a series must be strictly increasing; the point was not stored."
    )
