"""Rows of a table that agree in some attributes."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Double, FromClause, RowMapping, Select, and_, case, func, null, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.sql.elements import Label

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.system import SYSTEM_TYPES
from neptune_yolo.server.nql.syntax import Aggregate
from neptune_yolo.server.nql.table import Column, Figures, Group, GroupKey, Table
from neptune_yolo.server.store.models import attributes, containers, set_strings
from neptune_yolo.server.store.query.dialect import Dialect
from neptune_yolo.server.store.query.fields import TEXT_TYPES, row_of, stored_field, system_field

_NUMBERS = (AttributeType.FLOAT, AttributeType.FLOAT_SERIES, AttributeType.INT)
_WHOLE = (AttributeType.INT, AttributeType.DATETIME, AttributeType.BOOL, AttributeType.FILE_SET)
_STORED_TEXTS = tuple(kind for kind in TEXT_TYPES if kind is not AttributeType.STATE)

_Key = tuple[GroupKey, AttributeType | None]


class Grouping:
    """Groups of a table's rows.

    Args:
        table: The rows.
        by: Paths of the attributes in which they agree.
        columns: Of which figures are told.
        dialect: Of the database.
    """

    def __init__(self, table: Table, by: Sequence[str], columns: Sequence[Column], dialect: Dialect) -> None:
        self._table = table
        self._dialect = dialect
        self._source: FromClause = containers
        self._keys: list[Label[Any]] = []
        self._readers: list[Callable[[RowMapping], _Key]] = []
        for path in by:
            self._add_key(path)
        self._values = [self._number(column).label(f"value_{at}") for at, column in enumerate(columns)]

    def statement(self, condition: ColumnElement[bool]) -> Select[Any]:
        """Return the statement that reads the groups, largest first."""
        rows = select(*self._keys, *self._values).select_from(self._source).where(condition).subquery()
        keys = [rows.c[key.name] for key in self._keys]
        count = func.count().label("row_count")
        figures = [figure for at in range(len(self._values)) for figure in _figures(at, rows.c[f"value_{at}"])]
        ordered = [key.asc().nulls_last() for key in keys]
        return select(count, *keys, *figures).group_by(*keys).order_by(count.desc(), *ordered)

    def read(self, row: RowMapping) -> Group:
        """Make a group of a row of the statement."""
        keys = [read(row) for read in self._readers]
        figures = tuple(
            Figures(row[f"count_{at}"], row[f"minimum_{at}"], row[f"mean_{at}"], row[f"maximum_{at}"])
            for at in range(len(self._values))
        )
        return Group(tuple(key for key, _ in keys), tuple(kind for _, kind in keys), row["row_count"], figures)

    def _add_key(self, path: str) -> None:
        number = len(self._readers)
        known = SYSTEM_TYPES.get(path)
        if known is not None:
            name = f"key_{number}"
            self._keys.append(self._system_key(path, known).label(name))
            self._readers.append(lambda row: _read(row[name], known))
            return
        rows, is_own = row_of(path)
        self._source = self._source.outerjoin(rows, is_own)
        texts = [(rows.c.type == kind.value, self._field(rows, kind)) for kind in _STORED_TEXTS]
        wholes = rows.c.type.in_([kind.value for kind in _WHOLE])
        names = [f"{part}_{number}" for part in ("type", "real", "whole", "text")]
        parts = (rows.c.type, rows.c.float_value, case((wholes, rows.c.int_value)), case(*texts))
        self._keys += [part.label(name) for name, part in zip(names, parts, strict=True)]
        self._readers.append(lambda row: _read_stored(*(row[name] for name in names)))

    def _system_key(self, path: str, known: AttributeType) -> ColumnElement[Any]:
        if known is not AttributeType.STRING_SET:
            return system_field(path, self._table)
        rows, members = attributes.alias(), set_strings.alias()
        self._source = self._source.outerjoin(rows, and_(rows.c.container_pk == containers.c.pk, rows.c.path == path))
        self._source = self._source.outerjoin(members, members.c.attribute_pk == rows.c.pk)
        return members.c.value

    def _field(self, rows: FromClause, kind: AttributeType) -> ColumnElement[Any]:
        return stored_field(rows, kind, Aggregate.LAST, self._dialect)

    def _number(self, column: Column) -> ColumnElement[Any]:
        known = SYSTEM_TYPES.get(column.path)
        if known is not None:
            is_number = known in _NUMBERS
            return sql_cast(system_field(column.path, self._table) if is_number else null(), Double)
        rows, is_own = row_of(column.path)
        self._source = self._source.outerjoin(rows, is_own)
        fields = (
            (rows.c.type == kind.value, sql_cast(stored_field(rows, kind, column.aggregate, self._dialect), Double))
            for kind in _NUMBERS
        )
        return case(*fields)


def _figures(at: int, value: ColumnElement[Any]) -> list[Label[Any]]:
    return [
        func.count(value).label(f"count_{at}"),
        func.min(value).label(f"minimum_{at}"),
        func.avg(value).label(f"mean_{at}"),
        func.max(value).label(f"maximum_{at}"),
    ]


def _read(value: Any, kind: AttributeType) -> _Key:
    if value is None:
        return None, None
    return (bool(value) if kind is AttributeType.BOOL else value), kind


def _read_stored(kind: str | None, real: float | None, whole: int | None, text: str | None) -> _Key:
    if kind is None:
        return None, None
    values = (value for value in (text, real, whole) if value is not None)
    return _read(next(values, None), AttributeType(kind))
