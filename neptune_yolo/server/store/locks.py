"""What keeps transactions apart that run at the same time.

SQLite runs one writing transaction at a time: nothing is to be done there. On PostgreSQL, where a server process that
ends loses its locks, they are advisory locks and locks of rows, held until the transaction ends.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, Select, text

from neptune_yolo.server.domain.ids import Sha256

_MIGRATION_KEY = 0x6E79_6D69_6772
"""Of the lock that is held while tables are changed: any number that other programs do not use."""

_BLOB_CLASS = 0x6E79_626C
"""First number of the locks on blobs; the second is the first byte of the hash."""


def lock_migrations(connection: Connection) -> None:
    """Wait until no other process changes the tables, and keep others from it."""
    if _is_postgresql(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_KEY})


def protect_blobs(connection: Connection, hashes: Collection[Sha256]) -> None:
    """Keep blobs that attributes are about to refer to from being removed.

    Args:
        connection: The transaction that refers to them; several may protect the same blob.
        hashes: The blobs. Few numbers stand for all, since the database keeps a limited number of locks.
    """
    if hashes and _is_postgresql(connection):
        statement = text("SELECT pg_advisory_xact_lock_shared(:class, key) FROM unnest(CAST(:keys AS integer[])) key")
        connection.execute(statement, {"class": _BLOB_CLASS, "keys": sorted(set(map(_blob_key, hashes)))})


def claim_blobs(connection: Connection, hashes: Sequence[Sha256]) -> list[Sha256]:
    """Keep other transactions from referring to blobs that may be removed.

    Returns:
        Those that no other transaction protects or claims; nothing is waited for.
    """
    if not hashes or not _is_postgresql(connection):
        return list(hashes)
    statement = text(
        "SELECT key FROM unnest(CAST(:keys AS integer[])) key WHERE pg_try_advisory_xact_lock(:class, key)"
    )
    parameters = {"class": _BLOB_CLASS, "keys": sorted(set(map(_blob_key, hashes)))}
    claimed = set(connection.execute(statement, parameters).scalars())
    return [sha256 for sha256 in hashes if _blob_key(sha256) in claimed]


def locked(connection: Connection, statement: Select[Any], table: FromClause) -> Select[Any]:
    """Return a statement that, in a writing transaction, locks the rows it finds in a table.

    Args:
        connection: The transaction; a reading one locks nothing.
        statement: Finds the rows, of few.
        table: Whose rows are to be changed.
    """
    if not _is_postgresql(connection) or not connection.get_execution_options().get("is_writing"):
        return statement
    return statement.with_for_update(of=table, key_share=True)


def _blob_key(sha256: Sha256) -> int:
    return int(sha256[:2], 16)


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
