"""Points of series in the database."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.series import StoredPoint
from neptune_yolo.server.store.models import attributes, float_points, string_points

LOOKUP_SIZE = 500
"""Steps asked for in one statement; SQLite limits the number of parameters."""


class SqlSeriesStore:
    """Implements ``SeriesStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append_floats(self, pk: int, points: Sequence[StoredPoint[float]]) -> None:
        """Store points; steps increase and are above the last."""
        self._append(float_points, pk, points)
        self._record_last(pk, points, float_value=points[-1][2])

    def append_strings(self, pk: int, points: Sequence[StoredPoint[str]]) -> None:
        """Store points; steps increase and are above the last."""
        self._append(string_points, pk, points)
        self._record_last(pk, points, string_value=points[-1][2])

    def find_floats(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, float]]:
        """Return timestamp (ms) and value of the points at the given steps, as far as there are any."""
        return {step: (timestamp_ms, float(value)) for step, timestamp_ms, value in self._at(float_points, pk, steps)}

    def find_strings(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, str]]:
        """Return timestamp (ms) and text of the points at the given steps, as far as there are any."""
        return {step: (timestamp_ms, str(value)) for step, timestamp_ms, value in self._at(string_points, pk, steps)}

    def page_floats(self, pk: int, offset: int, limit: int) -> list[StoredPoint[float]]:
        """Return points by step, from position ``offset`` on."""
        return [(row[0], row[1], float(row[2])) for row in self._page(float_points, pk, offset, limit)]

    def page_strings(self, pk: int, offset: int, limit: int) -> list[StoredPoint[str]]:
        """Return points by step, from position ``offset`` on."""
        return [(row[0], row[1], str(row[2])) for row in self._page(string_points, pk, offset, limit)]

    def clear(self, pk: int) -> None:
        """Remove all points of a series."""
        for table in (float_points, string_points):
            self._connection.execute(delete(table).where(table.c.attribute_pk == pk))
        self._connection.execute(
            update(attributes)
            .where(attributes.c.pk == pk)
            .values(last_step=None, point_count=0, float_value=None, string_value=None)
        )

    def _append(self, table: Table, pk: int, points: Sequence[StoredPoint[Any]]) -> None:
        rows = [
            {"attribute_pk": pk, "step": step, "timestamp_ms": timestamp_ms, "value": value}
            for step, timestamp_ms, value in points
        ]
        self._connection.execute(insert_into(table), rows)

    def _record_last(self, pk: int, points: Sequence[StoredPoint[Any]], **value: float | str) -> None:
        self._connection.execute(
            update(attributes)
            .where(attributes.c.pk == pk)
            .values(last_step=points[-1][0], point_count=attributes.c.point_count + len(points), **value)
        )

    def _at(self, table: Table, pk: int, steps: Sequence[float]) -> Iterator[tuple[float, int, Any]]:
        for start in range(0, len(steps), LOOKUP_SIZE):
            statement = select(table.c.step, table.c.timestamp_ms, table.c.value).where(
                table.c.attribute_pk == pk, table.c.step.in_(steps[start : start + LOOKUP_SIZE])
            )
            for row in self._connection.execute(statement):
                yield float(row[0]), int(row[1]), row[2]

    def _page(self, table: Table, pk: int, offset: int, limit: int) -> Iterator[tuple[float, int, Any]]:
        statement = (
            select(table.c.step, table.c.timestamp_ms, table.c.value)
            .where(table.c.attribute_pk == pk)
            .order_by(table.c.step)
            .offset(offset)
            .limit(limit)
        )
        for row in self._connection.execute(statement):
            yield float(row[0]), int(row[1]), row[2]
