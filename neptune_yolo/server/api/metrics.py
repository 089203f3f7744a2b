"""Figures of a server process for Prometheus."""

import ipaddress
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

METRICS_PATH = "/metrics"
_BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0)
_FORWARDED_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Metrics:
    """The figures of one process; routes are told apart by name, never by path."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "neptune_yolo_requests", "Answered requests.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "neptune_yolo_request_seconds",
            "Time from a request's first byte to the end of its answer.",
            ("route",),
            buckets=_BUCKETS_SECONDS,
            registry=self._registry,
        )
        self._under_way = Gauge(
            "neptune_yolo_requests_under_way", "Requests that are being answered.", registry=self._registry
        )

    def begin(self) -> None:
        """Count a request that has come."""
        self._under_way.inc()

    def end(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that has been answered.

        Args:
            route: Name of the route.
            method: HTTP method.
            status: HTTP status of the answer.
            seconds: How long it took.
        """
        self._under_way.dec()
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self._registry)


def metrics_route(metrics: Metrics, require_admin: Callable[[Request], None]) -> Route:
    """Return the route of the figures: for programs of this machine, and for admins.

    Args:
        metrics: The figures.
        require_admin: Raises an error for a request that doesn't come from an admin.
    """

    async def answer(request: Request) -> Response:
        if not _is_of_this_machine(request):
            await run_in_threadpool(require_admin, request)
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return Route(METRICS_PATH, answer, name="metrics")


def _is_of_this_machine(request: Request) -> bool:
    """Return whether the peer is on this machine and doesn't speak for somebody else, as a proxy does."""
    if request.client is None or any(name in request.headers for name in _FORWARDED_HEADERS):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
