"""Restarts the embedded server when its process disappears while somebody logs to it."""

import logging
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from neptune_yolo.server.exceptions import ServerError

if TYPE_CHECKING:
    from neptune_yolo.server.embedded import EmbeddedServer, RunningServer

_JOIN_SECONDS = 2.0

logger = logging.getLogger("neptune_yolo")


class ServerKeeper:
    """Looks after the embedded server from a thread of its own, between `start` and `close`.

    A client that finds the server gone repeats its requests; with the server back on the same port, it goes on by
    itself. Trouble is logged as a warning, once for each new message, and never raised.

    Attributes:
        restarts: How often a lost server was replaced.
        last_error: Message of the last restart that failed; None after one that worked.
    """

    def __init__(self, embedded: "EmbeddedServer", interval_seconds: float = 5) -> None:
        """Name the server; nothing starts yet.

        Args:
            embedded: The server to look after.
            interval_seconds: Time between two looks.
        """
        self._embedded = embedded
        self._interval_seconds = interval_seconds
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self.restarts = 0
        self.last_error: str | None = None

    def start(self) -> None:
        """Begin to look after the server; does nothing if that has begun."""
        if self._thread is None:
            self._closed.clear()
            self._thread = threading.Thread(target=self._look, name="neptune-yolo-server-keeper", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop looking; the server itself goes on. Waits two seconds at most."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)
            self._thread = None

    def __enter__(self) -> Self:
        """Begin to look after the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop looking."""
        self.close()

    def _look(self) -> None:
        while not self._closed.wait(self._interval_seconds):
            if not self._embedded.process_is_alive():
                self._restart()

    def _restart(self) -> None:
        try:
            server = self._embedded.ensure_running()
        except (ServerError, OSError) as error:
            self._report(str(error))
            return
        self.restarts += 1
        self.last_error = None
        self._tell(server)

    def _tell(self, server: "RunningServer") -> None:
        logger.warning("The embedded server was gone; it runs again on %s.", server.url)
        for note in server.notes:
            logger.warning("%s", note)

    def _report(self, message: str) -> None:
        if message != self.last_error:
            logger.warning("The embedded server is gone and can't be started again. %s", message)
        self.last_error = message
