"""Statistics of a series that are kept up to date as points are appended."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_PLAIN_COUNT = 32
"""Up to so many values a loop is faster than arrays."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of one value or more; all finite.

    Attributes:
        count: Number of values.
        minimum: Smallest value.
        maximum: Largest value.
        mean: Average value.
        squares: Sum of the squared deviations from the mean; the largest double if it is beyond that.
    """

    count: int
    minimum: float
    maximum: float
    mean: float
    squares: float

    @property
    def variance(self) -> float:
        """Return the mean squared deviation from the mean."""
        return self.squares / self.count

    @classmethod
    def of(cls, values: Sequence[float]) -> "Statistics":
        """Return the statistics of one finite value or more."""
        count = len(values)
        if count == 1:
            return cls(1, values[0], values[0], values[0], 0.0)
        if count <= _PLAIN_COUNT:
            least, most, mean = min(values), max(values), sum(values) / count
            squares = sum((value - mean) * (value - mean) for value in values)
        else:
            array = np.array(values, dtype=np.float64)
            with np.errstate(over="ignore", invalid="ignore"):
                least, most, mean = float(array.min()), float(array.max()), float(array.mean())
                deviations = array - mean
                squares = float(deviations @ deviations)
        if not math.isfinite(mean):
            mean = math.fsum(value / count for value in values)
        return cls(count, least, most, mean, _bounded(squares))

    def merged(self, other: "Statistics") -> "Statistics":
        """Return the statistics of the values of both.

        Chan, Golub and LeVeque: "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
        """
        count = self.count + other.count
        share = other.count / count
        distance = other.mean - self.mean
        mean = self.mean + distance * share
        if not math.isfinite(mean):
            mean = self.mean * (1 - share) + other.mean * share
        squares = self.squares + other.squares + distance * distance * share * self.count
        return Statistics(
            count, min(self.minimum, other.minimum), max(self.maximum, other.maximum), mean, _bounded(squares)
        )


def _bounded(squares: float) -> float:
    """Return a sum of squares that every database can hold."""
    return squares if math.isfinite(squares) else sys.float_info.max
