"""What goes wrong in a database, in the server's words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from neptune_yolo.server.exceptions import InvalidRequestError, NotFoundError, StorageUnavailableError

_READ_ONLY = "25006"
_NO_PRIVILEGE = "42501"
_FOREIGN_KEY = "23503"
_PROGRAM_LIMIT = "54000"
_UNAVAILABLE_STATES = frozenset({_READ_ONLY, _NO_PRIVILEGE})
"""SQLSTATEs of PostgreSQL that say what the surroundings do not allow, beside the ``OperationalError`` of its driver:
a standby cannot write, the account may not."""


@dataclass(frozen=True)
class Opening:
    """What is said where a database can't be opened; the words for requests name no place, because clients get them.

    Attributes:
        name: Which database, without its password.
        advice: What to do, as a sentence.
    """

    name: str
    advice: str


@contextmanager
def translated_errors(wait_seconds: float, opening: Opening | None = None) -> Iterator[None]:
    """Raise the server's own errors for those of the database.

    Args:
        wait_seconds: How long a connection was waited for, for the message.
        opening: The database that is opened, if that is what is done; None for a request.

    Raises:
        StorageUnavailableError: For trouble of the surroundings that may pass: no connection, no space, a lock that is
            held for too long, two transactions that wait for each other.
        InvalidRequestError: For values that the database cannot keep.
        NotFoundError: If what is to be changed was deleted at the same moment.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise StorageUnavailableError(
            f"Expected a database connection within {wait_seconds:g} s, but all are in use. Try again."
        ) from error
    except DBAPIError as error:
        if opening is not None and (_is_unavailable(error) or _is_no_database(error)):
            raise StorageUnavailableError(
                f"Expected to open the database {opening.name}, got {_reason(error)!r}. {opening.advice}"
            ) from error
        if isinstance(error, DataError) or _state(error) == _PROGRAM_LIMIT:
            raise InvalidRequestError(
                f"Expected values that the database can keep, got {_reason(error)!r}. Send smaller or other values."
            ) from error
        if _is_unavailable(error):
            raise StorageUnavailableError(
                f"Expected the database to take the request, got {_reason(error)!r}. Check that it is reachable, "
                f"has free disk space, and may be written; the client tries again."
            ) from error
        if _state(error) == _FOREIGN_KEY:
            raise NotFoundError("run, model or project", "deleted at the same moment") from error
        raise


def _state(error: DBAPIError) -> str | None:
    """Return the SQLSTATE of an error of PostgreSQL."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _reason(error: DBAPIError) -> str:
    """Return the first line of what the driver says, without the statement and its values."""
    return str(error.orig).strip().partition("\n")[0][:200]


def _is_no_database(error: DBAPIError) -> bool:
    """Tell a file that is something else than an SQLite database, or a damaged one."""
    return type(error.orig) is sqlite3.DatabaseError


def _is_unavailable(error: DBAPIError) -> bool:
    """Tell trouble of the surroundings (disk, locks, connection) from an error in a statement."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    if isinstance(error, OperationalError):
        text = str(error.orig).lower()
        in_statement = "no such" in text or "syntax error" in text
        return not (in_statement and isinstance(error.orig, sqlite3.OperationalError))
    return isinstance(error, DatabaseError) and _state(error) in _UNAVAILABLE_STATES
