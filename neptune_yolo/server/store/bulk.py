"""Many rows in one statement, beneath SQLAlchemy's own compilation of values.

Names of tables and columns are those of ``models``; values always travel apart from the text.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

Row = tuple[Any, ...]


def insert_tuples(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows.

    Args:
        connection: The transaction.
        table: The table.
        rows: Values of all its columns, in order.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_insert_arrays(table), _as_arrays(rows))
    else:
        connection.exec_driver_sql(_insert_row(table), list(rows))


def take_rows(connection: Connection, table: Table, key: str, values: Sequence[int]) -> list[Row]:
    """Delete rows and return them, in any order.

    Args:
        connection: The transaction.
        table: The table.
        key: Column that finds the rows, a whole number.
        values: Those of the key.
    """
    if not values:
        return []
    is_postgresql = connection.dialect.name == "postgresql"
    among = "= ANY(%s::bigint[])" if is_postgresql else "IN (SELECT value FROM json_each(?))"
    columns = ", ".join(table.columns.keys())
    statement = f"DELETE FROM {table.name} WHERE {key} {among} RETURNING {columns}"  # noqa: S608 - names of models only
    keys = list(values) if is_postgresql else "[" + ",".join(map(str, values)) + "]"
    return [tuple(row) for row in connection.exec_driver_sql(statement, (keys,))]


def update_tuples(connection: Connection, table: Table, key: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set columns of rows.

    Args:
        connection: The transaction.
        table: The table.
        key: Column that finds a row.
        columns: Those to set.
        rows: Value of the key and the new values of the columns, in order.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_update_arrays(table, key, tuple(columns)), _as_arrays(rows))
    else:
        changes = ", ".join(f"{name} = ?" for name in columns)
        statement = f"UPDATE {table.name} SET {changes} WHERE {key} = ?"  # noqa: S608 - names of models only
        connection.exec_driver_sql(statement, [(*row[1:], row[0]) for row in rows])


@cache
def _insert_row(table: Table) -> str:
    columns = table.columns.keys()
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


@cache
def _insert_arrays(table: Table) -> str:
    columns = table.columns.keys()
    return f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM {_unnest(table, columns)}"  # noqa: S608


@cache
def _update_arrays(table: Table, key: str, columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = new.{name}" for name in columns)
    source = f"{_unnest(table, (key, *columns))} AS new ({', '.join((key, *columns))})"
    return f"UPDATE {table.name} SET {changes} FROM {source} WHERE {table.name}.{key} = new.{key}"  # noqa: S608


def _unnest(table: Table, columns: Sequence[str]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it without types
    types = (table.columns[name].type.compile(dialect) for name in columns)
    return f"unnest({', '.join(f'%s::{name}[]' for name in types)})"


def _as_arrays(rows: Sequence[Row]) -> tuple[Any, ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))
