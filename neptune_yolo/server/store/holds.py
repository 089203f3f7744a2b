"""Who needs at the moment that no blob is removed, in the database."""

from sqlalchemy import Connection, delete, func, select
from sqlalchemy import insert as insert_into

from neptune_yolo.server.store.models import holds


class SqlHoldStore:
    """Implements ``HoldStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, name: str, expires_ms: int) -> None:
        """Store a hold, in place of one with the same name; it ends by itself at ``expires_ms`` (since 1970, UTC)."""
        self._connection.execute(delete(holds).where(holds.c.name == name))
        self._connection.execute(insert_into(holds).values(name=name, expires_ms=expires_ms))

    def remove(self, name: str) -> None:
        """End a hold; harmless if there is none."""
        self._connection.execute(delete(holds).where(holds.c.name == name))

    def is_active(self, now_ms: int) -> bool:
        """Return whether somebody needs that no blob is removed."""
        count = select(func.count()).select_from(holds).where(holds.c.expires_ms > now_ms)
        return self._connection.scalar(count) != 0
