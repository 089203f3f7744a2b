"""Points of series as the server takes them: with steps that rise, finite values, and moments."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from neptune_yolo.transfer.neptune_export.notes import Notes
from neptune_yolo.transfer.neptune_export.reading import floats, moments_ms, steps

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

NO_STEP = "points without a step got the one after the last"
NO_MOMENT = "points without a moment got that of the run's creation"
NOT_FINITE = "points were left out: only finite numbers can be kept"
NO_TEXT = "points without a text were left out"
MAX_TEXT_LENGTH = 16_000_000


@dataclass(frozen=True)
class Points:
    """Points of a series of numbers as columns of the same length.

    Attributes:
        steps: Strictly rising.
        moments_ms: Milliseconds since 1970 (UTC).
        values: Finite.
    """

    steps: "NDArray[np.float64]"
    moments_ms: "NDArray[np.int64]"
    values: "NDArray[np.float64]"

    def __len__(self) -> int:
        return len(self.steps)

    def at(self, chosen: "NDArray[np.bool_] | NDArray[np.intp]") -> "Points":
        """Return some of them."""
        return Points(self.steps[chosen], self.moments_ms[chosen], self.values[chosen])

    def after(self, step: float) -> "Points":
        """Return those above a step."""
        return self if not len(self) or self.steps[0] > step else self.at(self.steps > step)

    def points(self) -> list[tuple[float, int, float]]:
        """Return them one by one."""
        return list(zip(self.steps.tolist(), self.moments_ms.tolist(), self.values.tolist(), strict=True))


class FloatPoints:
    """A series of numbers that comes in pieces.

    Attributes:
        last_there: Up to which step it was imported before.
    """

    def __init__(self, path: str, notes: Notes, created_ms: int, last_there: float) -> None:
        self.last_there = last_there
        self._path = path
        self._notes = notes
        self._created_ms = created_ms
        self._last = -math.inf

    def take(self, columns: "pa.RecordBatch") -> Points:
        """Return the points of some rows, by step."""
        moments = columns.column("timestamp")
        self._notes.add(self._path, NO_MOMENT, moments.null_count)
        found = Points(
            steps(columns.column("step")),
            moments_ms(moments, self._created_ms),
            floats(columns.column("float_value")),
        )
        is_finite = np.isfinite(found.values)
        if not is_finite.all():
            self._notes.add(self._path, NOT_FINITE, int((~is_finite).sum()))
            found = found.at(is_finite)
        found = self._with_steps(found)
        return self._rising(found) if len(found) else found

    def _with_steps(self, found: Points) -> Points:
        is_known = np.isfinite(found.steps)
        if is_known.all():
            return found
        self._notes.add(self._path, NO_STEP, int((~is_known).sum()))
        given = list(next_steps(found.steps.tolist(), self._last))
        return Points(np.array(given, dtype=np.float64), found.moments_ms, found.values)

    def _rising(self, found: Points) -> Points:
        if np.any(np.diff(found.steps) <= 0):
            found = found.at(np.argsort(found.steps, kind="stable"))
            is_first = np.concatenate(([True], np.diff(found.steps) > 0))
            if not is_first.all():
                self._lose_doubles(found, is_first)
                found = found.at(is_first)
        if found.steps[0] <= self._last:
            is_behind = found.steps <= self._last
            self._notes.lose(
                self._path,
                f"points in the order of their steps, {int(is_behind.sum())} of them up to step {self._last:g}",
                "nothing of these: they come after later ones in the table, or twice",
            )
            found = found.at(~is_behind)
        if len(found):
            self._last = float(found.steps[-1])
        return found

    def _lose_doubles(self, found: Points, is_first: "NDArray[np.bool_]") -> None:
        """Tell of points that share a step with another one; the same point twice does not matter."""
        same = (found.values[1:] == found.values[:-1]) & (found.moments_ms[1:] == found.moments_ms[:-1])
        count = int((~is_first[1:] & ~same).sum())
        if count:
            self._notes.lose(self._path, "one point at a step", f"{count} further ones, of which the first was kept")


class TextPoints:
    """A series of texts that comes in pieces.

    Attributes:
        last_there: Up to which step it was imported before.
    """

    def __init__(self, path: str, notes: Notes, created_ms: int, last_there: float) -> None:
        self.last_there = last_there
        self._path = path
        self._notes = notes
        self._created_ms = created_ms
        self._last = -math.inf

    def take(self, columns: "pa.RecordBatch", values: Sequence[str | None]) -> list[tuple[float, int, str]]:
        """Return the points of some rows, by step.

        Args:
            columns: The rows.
            values: Their texts; points without one are left out.
        """
        moments = columns.column("timestamp")
        self._notes.add(self._path, NO_MOMENT, moments.null_count)
        given = steps(columns.column("step")).tolist()
        rows = zip(given, moments_ms(moments, self._created_ms).tolist(), values, strict=True)
        known = [(step, moment_ms, text) for step, moment_ms, text in rows if text is not None]
        self._notes.add(self._path, NO_TEXT, len(given) - len(known))
        without = sum(not math.isfinite(step) for step, _, _ in known)
        self._notes.add(self._path, NO_STEP, without)
        if without:
            numbers = next_steps([step for step, _, _ in known], self._last)
            known = [(step, moment_ms, text) for step, (_, moment_ms, text) in zip(numbers, known, strict=True)]
        return self._rising(sorted(known, key=lambda point: point[0]))

    def _rising(self, points: list[tuple[float, int, str]]) -> list[tuple[float, int, str]]:
        kept: list[tuple[float, int, str]] = []
        for point in points:
            if len(point[2]) > MAX_TEXT_LENGTH:
                self._notes.lose(self._path, f"a text of {len(point[2])} characters", "nothing: it is too long")
            elif point[0] > self._last:
                kept.append(point)
                self._last = point[0]
            elif not kept or kept[-1] != point:
                self._notes.lose(
                    self._path, f"a step above {self._last:g}", f"step {point[0]:g}: this point was left out"
                )
        return kept


def next_steps(given: Sequence[float], last: float = -math.inf) -> Iterator[float]:
    """Yield steps; those that are missing (no finite numbers) become one more than the one before, 0 at the beginning.

    Args:
        given: Steps.
        last: Step before the first of them; minus infinity for none.
    """
    for step in given:
        following = 0.0 if last == -math.inf else last + 1.0
        last = step if math.isfinite(step) else following
        yield last
