"""Signals of the operating system that end a server process in order."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn


@contextmanager
def signals_end(server: uvicorn.Server) -> Iterator[None]:
    """Let signals end the server in order, also those that uvicorn raises again after its own shutdown."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    handled = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        handled.append(signal.SIGBREAK)
    before = [(number, signal.signal(number, end)) for number in handled]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
