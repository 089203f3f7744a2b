"""What services ask of the storage about signals to running programs."""

from typing import Protocol

from neptune_yolo.server.domain.signals import Signal, SignalKind


class SignalStore(Protocol):
    """Wishes that running programs end."""

    def add(self, container_pk: int, kind: SignalKind, seconds: int | None, now_ms: int) -> None:
        """Store a signal to a run."""

    def list_since(self, created_ms: int) -> list[Signal]:
        """Return the signals to all runs from a moment on, oldest first."""

    def mark_delivered(self, pk: int, now_ms: int) -> None:
        """Remember that a program has been told; the first time counts."""

    def forget_before(self, created_ms: int) -> None:
        """Remove the signals that were given before a moment."""
