"""Curves as bytes: a JSON header, then arrays.

The body is the length of the header (4 bytes, little-endian), the header, zeros up to a multiple of 8, and the arrays.
The header says of each array at which byte it begins, counted from the end of the padding, and its type:

* ``f4``, ``f8``: numbers, little-endian. ``f4`` is taken for values where the difference is below a 10,000th of the
  height of the chart.
* ``u1``: whole numbers from 0 to 255.
* ``u2``, ``u4``: whole numbers that do not decrease, each as its distance from the one before it; ``start`` is the
  first, whose distance is 0.

Where points were left out, ``parts`` says of each bin how many of the points are its own (``sizes``), and of each that
has some where its mean lies between the smallest and the largest of them: 0 at the one, 255 at the other (``means``).
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from neptune_yolo.server.api.v1.operation import Record
from neptune_yolo.server.services.curves import Curve
from neptune_yolo.server.services.thinning import Parts

SERIES_TYPE = "application/vnd.neptune-yolo.series"

_LARGEST_EXACT = 2.0**53
_SINGLE_ERROR = 2.0**-24
"""Largest error of a number in single precision, relative to it."""

_SINGLE_LIMITS = (1e-30, 1e30)
_VISIBLE = 1e-4
"""Part of the height of a chart that nobody sees."""


class PackedArray(Record, frozen=True, kw_only=True):
    """Where an array stands among the bytes."""

    offset: int
    type: str
    start: float | None = None


class PackedParts(Record, frozen=True, kw_only=True):
    """The bins of a series of which points were left out."""

    count: int
    filled: int
    sizes: PackedArray
    means: PackedArray


class PackedCurve(Record, frozen=True, kw_only=True):
    """A series in the header of a binary answer."""

    run: str
    path: str
    total: int
    in_range: int
    shown: int
    started_ms: int
    steps: PackedArray
    values: PackedArray
    times: PackedArray | None = None
    parts: PackedParts | None = None


class PackedCurves(Record, frozen=True, kw_only=True):
    """The header of a binary answer."""

    series: list[PackedCurve]


class _Body:
    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._size = 0

    def add(self, array: NDArray[np.number], kind: str, start: float | None = None) -> PackedArray:
        """Append an array at a place where it can be read without copying it."""
        data = array.astype(f"<{kind}").tobytes()
        place = PackedArray(offset=self._size, type=kind, start=start)
        data += bytes(-len(data) % 8)
        self.parts.append(data)
        self._size += len(data)
        return place


def pack_curves(curves: Sequence[Curve], *, exact: bool, with_times: bool) -> bytes:
    """Return curves as bytes.

    Args:
        curves: The curves.
        exact: Whether every bit of the values counts.
        with_times: Whether the moments of points are wanted.
    """
    body = _Body()
    packed = [
        PackedCurve(
            run=curve.sys_id,
            path=curve.path,
            total=curve.total,
            in_range=curve.in_range,
            shown=len(curve.points),
            started_ms=curve.started_ms,
            steps=_add_axis(body, curve.points.steps),
            values=_add_values(body, curve.points.values, exact=exact),
            times=_add_axis(body, curve.points.timestamps_ms.astype(np.float64)) if with_times else None,
            parts=_add_parts(body, curve.parts, curve.points.values) if curve.parts else None,
        )
        for curve in curves
    ]
    header = msgspec.json.encode(PackedCurves(series=packed))
    padding = bytes(-(4 + len(header)) % 8)
    return b"".join((len(header).to_bytes(4, "little"), header, padding, *body.parts))


def _add_parts(body: _Body, parts: Parts, values: NDArray[np.float64]) -> PackedParts:
    sizes = parts.sizes[parts.sizes > 0]
    starts = np.append(0, np.cumsum(sizes[:-1], dtype=np.int64))
    lows, highs = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        shares = np.nan_to_num((parts.means - lows) / (highs - lows))
    means = np.rint(np.clip(shares, 0, 1) * 255)
    places = body.add(parts.sizes, "u1"), body.add(means, "u1")
    return PackedParts(count=len(parts.sizes), filled=len(sizes), sizes=places[0], means=places[1])


def _add_axis(body: _Body, numbers: NDArray[np.float64]) -> PackedArray:
    if not len(numbers) or not bool((numbers == np.floor(numbers)).all()) or np.abs(numbers).max() >= _LARGEST_EXACT:
        return body.add(numbers, "f8")
    distances = np.diff(numbers, prepend=numbers[0])
    if distances.min() < 0 or distances.max() >= 1 << 32:
        return body.add(numbers, "f8")
    return body.add(distances, "u2" if distances.max() < 1 << 16 else "u4", float(numbers[0]))


def _add_values(body: _Body, values: NDArray[np.float64], *, exact: bool) -> PackedArray:
    if exact or not len(values):
        return body.add(values, "f8")
    largest = float(np.abs(values).max())
    with np.errstate(over="ignore"):
        height = float(values.max() - values.min())
    least, most = _SINGLE_LIMITS
    is_single = least < largest < most and (height == 0 or largest * _SINGLE_ERROR < height * _VISIBLE)
    return body.add(values, "f4" if is_single or largest == 0 else "f8")
