"""Which blobs attributes refer to, in the database."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, delete, select
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.store.locks import claim_blobs
from neptune_yolo.server.store.models import file_entries, image_points, released_blobs

LOOKUP_SIZE = 500
"""Hashes named in one statement; SQLite limits the number of parameters."""


class SqlReferenceStore:
    """Implements ``ReferenceStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_released(self) -> list[Sha256]:
        """Return the blobs that some attribute no longer refers to; another one may."""
        statement = select(released_blobs.c.sha256).distinct().order_by(released_blobs.c.sha256)
        return [Sha256(sha256) for sha256 in self._connection.scalars(statement)]

    def list_unreferred(self, hashes: Sequence[Sha256]) -> list[Sha256]:
        """Return which of the blobs no attribute refers to; for those that were claimed, that stays so."""
        referred: set[str] = set()
        for start in range(0, len(hashes), LOOKUP_SIZE):
            chunk = hashes[start : start + LOOKUP_SIZE]
            for table in (file_entries, image_points):
                referred.update(self._connection.scalars(select(table.c.sha256).where(table.c.sha256.in_(chunk))))
        return [sha256 for sha256 in hashes if sha256 not in referred]

    def claim(self, hashes: Sequence[Sha256]) -> list[Sha256]:
        """Take blobs off the list, and keep others from referring to them until the end of the transaction.

        What is released after this statement has begun stays on the list, so it comes before ``list_unreferred``.

        Returns:
            Those that no other transaction is about to refer to or remove; the others stay on the list.
        """
        claimed = claim_blobs(self._connection, hashes)
        for start in range(0, len(claimed), LOOKUP_SIZE):
            chunk = claimed[start : start + LOOKUP_SIZE]
            self._connection.execute(delete(released_blobs).where(released_blobs.c.sha256.in_(chunk)))
        return claimed

    def release(self, hashes: Sequence[Sha256]) -> None:
        """Put blobs on the list: nobody refers to them, and they are still there."""
        if hashes:
            self._connection.execute(insert_into(released_blobs), [{"sha256": sha256} for sha256 in hashes])


def release(connection: Connection, table: Table, condition: ColumnElement[bool]) -> None:
    """Note the blobs of rows that are about to be deleted.

    Args:
        connection: The transaction that deletes them.
        table: One with a column ``sha256``.
        condition: Which rows.
    """
    hashes = select(table.c.sha256).where(condition).distinct()
    connection.execute(insert_into(released_blobs).from_select(["sha256"], hashes))
