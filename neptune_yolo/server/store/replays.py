"""Batches that were answered, in the database."""

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, delete, select
from sqlalchemy import insert as insert_into

from neptune_yolo.server.store.models import replays

KEPT_PER_CONTAINER = 64
"""Batches remembered for each container; a client repeats only its newest."""


class SqlReplayStore:
    """Implements ``ReplayStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, container_pk: int, digest: str) -> list[str] | None:
        """Return the error sentences that a batch was answered with, or None if it never came."""
        statement = select(replays.c.errors).where(replays.c.container_pk == container_pk, replays.c.digest == digest)
        text = self._connection.execute(statement).scalar_one_or_none()
        return None if text is None else [str(error) for error in orjson.loads(text)]

    def remember(self, container_pk: int, digest: str, errors: Sequence[str], now_ms: int) -> None:
        """Store what a batch was answered with; old ones of the container are dropped."""
        self._connection.execute(
            insert_into(replays).values(
                container_pk=container_pk,
                digest=digest,
                errors=orjson.dumps(list(errors)).decode(),
                created_ms=now_ms,
            )
        )
        newest = (
            select(replays.c.pk)
            .where(replays.c.container_pk == container_pk)
            .order_by(replays.c.pk.desc())
            .limit(KEPT_PER_CONTAINER)
        )
        self._connection.execute(
            delete(replays).where(replays.c.container_pk == container_pk, replays.c.pk.not_in(newest))
        )
