"""Series as the server sends them: a JSON header, then arrays (see its OpenAPI document)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from neptune_yolo.read.exceptions import UnexpectedAnswerError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SERIES_TYPE = "application/vnd.neptune-yolo.series"
_LENGTH_BYTES = 4
_ALIGNMENT = 8
_TYPES = ("f4", "f8", "u2", "u4")


@dataclass(frozen=True, eq=False)
class SeriesPoints:
    """Points of a float series as columns of the same length, by step.

    Attributes:
        run: Identifier of its run, such as ``YOL-7``.
        path: Path of the attribute.
        total: Points of the whole series.
        in_range: Points in the range that was asked for, before any thinning.
        started_ms: When its run began, in milliseconds since 1970 (UTC).
        steps: Strictly increasing, float64.
        times_ms: When the points were logged, in milliseconds since 1970 (UTC), int64; empty where moments were not
            asked for.
        values: float64, all finite.
    """

    run: str
    path: str
    total: int
    in_range: int
    started_ms: int
    steps: "NDArray[np.float64]"
    times_ms: "NDArray[np.int64]"
    values: "NDArray[np.float64]"

    def __len__(self) -> int:
        return len(self.steps)


class _Array(msgspec.Struct, frozen=True):
    offset: int
    type: str
    start: float | None = None


class _Curve(msgspec.Struct, frozen=True):
    run: str
    path: str
    total: int
    in_range: int
    shown: int
    started_ms: int
    steps: _Array
    values: _Array
    times: _Array | None = None


class _Header(msgspec.Struct, frozen=True):
    series: list[_Curve]


def unpack_series(content: bytes) -> list[SeriesPoints]:
    """Return the series of a binary answer.

    Args:
        content: The whole answer.

    Raises:
        UnexpectedAnswerError: If it has another form.
    """
    length = int.from_bytes(content[:_LENGTH_BYTES], "little")
    try:
        header = msgspec.json.decode(content[_LENGTH_BYTES : _LENGTH_BYTES + length], type=_Header)
        begin = _LENGTH_BYTES + length + -(_LENGTH_BYTES + length) % _ALIGNMENT
        body = memoryview(content)[begin:]
        return [_points(body, curve) for curve in header.series]
    except (msgspec.DecodeError, ValueError) as error:
        raise UnexpectedAnswerError(
            f"Expected series in binary form, got {len(content)} bytes of another one: {error}. "
            "Use the same version of neptune_yolo as the server."
        ) from error


def _points(body: memoryview, curve: _Curve) -> SeriesPoints:
    import numpy as np

    times = np.empty(0) if curve.times is None else _array(body, curve.times, curve.shown)
    return SeriesPoints(
        run=curve.run,
        path=curve.path,
        total=curve.total,
        in_range=curve.in_range,
        started_ms=curve.started_ms,
        steps=_array(body, curve.steps, curve.shown),
        times_ms=times.astype(np.int64),
        values=_array(body, curve.values, curve.shown),
    )


def _array(body: memoryview, place: _Array, count: int) -> "NDArray[np.float64]":
    import numpy as np

    if place.type not in _TYPES:
        message = f"an array of the unknown type {place.type!r}"
        raise ValueError(message)
    stored = np.frombuffer(body, dtype=f"<{place.type}", count=count, offset=place.offset)
    if place.type.startswith("u"):
        return (place.start or 0.0) + np.cumsum(stored, dtype=np.float64)
    return stored.astype(np.float64)
