"""What a batch adds to a float series."""

from collections.abc import Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import SeriesValue
from neptune_yolo.server.domain.series import StoredPoint


@dataclass(frozen=True, slots=True)
class FloatsAppended:
    """Points that a float series takes.

    Attributes:
        pk: Row number of the series.
        points: At least one; steps increase and are above the last.
        after: What the series looks like with them.
    """

    pk: int
    points: Sequence[StoredPoint[float]]
    after: SeriesValue
