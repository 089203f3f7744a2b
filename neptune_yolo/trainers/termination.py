"""Ctrl+C and SIGTERM: a training that they end still closes its run."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_LOGGER = logging.getLogger(__name__)
_EXIT_CODE = 128 + 15  # what a shell reports for a program that SIGTERM ended
_PATIENCE = 2  # further presses of Ctrl+C that are answered by a sentence


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


@contextmanager
def patient_interrupts() -> Iterator[None]:
    """Finish the block although Ctrl+C is pressed once or twice more; the third time ends it.

    Impatient presses come within a second or two of the first, and would leave the run without its end. Does nothing
    outside the main thread, or if the program handles Ctrl+C itself.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    presses = 0

    def answer(signal_number: int, frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        if presses > _PATIENCE:
            signal.default_int_handler(signal_number, frame)
        left = _PATIENCE - presses + 1
        _LOGGER.warning(
            "The run is being closed. Press Ctrl+C %s more to leave at once; `neptune-yolo sync` sends what is left.",
            "once" if left == 1 else f"{left} times",
        )

    signal.signal(signal.SIGINT, answer)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _request_exit(_signal_number: int, _frame: FrameType | None) -> NoReturn:
    raise TerminationRequest(_EXIT_CODE)
