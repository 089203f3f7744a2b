"""Points of several series in columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from neptune_yolo.read.series_wire import SeriesPoints

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Points:
    """Points of several series as columns of the same length.

    Attributes:
        runs: Identifiers, and of each point which one.
        paths: Paths, and of each point which one.
        steps: Of the points.
        times: When they were logged (UTC).
        numbers: Their values.
    """

    runs: tuple[list[str], "NDArray[np.int32]"]
    paths: tuple[list[str], "NDArray[np.int32]"]
    steps: "NDArray[np.float64]"
    times: "NDArray[np.datetime64]"
    numbers: "NDArray[np.float64]"


def join_points(pieces: Sequence[SeriesPoints]) -> Points:
    """Return pieces of series one after the other."""
    counts = [len(piece) for piece in pieces]

    def labels(names: list[str]) -> tuple[list[str], "NDArray[np.int32]"]:
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        return list(numbers), np.repeat(np.array([numbers[name] for name in names], dtype=np.int32), counts)

    empty = np.empty(0)
    return Points(
        runs=labels([piece.run for piece in pieces]),
        paths=labels([piece.path for piece in pieces]),
        steps=np.concatenate([empty, *(piece.steps for piece in pieces)]),
        times=np.concatenate([empty.astype(np.int64), *(piece.times_ms for piece in pieces)]).astype("datetime64[ms]"),
        numbers=np.concatenate([empty, *(piece.values for piece in pieces)]),
    )
