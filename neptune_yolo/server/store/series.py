"""Points of series in the database."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, delete, select, update

from neptune_yolo.server.domain.appended import FloatsAppended
from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.series import Drawing, FloatArrays, FloatOutline, StoredPoint
from neptune_yolo.server.store.bulk import insert_tuples
from neptune_yolo.server.store.float_outlines import SqlFloatOutlines
from neptune_yolo.server.store.float_series import SqlFloatSeries
from neptune_yolo.server.store.models import attributes, string_points

LOOKUP_SIZE = 500
"""Steps asked for in one statement; SQLite limits the number of parameters."""

_EMPTY: Mapping[str, float | None] = {
    "last_step": None,
    "point_count": 0,
    "float_value": None,
    "string_value": None,
    "minimum": None,
    "maximum": None,
    "mean": None,
    "squares": None,
}
"""Columns of a series without points."""


class SqlSeriesStore:
    """Implements ``SeriesStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._floats = SqlFloatSeries(connection)

    def append_floats(self, appended: Sequence[FloatsAppended]) -> None:
        """Store points of several series."""
        self._floats.append(appended)

    def append_strings(self, pk: int, points: Sequence[StoredPoint[str]]) -> None:
        """Store points; steps increase and are above the last."""
        insert_tuples(self._connection, string_points, [(pk, *point) for point in points])
        self._connection.execute(
            update(attributes)
            .where(attributes.c.pk == pk)
            .values(
                last_step=points[-1][0],
                string_value=points[-1][2],
                point_count=attributes.c.point_count + len(points),
            )
        )

    def find_floats(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, float]]:
        """Return timestamp (ms) and value of the points at the given steps, as far as there are any."""
        return self._floats.find(pk, steps)

    def find_strings(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, str]]:
        """Return timestamp (ms) and text of the points at the given steps, as far as there are any."""
        c = string_points.c
        found: dict[float, tuple[int, str]] = {}
        for start in range(0, len(steps), LOOKUP_SIZE):
            asked = c.step.in_(steps[start : start + LOOKUP_SIZE])
            statement = select(c.step, c.timestamp_ms, c.value).where(c.attribute_pk == pk, asked)
            found.update({row[0]: (row[1], row[2]) for row in self._connection.execute(statement)})
        return found

    def page_floats(self, pk: int, offset: int, limit: int) -> list[StoredPoint[float]]:
        """Return points by step, from position ``offset`` on."""
        return self._floats.page(pk, offset, limit)

    def read_floats(
        self, pk: int, first_step: float | None = None, last_step: float | None = None, limit: int | None = None
    ) -> FloatArrays:
        """Return the points from one step to another, both included, as arrays; None leaves an end open.

        With ``limit``, the first ones of them, at most so many.
        """
        return self._floats.read(pk, first_step, last_step, limit)

    def outline_floats(self, counts: Mapping[int, int], drawing: Drawing) -> Iterator[tuple[int, FloatOutline]]:
        """Yield float series, by row number, with points enough to draw them.

        Args:
            counts: Number of points of each series, by row number.
            drawing: How they are drawn.
        """
        return SqlFloatOutlines(self._connection).read(counts, drawing)

    def page_strings(self, pk: int, offset: int, limit: int) -> list[StoredPoint[str]]:
        """Return points by step, from position ``offset`` on."""
        c = string_points.c
        statement = select(c.step, c.timestamp_ms, c.value).where(c.attribute_pk == pk).order_by(c.step)
        rows = self._connection.execute(statement.offset(offset).limit(limit))
        return [(row[0], row[1], row[2]) for row in rows]

    def list_floats(self, container_pks: Sequence[int]) -> list[tuple[int, str, int]]:
        """Return the float series of up to 500 containers: row number of the container, path, number of points."""
        c = attributes.c
        statement = (
            select(c.container_pk, c.path, c.point_count)
            .where(c.container_pk.in_(container_pks), c.type == AttributeType.FLOAT_SERIES.value)
            .order_by(c.path, c.container_pk)
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(statement)]

    def clear(self, pk: int) -> None:
        """Remove all points of a series."""
        self._floats.clear(pk)
        self._connection.execute(delete(string_points).where(string_points.c.attribute_pk == pk))
        self._connection.execute(update(attributes).where(attributes.c.pk == pk).values(**_EMPTY))
