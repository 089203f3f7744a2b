"""The socket over which a run's program is told what its user wants of it.

The client opens one for each run and keeps it. Without it, the client would try again and again, and draw from Python's
global random numbers each time, which a seeded training uses.

A wish lies in the database, since it may come through another process of the server than the one that the program is
connected to. Every socket of a run is told (several programs may write to one run): of wishes that nobody has been told
of when it opens, and of each that comes while it is open.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from neptune_yolo.server.api.authentication import Authenticator
from neptune_yolo.server.domain.signals import Signal
from neptune_yolo.server.exceptions import ForbiddenError, NotFoundError, StorageUnavailableError, UnauthorizedError
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.services.signals import SignalBoard

SIGNAL_PATH = "/api/notifications/v1/runs/{project_id}/{run_id}/signal"
"""The client's own address, not one of the Swagger documents."""

HEARTBEAT = ""
HEARTBEAT_SECONDS = 10.0

POLL_SECONDS = 1.0
"""How often one process of the server looks for signals, however many sockets it holds."""

SERVER_ENDS = 1012
"""Code of a socket that was closed because this server ends: the program goes on."""

POLICY_VIOLATION = 1008
"""Code with which a socket is closed whose caller may not listen."""

CLOSE_REASON_LENGTH = 120
"""Longest text that a socket is closed with; the protocol allows 123 bytes."""


def signal_route(authenticator: Authenticator, services: ServiceFactory) -> WebSocketRoute:
    """Return the route of the socket."""
    return WebSocketRoute(SIGNAL_PATH, _listen(authenticator, services, _Poll(services.signal_board)))


class _Poll:
    """Reads the signals at most once in a while; all sockets share what was read."""

    def __init__(self, board: SignalBoard) -> None:
        self.board = board
        self._lock = asyncio.Lock()
        self._read_at: float | None = None
        self._signals: Sequence[Signal] = ()

    async def signals(self) -> Sequence[Signal]:
        async with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at >= POLL_SECONDS:
                self._read_at = time.monotonic()
                try:
                    self._signals = await run_in_threadpool(self.board.list_valid)
                except StorageUnavailableError:
                    return self._signals  # the next look comes soon
        return self._signals


def _listen(
    authenticator: Authenticator, services: ServiceFactory, poll: _Poll
) -> Callable[[WebSocket], Awaitable[None]]:
    async def listen(socket: WebSocket) -> None:
        def check() -> None:
            confirmed = authenticator.confirm(caller)
            services.for_caller(confirmed).signals.require_listener(socket.path_params["run_id"])

        told: set[int] = set()
        try:
            caller = authenticator.check_access(socket)  # once: a socket stays open for longer than this token is good
            await run_in_threadpool(check)
            await socket.accept()
            await _serve(socket, poll, check, told)
        except (UnauthorizedError, ForbiddenError, NotFoundError) as error:
            await socket.close(POLICY_VIOLATION, str(error)[:CLOSE_REASON_LENGTH])
        except WebSocketDisconnect as end:
            if told and end.code != SERVER_ENDS:
                await _leave(poll.board, socket.path_params["run_id"])

    return listen


async def _serve(socket: WebSocket, poll: _Poll, check: Callable[[], None], told: set[int]) -> None:
    """Tell a program of signals, and that the server is there, until it leaves or may listen no more.

    Args:
        socket: Of the program.
        poll: Where the signals come from.
        check: Whether it may still listen.
        told: Takes the keys of the signals that it is told of.

    Raises:
        WebSocketDisconnect: If the client has left.
        UnauthorizedError: If its token is no longer valid.
        ForbiddenError: If its user may only read by now.
        NotFoundError: If the run is gone, or its user may not see it any more.
    """
    run_id = socket.path_params["run_id"]
    old = {signal.pk for signal in await poll.signals() if signal.delivered}
    beat_at = time.monotonic() + HEARTBEAT_SECONDS
    while True:
        for signal in await poll.signals():
            if signal.run_id == run_id and signal.pk not in old | told:
                await socket.send_text(_message(signal))
                told.add(signal.pk)
                await _mark(poll.board, signal)
        await _wait_for_the_end(socket, min(POLL_SECONDS, max(0.0, beat_at - time.monotonic())))
        if time.monotonic() >= beat_at:
            await _check_again(check)
            await socket.send_text(HEARTBEAT)
            beat_at = time.monotonic() + HEARTBEAT_SECONDS


async def _check_again(check: Callable[[], None]) -> None:
    try:
        await run_in_threadpool(check)
    except StorageUnavailableError:
        return  # the next heartbeat comes soon


def _message(signal: Signal) -> str:
    """Return a signal as the client reads it; without seconds, it stops for as long as it takes to send all."""
    body = {} if signal.seconds is None else {"seconds": signal.seconds}
    return orjson.dumps({"type": f"neptune/{signal.kind}", "body": body}).decode()


async def _mark(board: SignalBoard, signal: Signal) -> None:
    try:
        await run_in_threadpool(board.mark_delivered, signal)
    except StorageUnavailableError:
        return  # told once more when the program connects again; it is ending already


async def _leave(board: SignalBoard, run_id: str) -> None:
    try:
        await run_in_threadpool(board.mark_left, run_id)
    except StorageUnavailableError:
        return  # then it is idle after a while without a sign of life


async def _wait_for_the_end(socket: WebSocket, seconds: float) -> None:
    """Wait for so long, unless the client leaves.

    Raises:
        WebSocketDisconnect: If the client has left.
    """
    try:
        async with asyncio.timeout(seconds):
            while True:
                await socket.receive_text()  # the client has nothing to say
    except TimeoutError:
        return
