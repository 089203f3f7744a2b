"""Keeps the state file of a running server, and sees in the data folder why the server should leave."""

import logging

from neptune_yolo.server.home import HomeLayout
from neptune_yolo.server.state import ServerState

logger = logging.getLogger("neptune_yolo.server")


class FolderWatch:
    """A running server's view of its data folder. Made while the server lock is held."""

    def __init__(self, layout: HomeLayout, state: ServerState) -> None:
        """Write the state file.

        Args:
            layout: The data folder.
            state: State of the server that runs in this process.
        """
        self._layout = layout
        self._lock_identity = self._identity_of_lock()
        self.state = state
        state.write(layout.state)

    def reason_to_leave(self) -> str | None:
        """Return why the server should leave, as a sentence; None if it should stay.

        A state file that was removed is written again: without it nobody would find this server.
        """
        if self._is_asked_to_stop():
            return "asked to stop"
        if self._identity_of_lock() != self._lock_identity:
            return "the data folder was removed or replaced"
        if not self._layout.state.exists():
            self._write(self.state)
        return None

    def leave(self) -> None:
        """Note in the state file that the server has left, if the data folder is still this server's."""
        if self._identity_of_lock() == self._lock_identity:
            self._write(self.state.left())

    def _write(self, state: ServerState) -> None:
        try:
            state.write(self._layout.state)
        except OSError as error:  # a full disk must not end a server that others can still read from
            logger.warning("the state file can't be written: %s", error)

    def _is_asked_to_stop(self) -> bool:
        try:
            return self._layout.stop_request.read_text(encoding="utf-8").strip() == self.state.instance
        except OSError:
            return False  # the usual case: no such file

    def _identity_of_lock(self) -> tuple[int, int] | None:
        try:
            status = self._layout.server_lock.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino
