"""Waits for the threads in which Ultralytics draws its pictures; Ultralytics itself never does."""

import threading
import time

_THREAD_NAME = "(plot_"  # Python names a thread after its function: "Thread-3 (plot_images)"


class PlotThreads:
    """The drawing threads that begin after this object is made."""

    def __init__(self) -> None:
        self._earlier = set(threading.enumerate())

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until all of them have ended, or the time is over.

        Returns:
            Whether all have ended.
        """
        deadline = time.monotonic() + timeout_seconds
        for thread in threading.enumerate():
            if thread not in self._earlier and _THREAD_NAME in thread.name and thread is not threading.current_thread():
                thread.join(max(deadline - time.monotonic(), 0))
                if thread.is_alive():
                    return False
        return True
