"""What services ask of the storage about batches that come twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class AnsweredBatch:
    """A batch of operations that was answered.

    Attributes:
        digest: SHA-256 of the batch as it came.
        errors: The sentences that it was answered with.
        moment_ms: When, in milliseconds since 1970.
        session_id: The process that sent it; None if that is not known.
        unnumbered: Path of a series -> number of its points that came without a step.
    """

    digest: str
    errors: Sequence[str]
    moment_ms: int
    session_id: str | None
    unnumbered: Mapping[str, int]


class ReplayStore(Protocol):
    """Results of the last batches, so that a batch that is sent twice is applied once."""

    def find(self, container_pk: int, digest: str) -> list[str] | None:
        """Return the error sentences that a batch was answered with, or None if it never came."""

    def unnumbered_before(self, container_pk: int, session_id: str) -> Mapping[str, int]:
        """Return what the newest batch of a container had without steps, if that may come again from this session.

        Returns:
            Path -> number of points; empty if the session has sent a batch to the container before.
        """

    def remember(self, container_pk: int, batch: AnsweredBatch) -> None:
        """Store what a batch was answered with; old ones of the container are dropped."""
