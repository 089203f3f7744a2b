"""Signals to running programs, in the database: the program may be connected to another process of the server."""

from sqlalchemy import Connection, delete, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.signals import Signal, SignalKind
from neptune_yolo.server.store.models import containers, signals


class SqlSignalStore:
    """Implements ``SignalStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, container_pk: int, kind: SignalKind, seconds: int | None, now_ms: int) -> None:
        """Store a signal to a run."""
        self._connection.execute(
            insert_into(signals).values(container_pk=container_pk, kind=kind.value, seconds=seconds, created_ms=now_ms)
        )

    def list_since(self, created_ms: int) -> list[Signal]:
        """Return the signals to all runs from a moment on, oldest first."""
        statement = (
            select(signals, containers.c.id)
            .join(containers, containers.c.pk == signals.c.container_pk)
            .where(signals.c.created_ms >= created_ms)
            .order_by(signals.c.pk)
        )
        return [
            Signal(
                pk=row[signals.c.pk],
                run_id=ContainerId(row[containers.c.id]),
                kind=SignalKind(row[signals.c.kind]),
                seconds=row[signals.c.seconds],
                delivered=row[signals.c.delivered_ms] is not None,
            )
            for row in self._connection.execute(statement).mappings()
        ]

    def mark_delivered(self, pk: int, now_ms: int) -> None:
        """Remember that a program has been told; the first time counts."""
        self._connection.execute(
            update(signals).where(signals.c.pk == pk, signals.c.delivered_ms.is_(None)).values(delivered_ms=now_ms)
        )

    def forget_before(self, created_ms: int) -> None:
        """Remove the signals that were given before a moment."""
        self._connection.execute(delete(signals).where(signals.c.created_ms < created_ms))
