"""Points of float series, packed.

A chunk is a header and three arrays, little-endian, one after the other: steps, timestamps, values. Each array has the
smallest form that keeps every bit: steps at equal distances are the first step and the distance, timestamps are
distances from the earliest, and values that fit into single precision are stored so.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from neptune_yolo.server.domain.series import FloatArrays, StoredPoint

CHUNK_POINTS = 4096
"""Points in a chunk at most."""

_HEADER = struct.Struct("<BBBBIq")
"""Format, bytes a timestamp, bytes a value, whether steps are regular; number of points; earliest timestamp (ms)."""

_FORM = struct.Struct("<BBBBI")
"""The header without the earliest timestamp: chunks with the same are packed alike."""

_REGULAR = struct.Struct("<dd")
"""First step and distance of steps."""

_FORMAT = 1
_OFFSET_TYPES = {0: None, 1: "<u1", 2: "<u2", 4: "<u4", 8: "<i8"}
"""Timestamps by their width in bytes; of 8 bytes they are no distances; of 0 bytes they are all the same."""


@dataclass(frozen=True)
class Chunk:
    """Points of a series that are stored together.

    Attributes:
        first_step: Step of the first point.
        last_step: Step of the last point.
        point_count: Number of points.
        data: The packed points.
    """

    first_step: float
    last_step: float
    point_count: int
    data: bytes


def pack(points: Sequence[StoredPoint[float]]) -> list[Chunk]:
    """Return points, whose steps increase, as chunks of at most ``CHUNK_POINTS``."""
    return [_pack(points[start : start + CHUNK_POINTS]) for start in range(0, len(points), CHUNK_POINTS)]


def unpack(data: bytes) -> FloatArrays:
    """Return the points of a chunk."""
    _, width, value_width, regular, count, earliest_ms = _HEADER.unpack_from(data)
    offset = _HEADER.size
    if regular:
        first, distance = _REGULAR.unpack_from(data, offset)
        steps = _regular_steps(first, distance, count)
        offset += _REGULAR.size
    else:
        steps = np.frombuffer(data, "<f8", count, offset)
        offset += count * 8
    timestamps = _unpack_timestamps(data, offset, count, width, earliest_ms)
    values = np.frombuffer(data, f"<f{value_width}", count, offset + count * width)
    return FloatArrays(steps, timestamps, values.astype(np.float64, copy=False))


def unpack_all(chunks: Sequence[bytes]) -> Iterator[FloatArrays]:
    """Yield the points of chunks that follow each other.

    Those that are packed alike, as most of a series are, are looked at together.
    """
    for form, group in groupby(chunks, lambda data: data[: _FORM.size]):
        alike = list(group)
        _, width, value_width, regular, count = _FORM.unpack(form)
        table = np.frombuffer(b"".join(alike), _layout(width, value_width, regular, count))
        if regular:
            places = np.arange(count, dtype="<f8")
            steps = table["first"][:, None] + table["distance"][:, None] * places
        else:
            steps = table["steps"]
        if width == 0:
            timestamps = np.repeat(table["earliest"], count)
        else:
            timestamps = table["timestamps"].astype(np.int64)
            if width < 8:  # noqa: PLR2004 - bytes of a whole number
                timestamps += table["earliest"][:, None]
        yield FloatArrays(
            np.ascontiguousarray(steps, dtype=np.float64).reshape(-1),
            timestamps.reshape(-1),
            table["values"].astype(np.float64).reshape(-1),
        )


@lru_cache(maxsize=256)
def _layout(width: int, value_width: int, regular: int, count: int) -> np.dtype[np.void]:
    """Return what the bytes of a chunk are, with a name for each part."""
    steps: list[tuple[str, str, tuple[int, ...]]] = (
        [("first", "<f8", ()), ("distance", "<f8", ())] if regular else [("steps", "<f8", (count,))]
    )
    timestamps = [("timestamps", _OFFSET_TYPES[width] or "", (count,))] if width else []
    values = ("values", f"<f{value_width}", (count,))
    return np.dtype([("form", "u1", (_FORM.size,)), ("earliest", "<i8", ()), *steps, *timestamps, values])


def _pack(points: Sequence[StoredPoint[float]]) -> Chunk:
    step_column, timestamp_column, value_column = zip(*points, strict=True)
    steps = np.array(step_column, dtype="<f8")
    values = np.array(value_column, dtype="<f8")
    regular, step_bytes = _pack_steps(steps)
    width, earliest_ms, timestamp_bytes = _pack_timestamps(np.array(timestamp_column, dtype="<i8"))
    value_width, value_bytes = _pack_values(values)
    header = _HEADER.pack(_FORMAT, width, value_width, regular, len(points), earliest_ms)
    data = b"".join((header, step_bytes, timestamp_bytes, value_bytes))
    return Chunk(step_column[0], step_column[-1], len(points), data)


def _pack_steps(steps: NDArray[np.float64]) -> tuple[bool, bytes]:
    first, count = float(steps[0]), len(steps)
    distance = float(steps[1]) - first if count > 1 else 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        rebuilt = _regular_steps(first, distance, count)
    if np.array_equal(rebuilt.view(np.int64), steps.view(np.int64)):
        return True, _REGULAR.pack(first, distance)
    return False, steps.tobytes()


def _regular_steps(first: float, distance: float, count: int) -> NDArray[np.float64]:
    return first + distance * np.arange(count, dtype="<f8")


def _pack_timestamps(timestamps: NDArray[np.int64]) -> tuple[int, int, bytes]:
    earliest, latest = int(timestamps.min()), int(timestamps.max())
    if earliest == latest:
        return 0, earliest, b""
    spread = latest - earliest
    width = next((width for width in (1, 2, 4) if spread < 1 << 8 * width), 8)
    if width < 8:  # noqa: PLR2004 - bytes of a whole number
        timestamps = timestamps - earliest
    return width, earliest, timestamps.astype(_OFFSET_TYPES[width]).tobytes()


def _unpack_timestamps(data: bytes, offset: int, count: int, width: int, earliest_ms: int) -> NDArray[np.int64]:
    if width == 0:
        return np.full(count, earliest_ms, dtype=np.int64)
    stored = np.frombuffer(data, _OFFSET_TYPES[width], count, offset).astype(np.int64)
    return stored if width == 8 else stored + earliest_ms  # noqa: PLR2004 - bytes of a whole number


def _pack_values(values: NDArray[np.float64]) -> tuple[int, bytes]:
    with np.errstate(over="ignore", under="ignore"):
        single = values.astype("<f4")
    if np.array_equal(single.astype("<f8"), values):
        return 4, single.tobytes()
    return 8, values.tobytes()
