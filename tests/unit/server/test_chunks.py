"""Packed points are the points, to the bit."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neptune_yolo.server.domain.statistics import Statistics
from neptune_yolo.server.store.chunks import CHUNK_POINTS, pack, unpack

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SINGLE = st.floats(allow_nan=False, allow_infinity=False, width=32)
WHOLE = st.integers(-(2**63) + 1, 2**63 - 1)
STEPS = st.one_of(
    st.lists(FINITE, min_size=1, max_size=50, unique=True).map(sorted),
    st.builds(
        lambda first, count: [first + 1.0 * index for index in range(count)], st.integers(-5, 9), st.integers(1, 50)
    ),
)


def _bits(points: list[tuple[float, int, float]]) -> list[bytes]:
    return [struct.pack("<dqd", *point) for point in points]


@given(st.data())
def test_points_come_back_to_the_bit(data: st.DataObject) -> None:
    steps = data.draw(STEPS)
    timestamps = data.draw(
        st.one_of(
            st.lists(WHOLE, min_size=len(steps), max_size=len(steps)),
            st.integers(0, 70_000).map(lambda distance: [10**12 + distance * index for index in range(len(steps))]),
        )
    )
    values = data.draw(st.lists(st.one_of(FINITE, SINGLE), min_size=len(steps), max_size=len(steps)))
    points = list(zip(steps, timestamps, values, strict=True))

    (chunk,) = pack(points)

    assert _bits(unpack(chunk.data).points()) == _bits(points)
    assert (chunk.first_step, chunk.last_step, chunk.point_count) == (steps[0], steps[-1], len(points))


def test_many_points_become_several_chunks() -> None:
    points = [(float(index), index, index / 3) for index in range(CHUNK_POINTS + 1)]
    assert [chunk.point_count for chunk in pack(points)] == [CHUNK_POINTS, 1]


def test_a_training_takes_few_bytes() -> None:
    points = [(float(index), 10**12 + index * 97, math.sin(index)) for index in range(1000)]
    (chunk,) = pack(points)
    assert len(chunk.data) < 13 * len(points)
    single = [(step, timestamp_ms, float(np.float32(value))) for step, timestamp_ms, value in points]
    assert len(pack(single)[0].data) < 9 * len(points)


@given(st.lists(st.lists(FINITE, min_size=1, max_size=60), min_size=1, max_size=5))
def test_merged_statistics_are_those_of_all_values(parts: list[list[float]]) -> None:
    merged = Statistics.of(parts[0])
    for part in parts[1:]:
        merged = merged.merged(Statistics.of(part))
    values = [value for part in parts for value in part]

    assert (merged.count, merged.minimum, merged.maximum) == (len(values), min(values), max(values))
    scale = max(abs(merged.minimum), abs(merged.maximum), 5e-324)
    assert merged.mean / scale == pytest.approx(math.fsum(value / scale / len(values) for value in values), abs=1e-9)
    assert math.isfinite(merged.squares)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=100), st.integers(1, 99))
def test_merged_statistics_have_the_spread_of_all_values(values: list[float], cut: int) -> None:
    cut = min(cut, len(values) - 1)
    merged = Statistics.of(values[:cut]).merged(Statistics.of(values[cut:]))
    assert merged.variance == pytest.approx(float(np.var(values)), rel=1e-6, abs=1e-3)
