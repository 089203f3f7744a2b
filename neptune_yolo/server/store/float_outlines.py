"""Float series in the database, read as far as a chart needs them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, Connection, bindparam, exists, select

from neptune_yolo.server.domain.series import Drawing, FloatArrays, FloatOutline
from neptune_yolo.server.store.chunks import unpack_all
from neptune_yolo.server.store.float_series import SqlFloatSeries
from neptune_yolo.server.store.models import float_chunks, float_outlines
from neptune_yolo.server.store.outlines import (
    BLOCK_POINTS,
    OF_BLOCK,
    block_widths,
    count_blocks,
    unpack_outlines,
)

SERIES_AT_ONCE = 50
"""Series of one statement: their outlines are in memory together."""

POINTS_AT_ONCE = 250_000
"""Points of one statement, of series that are read as they are."""

BLOCKS_OF_BIN = 2
"""Blocks that fit into the width of a bin at least; else the points themselves are read."""

FEWEST_OF_BIN = 4
"""Points of outlines for each bin; for fewer, the points themselves are read."""

_STEPS_AT_ONCE = 500

_PKS: BindParameter[list[int]] = bindparam("pks", expanding=True)
_OUTLINES = (
    select(float_outlines.c.attribute_pk, float_outlines.c.first_step, float_outlines.c.point_count)
    .add_columns(float_outlines.c.points)
    .where(
        float_outlines.c.attribute_pk.in_(_PKS),
        float_outlines.c.first_step >= bindparam("first"),
        float_outlines.c.last_step <= bindparam("last"),
    )
    .order_by(float_outlines.c.attribute_pk, float_outlines.c.first_step)
)
_IS_OUTLINED = exists().where(
    float_outlines.c.attribute_pk == float_chunks.c.attribute_pk,
    float_outlines.c.first_step == float_chunks.c.first_step,
    float_outlines.c.first_step >= bindparam("first"),
    float_outlines.c.last_step <= bindparam("last"),
)
_OTHER_CHUNKS = (
    select(float_chunks.c.points)
    .where(
        float_chunks.c.attribute_pk == bindparam("pk"),
        float_chunks.c.last_step >= bindparam("first"),
        float_chunks.c.first_step <= bindparam("last"),
        ~_IS_OUTLINED,
    )
    .order_by(float_chunks.c.first_step)
)
"""Chunks that reach over the ends of the range, and those from before there were outlines."""

_CHUNKS_AT = (
    select(float_chunks.c.points)
    .where(
        float_chunks.c.attribute_pk == bindparam("pk"),
        float_chunks.c.first_step.in_(bindparam("steps", expanding=True)),
    )
    .order_by(float_chunks.c.first_step)
)


@dataclass(frozen=True)
class _Outlines:
    """Outlines of a series: first step, number of points and bytes of each chunk."""

    first_steps: list[float]
    counts: list[int]
    data: list[bytes]


class SqlFloatOutlines:
    """Outlines of float series within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._floats = SqlFloatSeries(connection)

    def read(self, counts: Mapping[int, int], drawing: Drawing) -> Iterator[tuple[int, FloatOutline]]:
        """Yield series, by row number, with points enough to draw them.

        Args:
            counts: Number of points of each series, by row number of the attribute.
            drawing: How they are drawn.
        """
        ends = (
            -math.inf if drawing.first_step is None else drawing.first_step,
            math.inf if drawing.last_step is None else drawing.last_step,
        )
        fewest = drawing.bins * BLOCKS_OF_BIN * BLOCK_POINTS
        for part in _batches({pk: count for pk, count in counts.items() if count < fewest}):
            for pk, points in self._floats.read_many(part, *ends):
                yield pk, FloatOutline.of(points)
        long = [pk for pk, count in counts.items() if count >= fewest]
        for start in range(0, len(long), SERIES_AT_ONCE):
            part = long[start : start + SERIES_AT_ONCE]
            outlines, rows = self._outlines(part, ends), self._floats.rows_of_many(part, *ends)
            for pk in part:
                found = outlines.get(pk, _Outlines([], [], []))
                yield pk, self._outline(pk, found, self._others(pk, found, rows[pk], counts[pk], ends), drawing)

    def _outlines(self, pks: Sequence[int], ends: tuple[float, float]) -> dict[int, _Outlines]:
        bounds = {"pks": list(pks), "first": ends[0], "last": ends[1]}
        found: dict[int, _Outlines] = {}
        for pk, first_step, count, data in self._connection.execute(_OUTLINES, bounds).all():
            one = found.get(pk)
            if one is None:
                one = found[pk] = _Outlines([], [], [])
            one.first_steps.append(first_step)
            one.counts.append(count)
            one.data.append(data)
        return found

    def _others(
        self, pk: int, found: _Outlines, rows: FloatArrays, count: int, ends: tuple[float, float]
    ) -> FloatArrays:
        """Return the points of a series that are rows, or in chunks without an outline that lies in the range."""
        if sum(found.counts) + len(rows) == count:
            return rows
        first, last = ends
        chunks = self._connection.execute(_OTHER_CHUNKS, {"pk": pk, "first": first, "last": last}).scalars().all()
        points = FloatArrays.joined([*unpack_all(chunks), rows])
        start, end = np.searchsorted(points.steps, first), np.searchsorted(points.steps, last, "right")
        return points.part(int(start), int(end))

    def _all(self, pk: int, drawing: Drawing) -> FloatOutline:
        return FloatOutline.of(self._floats.read(pk, drawing.first_step, drawing.last_step))

    def _outline(self, pk: int, found: _Outlines, others: FloatArrays, drawing: Drawing) -> FloatOutline:
        """Return outlines and other points of a series together; where outlines are too coarse, all points."""
        if not found.data:
            return FloatOutline.of(others)
        outlines = unpack_outlines(found.data)
        is_coarse = _coarse_blocks(outlines.points, others, drawing)
        if is_coarse.all() or len(outlines) <= FEWEST_OF_BIN * drawing.bins:
            return self._all(pk, drawing)
        fine: list[FloatArrays] = []
        if is_coarse.any():
            chunk_of_block = np.repeat(np.arange(len(found.data)), [count_blocks(data) for data in found.data])
            coarse = np.unique(chunk_of_block[is_coarse])
            outlines = outlines.taken(np.repeat(~np.isin(chunk_of_block, coarse), OF_BLOCK))
            fine = list(self._chunks_at(pk, [found.first_steps[chunk] for chunk in coarse.tolist()]))
        return FloatOutline.joined([outlines, *map(FloatOutline.of, [*fine, others])])

    def _chunks_at(self, pk: int, steps: Sequence[float]) -> Iterator[FloatArrays]:
        """Yield the points of the chunks that begin at some steps."""
        for start in range(0, len(steps), _STEPS_AT_ONCE):
            asked = {"pk": pk, "steps": steps[start : start + _STEPS_AT_ONCE]}
            yield from unpack_all(self._connection.execute(_CHUNKS_AT, asked).scalars().all())


def _batches(counts: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield series whose points may be in memory together."""
    batch: list[int] = []
    points = 0
    for pk, count in counts.items():
        if batch and (points + count > POINTS_AT_ONCE or len(batch) == SERIES_AT_ONCE):
            yield batch
            batch, points = [], 0
        batch.append(pk)
        points += count
    if batch:
        yield batch


def _coarse_blocks(points: FloatArrays, others: FloatArrays, drawing: Drawing) -> NDArray[np.bool_]:
    """Return which blocks of outlines are too wide for the bins that are drawing."""
    axis = np.maximum.accumulate(points.timestamps_ms.astype(np.float64)) if drawing.by_time else points.steps
    beside = others.timestamps_ms.astype(np.float64) if drawing.by_time else others.steps
    ends = [axis[0], axis[-1], *beside[:1], *beside[-1:]]
    with np.errstate(over="ignore"):
        widest = (max(ends) - min(ends)) / (drawing.bins * BLOCKS_OF_BIN)
    is_wide: NDArray[np.bool_] = block_widths(axis) > widest
    return is_wide
