"""Points of float series in the database: packed in chunks, but for the newest.

A point is a row of ``float_points`` at first. The rows of a series, which are fewer than ``TAIL_POINTS``, are packed
when its number of points passes a multiple of that; the multiples of different series are shifted against each other,
since a training logs to all its series at once. All chunks of a series stand before all its rows.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Connection, bindparam, delete, func, select

from neptune_yolo.server.domain.appended import FloatsAppended
from neptune_yolo.server.domain.series import FloatArrays, StoredPoint
from neptune_yolo.server.store.bulk import insert_tuples, take_rows, update_tuples
from neptune_yolo.server.store.chunks import pack, unpack, unpack_all
from neptune_yolo.server.store.models import attributes, float_chunks, float_outlines, float_points
from neptune_yolo.server.store.outlines import pack_outline

TAIL_POINTS = 512
"""Points of a series that are rows are fewer than this; those of a database before chunks until the next ones come."""

_SHIFT = 317
"""Odd: then any ``TAIL_POINTS`` series in a row are packed at as many different numbers of points."""

_CHUNKS_WITHIN = (
    select(float_chunks.c.points)
    .where(
        float_chunks.c.attribute_pk == bindparam("pk"),
        float_chunks.c.last_step >= bindparam("first"),
        float_chunks.c.first_step <= bindparam("last"),
    )
    .order_by(float_chunks.c.first_step)
)
_ROWS_WITHIN = (
    select(float_points.c.step, float_points.c.timestamp_ms, float_points.c.value)
    .where(
        float_points.c.attribute_pk == bindparam("pk"),
        float_points.c.step >= bindparam("first"),
        float_points.c.step <= bindparam("last"),
    )
    .order_by(float_points.c.step)
)
_CHUNKS_OF_MANY = (
    select(float_chunks.c.attribute_pk, float_chunks.c.points)
    .where(
        float_chunks.c.attribute_pk.in_(bindparam("pks", expanding=True)),
        float_chunks.c.last_step >= bindparam("first"),
        float_chunks.c.first_step <= bindparam("last"),
    )
    .order_by(float_chunks.c.attribute_pk, float_chunks.c.first_step)
)
_ROWS_OF_MANY = (
    select(float_points)
    .where(
        float_points.c.attribute_pk.in_(bindparam("pks", expanding=True)),
        float_points.c.step >= bindparam("first"),
        float_points.c.step <= bindparam("last"),
    )
    .order_by(float_points.c.attribute_pk, float_points.c.step)
)
"""Made once: a page of charts asks for hundreds of series."""

_UPDATED = ("last_step", "float_value", "point_count", "minimum", "maximum", "mean", "squares")


class SqlFloatSeries:
    """Points of float series within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, appended: Sequence[FloatsAppended]) -> None:
        """Store points of several series; steps increase and are above the last."""
        packing = [one for one in appended if _is_packed(one)]
        rows = [(one.pk, *point) for one in appended if not _is_packed(one) for point in one.points]
        self._pack(packing)
        insert_tuples(self._connection, float_points, rows)
        update_tuples(self._connection, attributes, "pk", _UPDATED, [_columns(one) for one in appended])

    def find(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, float]]:
        """Return timestamp (ms) and value of the points at the given steps, as far as there are any."""
        wanted = np.unique(np.array(steps, dtype=np.float64))
        found: dict[float, tuple[int, float]] = {}
        for part in self._parts(pk, float(wanted[0]), float(wanted[-1])):
            for position in np.flatnonzero(np.isin(part.steps, wanted)).tolist():
                found[float(part.steps[position])] = (int(part.timestamps_ms[position]), float(part.values[position]))
        return found

    def page(self, pk: int, offset: int, limit: int) -> list[StoredPoint[float]]:
        """Return points by step, from position ``offset`` on."""
        end = offset + limit
        position = 0
        points: list[StoredPoint[float]] = []
        for first, count, data in self._chunks_at(pk, offset, end):
            points += unpack(data).part(max(0, offset - first), min(count, end - first)).points()
        position = self._chunked_count(pk)
        if end <= position or limit == 0:
            return points
        tail = (
            select(float_points.c.step, float_points.c.timestamp_ms, float_points.c.value)
            .where(float_points.c.attribute_pk == pk)
            .order_by(float_points.c.step)
            .offset(max(0, offset - position))
            .limit(end - max(offset, position))
        )
        return points + [(row[0], row[1], row[2]) for row in self._connection.execute(tail)]

    def read(
        self, pk: int, first_step: float | None = None, last_step: float | None = None, limit: int | None = None
    ) -> FloatArrays:
        """Return the points from one step to another, both included; None leaves an end open.

        With ``limit``, the first ones of them, at most so many.
        """
        first = -math.inf if first_step is None else first_step
        last = math.inf if last_step is None else last_step
        if limit is None:
            return FloatArrays.joined(list(self._parts(pk, first, last)))
        reach = self._reach(pk, first, limit)
        return FloatArrays.joined(list(self._parts(pk, first, min(last, reach)))).part(0, limit)

    def read_many(self, pks: Sequence[int], first: float, last: float) -> Iterator[tuple[int, FloatArrays]]:
        """Yield several series with their points from one step to another, both included."""
        bounds = {"pks": list(pks), "first": first, "last": last}
        chunks: defaultdict[int, list[bytes]] = defaultdict(list)
        for pk, data in self._connection.execute(_CHUNKS_OF_MANY, bounds).all():
            chunks[pk].append(data)
        rows = self.rows_of_many(pks, first, last)
        for pk in pks:
            packed = [_within(part, first, last) for part in unpack_all(chunks[pk])]
            yield pk, FloatArrays.joined([*packed, rows[pk]])

    def rows_of_many(self, pks: Sequence[int], first: float, last: float) -> dict[int, FloatArrays]:
        """Return the points of several series that are not packed, from one step to another, both included."""
        found: dict[int, list[StoredPoint[float]]] = {pk: [] for pk in pks}
        bounds = {"pks": list(pks), "first": first, "last": last}
        for pk, step, timestamp_ms, value in self._connection.execute(_ROWS_OF_MANY, bounds).all():
            found[pk].append((step, timestamp_ms, value))
        return {pk: FloatArrays.of(points) for pk, points in found.items()}

    def clear(self, pk: int) -> None:
        """Remove all points of a series."""
        for table in (float_points, float_chunks, float_outlines):
            self._connection.execute(delete(table).where(table.c.attribute_pk == pk))

    def _pack(self, packing: Sequence[FloatsAppended]) -> None:
        """Make chunks, with their outlines, of the rows of series and what is appended to them."""
        tails = self._take_tails([one.pk for one in packing])
        rows: list[tuple[int, float, float, int, int, bytes]] = []
        outlines: list[tuple[int, float, float, int, bytes]] = []
        for one in packing:
            points = [*tails.get(one.pk, ()), *one.points]
            position = one.after.point_count - len(points)
            for chunk in pack(points):
                rows.append(
                    (one.pk, chunk.first_step, chunk.last_step, position, chunk.point_count, chunk.data),
                )
                outline = pack_outline(unpack(chunk.data))
                outlines.append((one.pk, chunk.first_step, chunk.last_step, chunk.point_count, outline))
                position += chunk.point_count
        insert_tuples(self._connection, float_chunks, rows)
        insert_tuples(self._connection, float_outlines, outlines)

    def _take_tails(self, pks: Sequence[int]) -> dict[int, list[StoredPoint[float]]]:
        """Remove the rows of series and return them, by series and step."""
        tails: defaultdict[int, list[StoredPoint[float]]] = defaultdict(list)
        for pk, *point in sorted(take_rows(self._connection, float_points, "attribute_pk", pks)):
            tails[pk].append(tuple(point))
        return tails

    def _parts(self, pk: int, first_step: float, last_step: float) -> Iterator[FloatArrays]:
        """Yield points from one step to another, by step, in pieces."""
        bounds = {"pk": pk, "first": first_step, "last": last_step}
        chunks = self._connection.execute(_CHUNKS_WITHIN, bounds).scalars().all()
        for part in unpack_all(chunks):
            yield _within(part, first_step, last_step)
        rows = self._connection.execute(_ROWS_WITHIN, bounds).all()
        yield FloatArrays.of([(row[0], row[1], row[2]) for row in rows])

    def _reach(self, pk: int, first_step: float, limit: int) -> float:
        """Return the last step of the chunk with which a number of points are there, infinity if no chunk has them."""
        c = float_chunks.c
        statement = (
            select(c.first_step, c.last_step, c.point_count)
            .where(c.attribute_pk == pk, c.last_step >= first_step)
            .order_by(c.first_step)
        )
        count = 0
        for chunk_first, chunk_last, point_count in self._connection.execute(statement):
            count += point_count if chunk_first >= first_step else 1
            if count >= limit:
                return float(chunk_last)
        return math.inf

    def _chunks_at(self, pk: int, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield position of the first point, number of points, and bytes of the chunks at some positions."""
        c = float_chunks.c
        statement = (
            select(c.first_position, c.point_count, c.points)
            .where(c.attribute_pk == pk, c.first_position < end, c.first_position + c.point_count > start)
            .order_by(c.first_step)
        )
        for row in self._connection.execute(statement):
            yield row[0], row[1], row[2]

    def _chunked_count(self, pk: int) -> int:
        """Return the number of points in chunks."""
        count = select(func.coalesce(func.sum(float_chunks.c.point_count), 0)).where(float_chunks.c.attribute_pk == pk)
        return int(self._connection.execute(count).scalar_one())


def _within(points: FloatArrays, first_step: float, last_step: float) -> FloatArrays:
    start, end = np.searchsorted(points.steps, first_step), np.searchsorted(points.steps, last_step, "right")
    return points.part(int(start), int(end))


def _is_packed(one: FloatsAppended) -> bool:
    """Return whether the number of points of a series passes a multiple at which its rows are packed."""
    shift = one.pk * _SHIFT % TAIL_POINTS
    after = one.after.point_count + shift
    return after // TAIL_POINTS > (after - len(one.points)) // TAIL_POINTS


def _columns(one: FloatsAppended) -> tuple[float | int | None, ...]:
    """Return row number and columns of a series as it is now."""
    after, statistics = one.after, one.after.statistics
    figures = (
        (statistics.minimum, statistics.maximum, statistics.mean, statistics.squares) if statistics else (None,) * 4
    )
    return (one.pk, after.last_step, after.last, after.point_count, *figures)
