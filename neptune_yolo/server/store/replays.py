"""Batches that were answered, in the database."""

from collections.abc import Mapping

import orjson
from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.store.interfaces import AnsweredBatch
from neptune_yolo.server.store.models import replays

KEPT_PER_CONTAINER = 64
"""Batches remembered for each container; a client repeats only its newest."""

_OF_CONTAINER = replays.c.container_pk == bindparam("container")
_FIND = select(replays.c.errors).where(_OF_CONTAINER, replays.c.digest == bindparam("digest"))
_NEWEST = select(replays.c.session_id, replays.c.unnumbered).where(_OF_CONTAINER).order_by(replays.c.pk.desc()).limit(1)
_OF_SESSION = select(replays.c.pk).where(_OF_CONTAINER, replays.c.session_id == bindparam("session")).limit(1)
_ONLY_OF_NEWEST = update(replays).where(_OF_CONTAINER, replays.c.unnumbered.is_not(None)).values(unnumbered=None)
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

    def unnumbered_before(self, container_pk: int, session_id: str) -> Mapping[str, int]:
        """Return what the newest batch of a container had without steps, if that may come again from this session."""
        newest = self._connection.execute(_NEWEST, {"container": container_pk}).one_or_none()
        if newest is None or newest.unnumbered is None or newest.session_id == session_id:
            return {}
        of_session = {"container": container_pk, "session": session_id}
        if self._connection.execute(_OF_SESSION, of_session).one_or_none() is not None:
            return {}
        return {str(path): int(count) for path, count in orjson.loads(newest.unnumbered).items()}

    def remember(self, container_pk: int, batch: AnsweredBatch) -> None:
        """Store what a batch was answered with; old ones of the container are dropped."""
        row = {
            "container_pk": container_pk,
            "digest": batch.digest,
            "errors": orjson.dumps(list(batch.errors)).decode(),
            "created_ms": batch.moment_ms,
            "session_id": batch.session_id,
            "unnumbered": orjson.dumps(batch.unnumbered).decode() if batch.unnumbered else None,
        }
        if batch.unnumbered:
            self._connection.execute(_ONLY_OF_NEWEST, {"container": container_pk})
        self._connection.execute(_INSERT, row)
        self._connection.execute(_DROP_OLD, {"container": container_pk})
