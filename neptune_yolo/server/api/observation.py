"""Watches each request: an id for it, a line in the log, and the figures for Prometheus."""

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neptune_yolo.server.api.metrics import Metrics

REQUEST_ID_HEADER = b"x-request-id"
NO_ROUTE = "none"
"""Name of the route of a request that no route matches."""

STATUS_WITHOUT_ANSWER = 499
"""Counted where the peer went away before it had an answer."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"health", "ready", "metrics"})

logger = logging.getLogger("neptune_yolo.server.requests")


def route_names(routes: Iterable[BaseRoute]) -> Mapping[Callable[..., Any], str]:
    """Return the name of each route, by what answers it: its own name, or the pattern of its path."""
    named = [route for route in routes if isinstance(route, Route)]
    return {
        route.endpoint: route.path if route.name == getattr(route.endpoint, "__name__", "") else route.name
        for route in named
    }


class Observe:
    """ASGI wrapper around the whole application.

    The log tells request id, address and name of the user, method, route, status and duration. It never tells paths,
    queries, headers or bodies: names of runs and tokens stay out of it.
    """

    def __init__(self, app: ASGIApp, names: Mapping[Callable[..., Any], str], metrics: Metrics) -> None:
        self._app = app
        self._names = names
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        status = STATUS_WITHOUT_ANSWER
        failure: Exception | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (REQUEST_ID_HEADER, request_id.encode())]
            await send(message)

        started = time.perf_counter()
        self._metrics.begin()
        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:  # told in the log with the request's id; it has been answered
            failure = error
            if status == STATUS_WITHOUT_ANSWER:
                raise
        finally:
            self._record(scope, request_id, status, time.perf_counter() - started, failure)

    def _record(self, scope: Scope, request_id: str, status: int, seconds: float, failure: Exception | None) -> None:
        endpoint = scope.get("endpoint")
        route = self._names.get(endpoint, NO_ROUTE) if endpoint is not None else NO_ROUTE
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.end(route, method, status, seconds)
        level = logging.ERROR if failure else logging.DEBUG if route in _QUIET else logging.INFO
        facts = {
            "request_id": request_id,
            "client": (scope.get("client") or ("",))[0],
            "user": scope.get("state", {}).get("user_name", ""),
            "method": method,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
        }
        logger.log(level, "failed inside" if failure else "answered", extra={"fields": facts}, exc_info=failure)
