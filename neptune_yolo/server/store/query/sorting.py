"""The order of a table's rows."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, func
from sqlalchemy.sql.elements import UnaryExpression

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.system import SYSTEM_TYPES
from neptune_yolo.server.nql.table import Table
from neptune_yolo.server.store.models import containers
from neptune_yolo.server.store.query.dialect import Dialect
from neptune_yolo.server.store.query.fields import TEXT_TYPES, row_of, stored_field, system_field

_NUMBERS = (AttributeType.FLOAT, AttributeType.FLOAT_SERIES, AttributeType.INT)
_NEVER_NULL = frozenset({"sys/id", "sys/creation_time", "sys/modification_time", "sys/ping_time", "sys/owner"})


def sort(statement: Select[Any], table: Table, dialect: Dialect) -> Select[Any]:
    """Return a statement that reads ``containers``, sorted.

    Args:
        statement: What is read.
        table: What is asked for.
        dialect: Of the database.
    """
    wanted = table.sorting
    known = SYSTEM_TYPES.get(wanted.name)
    if known is AttributeType.STRING_SET:
        return statement.order_by(*_directed([], table))
    if known is not None:
        field = system_field(wanted.name, table)
        key = dialect.ordered(field) if known in TEXT_TYPES else field
        return statement.order_by(*_directed([key], table, nullable=wanted.name not in _NEVER_NULL))
    rows, is_own = row_of(wanted.name)
    keys = _stored_keys(table, lambda kind: _only(rows, kind, stored_field(rows, kind, wanted.aggregate, dialect)))
    if wanted.type in TEXT_TYPES:
        keys[0] = dialect.ordered(keys[0])
    return statement.outerjoin(rows, is_own).order_by(*_directed(keys, table))


def _stored_keys(table: Table, field: Callable[[AttributeType], ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """Return the keys of an attribute that somebody has written: one, or for texts those of texts and of numbers."""
    kind = table.sorting.type
    numbers = func.coalesce(*(field(number) for number in _NUMBERS))
    if kind in _NUMBERS:
        return [numbers]
    if kind in TEXT_TYPES:
        return [func.coalesce(field(AttributeType.STRING), field(AttributeType.STRING_SERIES), field(kind)), numbers]
    return [field(kind)]


def _only(rows: FromClause, kind: AttributeType, field: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((rows.c.type == kind.value, field))


def _directed(
    keys: list[ColumnElement[Any]], table: Table, *, nullable: bool = True
) -> list[ColumnElement[Any] | UnaryExpression[Any]]:
    descending = table.sorting.descending
    directed = [key.desc() if descending else key.asc() for key in keys]
    last = containers.c.pk.desc() if descending else containers.c.pk.asc()
    return [*([key.nulls_last() for key in directed] if nullable else directed), last]
