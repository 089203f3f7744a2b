"""Copies all tables between a database and a file of its own: the portable form that backups have.

The file is an SQLite database with the same tables, whatever the database is.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, Table, create_engine, delete, event, func, insert, select
from sqlalchemy import text as sql_text

from neptune_yolo.server.domain.files import Blob
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.exceptions import BackupError
from neptune_yolo.server.store.engine import Engines
from neptune_yolo.server.store.holds import SqlHoldStore
from neptune_yolo.server.store.migrate import current_revision, known_revisions, upgrade
from neptune_yolo.server.store.models import (
    file_entries,
    holds,
    image_points,
    metadata,
    released_blobs,
    server_keys,
    upload_parts,
    uploads,
)

_PASSING = frozenset({holds.name, uploads.name, upload_parts.name, released_blobs.name})
"""What a copy leaves out: work under way, whose bytes are not copied either."""

_OVERWRITTEN = frozenset({holds.name, server_keys.name})
"""What a database may have and still be empty: a server makes its keys at its first start."""

_ROWS = 1000
_WIDE_ROWS = 100
"""Rows at a time, and those of a table with packed points (up to 100 kB each)."""


class PortableDatabase:
    """A database whose tables are copied; unlike a store, it never changes their schema before that is asked for.

    Args:
        database_url: SQLAlchemy address of the database.
    """

    def __init__(self, database_url: str) -> None:
        self._engines = Engines(database_url)

    def close(self) -> None:
        """Close all connections."""
        self._engines.close()

    def hold(self, name: str, expires_ms: int) -> None:
        """Keep blobs from being removed until a moment, or until `release`.

        Args:
            name: Whose hold it is.
            expires_ms: When it ends by itself, in ms since 1970 (UTC).
        """
        with self._engines.writing() as connection:
            SqlHoldStore(connection).put(name, expires_ms)

    def release(self, name: str) -> None:
        """End a hold."""
        with self._engines.writing() as connection:
            SqlHoldStore(connection).remove(name)

    def require_newest_schema(self) -> None:
        """Require that the tables are those of this version.

        Raises:
            BackupError: If they are older, newer, or missing.
        """
        if self._engines.is_missing:
            raise BackupError(
                f"Expected the database {self._engines.name}, but there is no such file. Check the address, and in "
                "which folder you are: a relative path of the environment or of an option counts from there."
            )
        with self._engines.reading() as connection:
            found = current_revision(connection)
        if found != known_revisions()[-1]:
            raise BackupError(
                f"Expected tables of schema {known_revisions()[-1]} in the database {self._engines.name}, got "
                f"{found or 'none'}. Use the neptune-yolo of the version that serves it, or start a server of this "
                "version on it once."
            )

    def dump(self, target: Path) -> dict[str, int]:
        """Copy all tables, as one moment saw them, to a new file; return the number of rows of each.

        Args:
            target: The file; it must not exist.
        """
        with self._engines.reading(is_long=True) as source, _writing_file(target) as copy:
            upgrade(copy)
            return {table.name: _copy(table, source, copy) for table in _copied_tables()}

    def load(self, source: Path, row_counts: Mapping[str, int]) -> None:
        """Copy all tables of a file into this empty database, all or nothing.

        Args:
            source: A file that `dump` has written, of the newest schema.
            row_counts: How many rows tables must have.

        Raises:
            BackupError: If the database isn't empty, or a table has another number of rows.
        """
        with _reading_file(source) as copy, self._engines.migrating() as target:
            upgrade(target)
            _require_empty(target)
            target.execute(delete(server_keys))
            counts = {table.name: _copy(table, copy, target) for table in _copied_tables()}
            _require_counts(counts, row_counts)
            _continue_numbers(target)

    def require_empty(self) -> None:
        """Require that there is nothing in the database; its tables are made, or brought up to date.

        Raises:
            BackupError: If there is something in it.
        """
        with self._engines.migrating() as connection:
            upgrade(connection)
            _require_empty(connection)


def bring_up_to_date(file: Path) -> None:
    """Change the tables of a file that `dump` has written to those of this version.

    Args:
        file: The file.
    """
    with _writing_file(file) as connection:
        upgrade(connection)


def blobs_of(file: Path) -> list[Blob]:
    """Return the blobs that a file which `dump` has written refers to, each once, by hash."""
    columns = [(table.c.sha256, table.c.size_bytes) for table in (file_entries, image_points)]
    with _reading_file(file) as connection:
        found = {row[0]: row[1] for pair in columns for row in connection.execute(select(*pair))}
    return [Blob(Sha256(sha256), found[sha256]) for sha256 in sorted(found)]


def _copied_tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in _PASSING]


def _copy(table: Table, source: Connection, target: Connection) -> int:
    is_wide = any(isinstance(column.type, LargeBinary) for column in table.columns)
    rows_at_once = _WIDE_ROWS if is_wide else _ROWS
    count = 0
    result = source.execution_options(yield_per=rows_at_once).execute(select(table))
    for rows in result.mappings().partitions():
        target.execute(insert(table), [dict(row) for row in rows])
        count += len(rows)
    return count


def _require_empty(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        if table.name not in _OVERWRITTEN and connection.execute(select(table).limit(1)).first() is not None:
            raise BackupError(
                f"Expected an empty database to restore into, but its table {table.name} has rows. "
                "Name a new database (and new storage for its files)."
            )


def _require_counts(counts: Mapping[str, int], expected: Mapping[str, int]) -> None:
    for name, count in expected.items():
        if counts.get(name, 0) != count:
            raise BackupError(
                f"Expected {count} rows in the table {name} of the backup, as its manifest says, got "
                f"{counts.get(name, 0)}. Use another backup."
            )


def _continue_numbers(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that were copied; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and table.name not in _PASSING:
            largest = connection.scalar(select(func.max(column)))
            if largest is not None:
                statement = sql_text("SELECT setval(pg_get_serial_sequence(:table, :column), :largest)")
                connection.execute(statement, {"table": table.name, "column": column.name, "largest": largest})


@contextmanager
def _writing_file(file: Path) -> Iterator[Connection]:
    engine = _file_engine(file, {"journal_mode": "OFF", "synchronous": "OFF"})  # the whole file is made durable later
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _reading_file(file: Path) -> Iterator[Connection]:
    engine = _file_engine(file, {"query_only": "ON"})
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _file_engine(file: Path, pragmas: Mapping[str, str]) -> Engine:
    def set_pragmas(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        for name, value in pragmas.items():
            raw.execute(f"PRAGMA {name} = {value}")

    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(file), hide_parameters=True)
    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine
