"""How a training stands, and why it ended."""

import traceback
from dataclasses import dataclass
from enum import StrEnum

_LONGEST_REASON = 4_000


class TrainingState(StrEnum):
    """How a training stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Outcome:
    """How a training ended.

    Args:
        state: Completed, failed or interrupted.
        reason: Why, in words; empty for a completed training.
        traceback_lines: Traceback of the exception that ended it; empty if there was none.
    """

    state: TrainingState
    reason: str = ""
    traceback_lines: tuple[str, ...] = ()

    @classmethod
    def of(cls, error: BaseException) -> "Outcome":
        """Return the outcome of a training that an exception ended.

        Ctrl+C and a request to exit interrupt a training; every other exception means that it failed.
        """
        lines = tuple(line.rstrip("\n") for line in traceback.format_exception(error))
        if isinstance(error, KeyboardInterrupt):
            return cls(TrainingState.INTERRUPTED, "KeyboardInterrupt: stopped by Ctrl+C or SIGINT", lines)
        if isinstance(error, SystemExit):
            detail = getattr(error, "reason", None) or f"exit code {error.code}"
            return cls(TrainingState.INTERRUPTED, f"SystemExit: {detail}", lines)
        return cls(TrainingState.FAILED, f"{type(error).__name__}: {error}"[:_LONGEST_REASON], lines)
