"""Engines and transactions; every difference between databases lives here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from neptune_yolo.server.exceptions import StorageUnavailableError

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another process that holds the database, in milliseconds."""

WRITER_TIMEOUT_SECONDS = 60.0
"""How long a request waits for the writers before it."""

READER_COUNT = 8
"""Connections for reading in one process."""


class Engines:
    """A reading and a writing engine on one database.

    SQLite allows one writer at a time: the writing engine has a single connection, so that writers of one process
    queue in order, and its transactions take the write lock at their start. A commit is on disk when it returns.

    Args:
        database_url: SQLAlchemy address of the database.
    """

    def __init__(self, database_url: str) -> None:
        self._is_sqlite = make_url(database_url).get_backend_name() == "sqlite"
        self.reader = self._create(database_url, pool_size=READER_COUNT, writes=False)
        self.writer = self._create(database_url, pool_size=1, writes=True)

    def _create(self, database_url: str, *, pool_size: int, writes: bool) -> Engine:
        engine = create_engine(database_url, pool_size=pool_size, max_overflow=0, pool_timeout=WRITER_TIMEOUT_SECONDS)
        if self._is_sqlite:
            _prepare_sqlite(engine, writes=writes)
        return engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database and cannot change it.

        Raises:
            StorageUnavailableError: If the database cannot be read.
        """
        with _translated_errors(), self.reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that is committed at the end of the block, and rolled back on an error.

        Raises:
            StorageUnavailableError: If the database cannot be written: the disk is full, say.
        """
        with _translated_errors(), self.writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()


def _prepare_sqlite(engine: Engine, *, writes: bool) -> None:
    """Set the pragmas of each connection, and let SQLAlchemy, not the driver, begin transactions."""

    def set_pragmas(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        if not writes:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", begin)


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise StorageUnavailableError(
            f"Expected a database connection within {WRITER_TIMEOUT_SECONDS:g} s, but all are in use. Try again."
        ) from error
    except DBAPIError as error:
        if _is_operational(error):
            raise StorageUnavailableError(
                f"Expected the database to take the request, got {str(error.orig)!r}. "
                f"Check free disk space and permissions of the data folder; the client tries again."
            ) from error
        raise


def _is_operational(error: DBAPIError) -> bool:
    """Tell trouble of the surroundings (disk, locks, connection) from an error in a statement."""
    name = type(error.orig).__name__
    text = str(error.orig).lower()
    return name == "OperationalError" and "no such" not in text and "syntax error" not in text
