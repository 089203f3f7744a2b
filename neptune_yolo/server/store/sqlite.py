"""How SQLite is opened."""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another process that holds the database, in milliseconds."""


def create_sqlite_engine(url: URL, *, pool_size: int, pool_timeout: float, writes: bool) -> Engine:
    """Return an engine whose commits are on disk when they return.

    SQLAlchemy, not the driver, begins transactions; a writing one takes the write lock at its start.

    Args:
        url: Of the database.
        pool_size: Connections; one for writing, so that writers of one process queue in order.
        pool_timeout: How long a transaction waits for a connection, in seconds.
        writes: Whether its transactions may write.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=pool_timeout,
        hide_parameters=True,
        execution_options={"is_writing": writes},
    )

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
    return engine
