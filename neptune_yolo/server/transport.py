"""The server's side of a connection: how long it waits for a peer, and how many it holds at once."""

import asyncio
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from neptune_yolo.server.settings import ServerSettings

HEAD_BYTES = 64 * 1024
"""Largest head of a request (line and headers); an attribute's path may take 12 KiB of it when it is quoted."""

PEER_SECONDS = 30.0
"""How long a peer may take to send a request's head, or what is left of a request that has been answered."""

STALLED_SECONDS = 300.0
"""How long a peer may take nothing of an answer that waits for it; clients on a stopped machine come back."""

CLOSING_SECONDS = 2.0
"""How long a peer may take to confirm the end of a TLS connection; clients that are idle never do."""

KEEP_ALIVE_SECONDS = 75
OTHER_FILES = 1024
SOCKET_MESSAGE_BYTES = 64 * 1024
"""Largest message on a web socket; clients have nothing to say there."""


def transport_options(settings: ServerSettings) -> dict[str, Any]:
    """Return the options of ``uvicorn.Config`` that bound what a peer can make the server hold.

    Args:
        settings: Has the number of connections.
    """
    return {
        "http": GuardedProtocol,
        "h11_max_incomplete_event_size": HEAD_BYTES,
        "limit_concurrency": settings.max_connections,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "ws": "websockets-sansio",
        "ws_max_size": SOCKET_MESSAGE_BYTES,
        "ws_per_message_deflate": False,
        "server_header": False,
    }


def allow_connections(max_connections: int) -> None:
    """Let this process open as many files as its connections need, as far as the system allows it (POSIX).

    Args:
        max_connections: Connections at a time; files of uploads and of the database come on top.
    """
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max_connections + OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class GuardedProtocol(H11Protocol):
    """HTTP of uvicorn, which does not wait for ever.

    A connection is ended without a word if its peer does not complete the head of a request, or the rest of one that
    was answered early, within ``PEER_SECONDS``, or takes nothing of an answer for ``STALLED_SECONDS``. Connections
    above ``limit_concurrency`` are ended at once.
    """

    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) > self.limit_concurrency:
            transport.abort()
            return
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop to wait."""
        super().connection_lost(exc)
        self._forget()

    def data_received(self, data: bytes) -> None:
        """Take in bytes."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Go on to the next request."""
        super().on_response_complete()
        self._watch()
        self._end_soon()

    def shutdown(self) -> None:
        """End the connection, once the request under way is answered; streams see in its scope that they are to end."""
        if self.cycle is not None:
            self.cycle.scope.setdefault("state", {})["is_closing"] = True
        super().shutdown()
        self._end_soon()

    def pause_writing(self) -> None:
        """Begin to wait for a peer that does not read."""
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Note that the peer reads again."""
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _watch(self) -> None:
        """Begin or stop to wait, as the state of the connection demands."""
        if not self._waits_for_peer():
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None
        elif self._deadline is None:
            self._deadline = self.loop.call_later(PEER_SECONDS, self.transport.abort)

    def _waits_for_peer(self) -> bool:
        if self.transport.get_protocol() is not self:  # it is a web socket by now
            return False
        if self.conn.their_state is h11.IDLE:
            return self.timeout_keep_alive_task is None
        return self.conn.their_state is h11.SEND_BODY and self.cycle.response_complete

    def _end_soon(self) -> None:
        if self.transport.is_closing():
            self.loop.call_later(CLOSING_SECONDS, self._abort_once_sent)

    def _abort_once_sent(self) -> None:
        if self.transport.get_write_buffer_size():
            self._end_soon()
        else:
            self.transport.abort()

    def _forget(self) -> None:
        for timer in (self._deadline, self._stalled):
            if timer is not None:
                timer.cancel()
        self._deadline = self._stalled = None
