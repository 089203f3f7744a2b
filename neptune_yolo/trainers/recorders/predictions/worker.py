"""One background thread for slow work that may be skipped: if it is behind, the newest job wins."""

import threading
import time
from collections.abc import Callable

Job = Callable[[Callable[[], bool]], None]
"""Does its work, asking now and then the function that it is given whether to give up."""


class NewestJobWorker:
    """Does one job at a time; one more may wait, and is replaced by a newer one.

    The thread begins with the first job. It is a daemon: it never keeps a process alive.

    Args:
        name: Name of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._waiting: Job | None = None
        self._busy = False
        self._closing = False
        self._given_up = threading.Event()
        self._thread: threading.Thread | None = None

    def submit(self, job: Job) -> bool:
        """Let a job be done as soon as the one before it is; nothing is done after `close`.

        Returns:
            Whether the job took the place of one that is skipped now.
        """
        with self._changed:
            if self._closing:
                return False
            replaced = self._waiting is not None
            self._waiting = job
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return replaced

    def close(self, timeout_seconds: float) -> bool:
        """Take no more jobs, and wait for those that there are; what is not done in time is given up.

        Returns:
            Whether everything was done.
        """
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            while (self._busy or self._waiting is not None) and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            done = not self._busy and self._waiting is None
            self._waiting = None
        if not done:
            self._given_up.set()
        return done

    def _work(self) -> None:
        while True:
            with self._changed:
                while self._waiting is None:
                    if self._closing:
                        return
                    self._changed.wait()
                job, self._waiting, self._busy = self._waiting, None, True
            try:
                job(self._given_up.is_set)
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()
