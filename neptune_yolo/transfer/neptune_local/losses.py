"""What of a queue cannot be sent: what is lost by it, and what only has to be said."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from neptune_yolo.transfer.neptune_local.operations import Record
from neptune_yolo.transfer.neptune_local.queues import LocalQueue
from neptune_yolo.transfer.report import Difference

MOST_SHOWN = 50

_FILES = frozenset({"UploadFile", "UploadFileContent", "UploadFileSet"})
_REPLACING = frozenset({"UploadFile", "UploadFileContent", "DeleteAttribute"})
_ASSIGNS = "Assign"


@dataclass(frozen=True)
class _Loss:
    """Something that is not sent.

    Args:
        path: Of its attribute; empty if it is not known.
        expected: What it is, in words.
        reason: Why it is not sent.
        order: How many operations were read before it.
    """

    path: str
    expected: str
    reason: str
    order: int


@dataclass
class Losses:
    """Follows the operations of a run.

    Attributes:
        noted: What is not sent and has only to be said: a torn line, and what the former server had.
    """

    noted: list[str] = field(default_factory=list)
    _losses: list[_Loss] = field(default_factory=list)
    _replaced: dict[str, int] = field(default_factory=dict)
    _order: int = 0
    _last: int = 0
    _unreadable: int = 0

    def begin(self) -> None:
        """Begin with a queue, whose operations are numbered from 1."""
        self._last = self._unreadable = 0

    def add(self, record: Record, queue: LocalQueue) -> None:
        """Look at the next operation of a queue."""
        self._order += 1
        if record.version > self._last:
            self._miss(queue, record.version - 1)
            self._last, self._unreadable = record.version, 0
        else:
            self._unreadable += 1
        if not record.problem:
            if record.type in _REPLACING or record.type.startswith(_ASSIGNS):
                self._replaced[record.path] = self._order
        elif record.is_excused:
            self.noted.append(f"{queue.name}: {record.problem}")
        else:
            words = "a file" if record.type in _FILES else "an operation"
            path = record.path[:200]
            self._losses.append(_Loss(path, words, f"{queue.name}: {record.problem}", self._order))

    def end(self, queue: LocalQueue) -> None:
        """Look for what a queue had after its last operation on disk."""
        self._miss(queue, queue.put)

    def notes(self) -> list[str]:
        """Return what has only to be said, also what a later operation has made good for."""
        return [*self.noted, *(loss.reason for loss in self._losses if self._is_replaced(loss))]

    def differences(self) -> list[Difference]:
        """Return what is lost."""
        return [
            Difference(loss.path or "operations", loss.expected, f"nothing: {loss.reason}")
            for loss in self._losses
            if not self._is_replaced(loss)
        ]

    def _is_replaced(self, loss: _Loss) -> bool:
        return bool(loss.path) and self._replaced.get(loss.path, 0) > loss.order

    def _miss(self, queue: LocalQueue, until: int) -> None:
        """Take the operations after the last one for missing, but for those that stand there and cannot be read."""
        if until - self._last <= self._unreadable:
            return
        begin, sent = self._last + 1, min(until, queue.acknowledged)
        if sent >= begin:
            words = f"the operations {begin} to {sent} had been sent to the former server and are not on disk any more"
            self.noted.append(f"{queue.name}: {words}")
        if until > max(sent, self._last):
            begin = max(begin, sent + 1)
            words = f"operation {until}" if begin == until else f"operations {begin} to {until}"
            self._losses.append(_Loss("", words, f"{queue.name}: they are not on the disk", self._order))


def shown(differences: Sequence[Difference]) -> list[Difference]:
    """Return the first of many, and how many there are beside."""
    rest = len(differences) - MOST_SHOWN
    further = [Difference("operations", f"{rest} operations more", "nothing")] if rest > 0 else []
    return [*differences[:MOST_SHOWN], *further]
