"""The socket over which a run is told what its user wants of it.

The client opens one for each run and keeps it. Nothing is said on it yet but that the server is there. Without it, the
client would try again and again, and draw from Python's global random numbers each time, which a seeded training uses.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from neptune_yolo.server.api.authentication import Authenticator
from neptune_yolo.server.exceptions import UnauthorizedError

SIGNAL_PATH = "/api/notifications/v1/runs/{project_id}/{run_id}/signal"
"""The client's own address, not one of the Swagger documents."""

HEARTBEAT = ""
HEARTBEAT_SECONDS = 10.0

POLICY_VIOLATION = 1008
"""Code with which a socket is closed that has no access token."""


def signal_route(authenticator: Authenticator) -> WebSocketRoute:
    """Return the route of the socket."""
    return WebSocketRoute(SIGNAL_PATH, _hold_open(authenticator))


def _hold_open(authenticator: Authenticator) -> Callable[[WebSocket], Awaitable[None]]:
    async def hold_open(socket: WebSocket) -> None:
        try:
            authenticator.check_access(socket)
        except UnauthorizedError as error:
            await socket.close(POLICY_VIOLATION, str(error)[:120])
            return
        await socket.accept()
        try:
            while True:
                await _wait_for_the_end(socket)
                await socket.send_text(HEARTBEAT)
        except WebSocketDisconnect:
            return

    return hold_open


async def _wait_for_the_end(socket: WebSocket) -> None:
    """Wait until it is time for a heartbeat.

    Raises:
        WebSocketDisconnect: If the client has left.
    """
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            while True:
                await socket.receive_text()  # the client has nothing to say
    except TimeoutError:
        return
