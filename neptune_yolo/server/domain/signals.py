"""What a user wants of a run while its program is at work."""

from dataclasses import dataclass
from enum import StrEnum

from neptune_yolo.server.domain.ids import ContainerId

MAX_SECONDS = 24 * 3600
"""Longest time that a program may be given to send what it has, in seconds."""

VALID_FOR_MS = 10 * 60 * 1000
"""Age from which a signal that nobody took is void, in milliseconds: it is not meant for whoever resumes the run."""


class SignalKind(StrEnum):
    """Ways to end a run's program; an aborted run counts as failed."""

    STOP = "stop"
    ABORT = "abort"


@dataclass(frozen=True)
class Signal:
    """A wish that the program behind a run ends.

    Attributes:
        pk: Row number in the store.
        run_id: UUID text of the run.
        kind: Whether the run counts as failed.
        seconds: How long the program may take to send what it has; None for as long as it needs.
        delivered: Whether a program has been told.
    """

    pk: int
    run_id: ContainerId
    kind: SignalKind
    seconds: int | None
    delivered: bool
