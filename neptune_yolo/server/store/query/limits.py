"""No query of a table keeps a database busy for longer than a limit."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from neptune_yolo.server.exceptions import InvalidRequestError

LIMIT_SECONDS = 20.0

_STEPS = 100_000
"""Instructions of SQLite between two looks at the clock; some milliseconds."""

_CANCELLED = "57014"
"""PostgreSQL's code for a statement that took too long."""


@contextmanager
def limited(connection: Connection) -> Iterator[None]:
    """Stop what the block runs on a connection once it has taken too long.

    Raises:
        InvalidRequestError: If it has.
    """
    seconds = LIMIT_SECONDS
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
        with _translated(seconds):
            yield
        connection.execute(text("SET LOCAL statement_timeout = DEFAULT"))
        return
    raw: Any = connection.connection.driver_connection
    end = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        with _translated(seconds):
            yield
    finally:
        raw.set_progress_handler(None, 0)


@contextmanager
def _translated(seconds: float) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _CANCELLED or str(error.orig) == "interrupted":
            raise InvalidRequestError(
                f"Expected a query that is answered within {seconds:g} s, but this one takes longer. "
                f"Ask for fewer rows: add a condition on sys/creation_time, for example."
            ) from error
        raise
