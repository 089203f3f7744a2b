"""Errors of logging: caught, reported once a kind, counted, and summed up. They never end a training."""

import logging
import re
import threading
from collections import Counter
from contextlib import AbstractContextManager
from types import TracebackType

_LOGGER = logging.getLogger(__name__)
_CLIENT_LOGGER = "neptune"
_DETAILS = re.compile(r"'[^']*'|\"[^\"]*\"|[-+.\w]*\d[-+.\w]*")  # names, numbers and ids in a message
_LONGEST_SUMMARY = 16_000  # characters; a text attribute holds 16,384


class ErrorLedger:
    """Keeps the errors of logging of one training. Can be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def guard(self, doing: str) -> AbstractContextManager[None, bool]:
        """Catch and record an exception of the code inside; KeyboardInterrupt and SystemExit pass.

        Args:
            doing: What the code does, to complete the sentence "Logging failed while ...".
        """
        return _Guard(self, doing)

    def record(self, doing: str, problem: str, error: Exception | None = None) -> None:
        """Count a problem, and report it if it is the first of its kind.

        Args:
            doing: What was being done; problems of one doing and one type, or of one wording but for names and numbers,
                are of one kind.
            problem: What went wrong, in one line.
            error: The exception, if there is one; its traceback goes to the debug log.
        """
        kind = f"{doing}: {type(error).__name__ if error else _DETAILS.sub('...', problem)}"
        with self._lock:
            self._counts[kind] += 1
            is_first = self._counts[kind] == 1
            if is_first:
                self._first[kind] = f"{doing}: {type(error).__name__ if error else problem}"
        if is_first:
            first_line = problem.strip().splitlines()[0] if problem.strip() else ""
            _LOGGER.warning("Logging failed while %s (%s). The training goes on.", doing, first_line)
            _LOGGER.debug("Traceback of the failure while %s", doing, exc_info=error)

    @property
    def total(self) -> int:
        """Number of errors so far."""
        with self._lock:
            return self._counts.total()

    def summary(self) -> str:
        """Return one line for each kind of error: its number and the first of them; empty if there were none."""
        with self._lock:
            lines = [f"{number} x {self._first[kind]}" for kind, number in self._counts.items()]
            return "\n".join(lines)[:_LONGEST_SUMMARY]


class _Guard(AbstractContextManager[None, bool]):
    """Keeps a failing logger from ending a training; the only place that swallows exceptions of any kind."""

    def __init__(self, ledger: ErrorLedger, doing: str) -> None:
        self._ledger = ledger
        self._doing = doing

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self._ledger.record(self._doing, f"{type(error).__name__}: {error}", error)
        return True


class BackgroundErrors(logging.Handler):
    """Counts the errors that the client reports through its own log: those of sending, which happen in its threads.

    Args:
        ledger: Keeps the errors.
    """

    def __init__(self, ledger: ErrorLedger) -> None:
        super().__init__(level=logging.ERROR)
        self._ledger = ledger

    def start(self) -> None:
        """Begin to listen."""
        logging.getLogger(_CLIENT_LOGGER).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one error."""
        self._ledger.record("sending in the background", record.getMessage().strip().split("\n", 1)[0])

    def close(self) -> None:
        """Stop listening."""
        logging.getLogger(_CLIENT_LOGGER).removeHandler(self)
        super().close()
