"""When a server was last used, and what counts as use."""

import time

from starlette.types import ASGIApp, Receive, Scope, Send

from neptune_yolo.server.health import HEALTH_PATH, KEEP_QUERY


class ActivityClock:
    """Knows when the server was last used, and whether it has decided to leave."""

    def __init__(self) -> None:
        self._last_activity = time.monotonic()
        self.leaving = False

    def touch(self) -> None:
        """Note that the server is being used."""
        self._last_activity = time.monotonic()

    def idle_seconds(self) -> float:
        """Return the seconds since the last activity."""
        return time.monotonic() - self._last_activity


class CountUse:
    """ASGI wrapper: every request counts as use, but for health requests without the keep query.

    A server that is leaving refuses those with it, so that nobody relies on a server that ends at the same moment.
    """

    def __init__(self, app: ASGIApp, clock: ActivityClock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "http":
            is_health, is_asked = scope["path"] == HEALTH_PATH, scope["query_string"] == KEEP_QUERY.encode()
            if is_health and is_asked and self._clock.leaving:
                await send({"type": "http.response.start", "status": 503, "headers": [(b"connection", b"close")]})
                await send({"type": "http.response.body", "body": b""})
                return
            if is_asked or not is_health:
                self._clock.touch()
        await self._app(scope, receive, send)
