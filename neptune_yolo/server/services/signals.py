"""Ask the program behind a run to end, wherever it is connected."""

from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import (
    Container,
    ContainerType,
    RunState,
    pending_running_ms,
    running_ms_after_ping,
)
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.signals import MAX_SECONDS, VALID_FOR_MS, Signal, SignalKind
from neptune_yolo.server.exceptions import ConflictError, InvalidRequestError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Store


@dataclass(frozen=True)
class SignalService:
    """Signals to runs.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        clock: Gives the present moment.
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    access: Access
    store: Store
    clock: Clock
    idle_after_ms: int

    def request(self, identifier: str, kind: SignalKind, seconds: int | None) -> Container:
        """Ask the programs that write to a run to send what they have and to end; they are told within seconds.

        Args:
            identifier: UUID text or ``workspace/project/SYS-ID``.
            kind: Whether the run counts as failed.
            seconds: How long they may take to send what they have, 0 to a day; None for as long as they need, so that
                nothing is lost.

        Raises:
            NotFoundError: If there is no such run.
            InvalidRequestError: If it is not a run, or the time is out of its range.
            ConflictError: If no program has given a sign of life lately: the signal would meet whoever resumes the run.
        """
        if seconds is not None and not 0 <= seconds <= MAX_SECONDS:
            raise InvalidRequestError(f"Expected 'seconds' from 0 to {MAX_SECONDS}, or none, got {seconds}.")
        with self.store.write() as session:
            run = self.access.container(session, identifier, Role.CONTRIBUTOR)
            if run.type is not ContainerType.RUN:
                raise InvalidRequestError(f"Expected a run, got {run.sys_id!r}, which is a {run.type}. Name a run.")
            now_ms = self.clock()
            if run.state(now_ms, self.idle_after_ms) is RunState.IDLE:
                raise ConflictError(
                    f"Expected a running program behind {run.sys_id!r}, but none has given a sign of life for "
                    f"{self.idle_after_ms // 1000} s. There is nothing to {kind}."
                )
            session.signals.forget_before(now_ms - VALID_FOR_MS)
            session.signals.add(run.pk, kind, seconds, now_ms)
        return run

    def require_listener(self, run_id: str) -> Container:
        """Return the run that the caller's program wants to hear of.

        Raises:
            NotFoundError: If there is no such run, or the caller may not see it.
            ForbiddenError: If the caller may only read it.
        """
        with self.store.read() as session:
            return self.access.container(session, run_id, Role.CONTRIBUTOR)


@dataclass(frozen=True)
class SignalBoard:
    """The signals to all runs, as the server itself looks at them.

    Attributes:
        store: Gives transactions.
        clock: Gives the present moment.
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    store: Store
    clock: Clock
    idle_after_ms: int

    def list_valid(self) -> list[Signal]:
        """Return the signals that are not too old, those that were delivered included."""
        with self.store.read() as session:
            return session.signals.list_since(self.clock() - VALID_FOR_MS)

    def mark_delivered(self, signal: Signal) -> None:
        """Remember that a program has been told."""
        with self.store.write() as session:
            session.signals.mark_delivered(signal.pk, self.clock())

    def mark_left(self, run_id: str) -> None:
        """Make a run idle whose program was told to end and has left; if another one is there, it says so soon.

        Args:
            run_id: UUID text.
        """
        with self.store.write() as session:
            run = session.containers.find_by_id(ContainerId(run_id))
            if run is None:
                return
            now_ms = self.clock()
            pinged_ms = min(run.pinged_ms, now_ms - self.idle_after_ms)
            pending_ms = pending_running_ms(run.created_ms, pinged_ms, run.modified_ms, self.idle_after_ms)
            lived_ms = running_ms_after_ping(run, now_ms, self.idle_after_ms) - pending_ms
            session.containers.record_ping(run.pk, pinged_ms, max(lived_ms, 0))
