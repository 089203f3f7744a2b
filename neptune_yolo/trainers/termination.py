"""Turns SIGTERM into an exception for the time of a training, so that the run can be closed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_EXIT_CODE = 128 + 15  # what a shell reports for a program that SIGTERM ended


class TerminationRequest(SystemExit):
    """Raised in the main thread when SIGTERM arrives; uncaught, it ends the program with exit code 143."""

    reason = "stopped by SIGTERM"


@contextmanager
def exit_on_sigterm() -> Iterator[None]:
    """Raise `TerminationRequest` on SIGTERM inside the block.

    Does nothing outside the main thread, or if the program handles SIGTERM itself.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _request_exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _request_exit(_signal_number: int, _frame: FrameType | None) -> NoReturn:
    raise TerminationRequest(_EXIT_CODE)
