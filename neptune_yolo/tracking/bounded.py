"""Calls that may wait for a server that is gone, with a bound."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_Result = TypeVar("_Result")


def call_bounded(function: Callable[[], _Result], timeout_seconds: float) -> _Result:
    """Return what a function returns, or raise what it raises, within a time.

    It runs in a daemon thread, which goes on if the time is over.

    Args:
        function: What to call.
        timeout_seconds: Seconds to wait.

    Raises:
        TimeoutError: If the time is over.
    """
    future: Future[_Result] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 - handed over to the caller, whatever it is
            future.set_exception(error)

    threading.Thread(target=run, name="neptune-yolo-bounded", daemon=True).start()
    try:
        return future.result(timeout_seconds)
    except TimeoutError:
        if future.done():
            raise
        raise TimeoutError(f"there was no answer within {timeout_seconds:g} s") from None
