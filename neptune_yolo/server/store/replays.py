"""Batches that were answered, in the database."""

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy import insert as insert_into

from neptune_yolo.server.store.models import replays

KEPT_PER_CONTAINER = 64
"""Batches remembered for each container; a client repeats only its newest."""

_OF_CONTAINER = replays.c.container_pk == bindparam("container")
_FIND = select(replays.c.errors).where(_OF_CONTAINER, replays.c.digest == bindparam("digest"))
_INSERT = insert_into(replays)
_NEWEST_TO_DROP = (
    select(replays.c.pk).where(_OF_CONTAINER).order_by(replays.c.pk.desc()).offset(KEPT_PER_CONTAINER).limit(1)
)
_DROP_OLD = delete(replays).where(_OF_CONTAINER, replays.c.pk <= _NEWEST_TO_DROP.scalar_subquery())


class SqlReplayStore:
    """Implements ``ReplayStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, container_pk: int, digest: str) -> list[str] | None:
        """Return the error sentences that a batch was answered with, or None if it never came."""
        text = self._connection.execute(_FIND, {"container": container_pk, "digest": digest}).scalar_one_or_none()
        return None if text is None else [str(error) for error in orjson.loads(text)]

    def remember(self, container_pk: int, digest: str, errors: Sequence[str], now_ms: int) -> None:
        """Store what a batch was answered with; old ones of the container are dropped."""
        row = {
            "container_pk": container_pk,
            "digest": digest,
            "errors": orjson.dumps(list(errors)).decode(),
            "created_ms": now_ms,
        }
        self._connection.execute(_INSERT, row)
        self._connection.execute(_DROP_OLD, {"container": container_pk})
