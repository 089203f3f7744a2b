"""Composition: settings, store, services and routes become one application."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from neptune_yolo.dashboard.access import Visitors
from neptune_yolo.dashboard.routes import page_routes
from neptune_yolo.server.api.authentication import Authenticator
from neptune_yolo.server.api.errors import answer_http_error, answer_server_error, answer_unexpected_error
from neptune_yolo.server.api.guard import Guard
from neptune_yolo.server.api.readiness import READY_PATH, Readiness, answer_readiness
from neptune_yolo.server.api.routes import protocol_routes
from neptune_yolo.server.api.security_headers import SecurityHeaders
from neptune_yolo.server.api.v1.callers import make_identify
from neptune_yolo.server.api.v1.routes import v1_routes
from neptune_yolo.server.exceptions import ForbiddenError, ServerError
from neptune_yolo.server.health import HEALTH_PATH
from neptune_yolo.server.services.accounts import AccountService
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.services.clock import system_clock
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.storage import open_blobs
from neptune_yolo.server.store.sql import SqlStore
from neptune_yolo.version import package_version

FurtherRoutes = Callable[[Authenticator], Sequence[BaseRoute]]

CLEANING_SECONDS = 6 * 3600
"""How often leftovers are removed; what a delete sets free is removed at once."""


def create_app(settings: ServerSettings, further_routes: FurtherRoutes | None = None) -> Starlette:
    """Return the server as an ASGI application; its database is opened, and brought up to date, here.

    Args:
        settings: Addresses, folders and secrets.
        further_routes: Makes routes beside those of the protocol and the pages.

    Raises:
        StorageUnavailableError: If the database cannot be opened or written.
    """
    store = SqlStore(settings.database_url)
    blobs = open_blobs(settings.file_root, settings.bucket)
    settings = AccountService(store, system_clock).prepare(settings)
    services = ServiceFactory(store, blobs, settings)
    authenticator = Authenticator(settings, services.accounts)
    visitors = Visitors(settings, services.accounts)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        ending = threading.Event()
        cleaning = asyncio.create_task(_clean_now_and_then(services, ending)) if settings.does_maintenance else None
        yield
        ending.set()
        if cleaning is not None:
            cleaning.cancel()
            with suppress(asyncio.CancelledError):
                await cleaning
        store.close()

    return Starlette(
        routes=[
            Route(HEALTH_PATH, _health(settings), name="health"),
            Route(READY_PATH, answer_readiness(Readiness(store, blobs)), name="ready"),
            *(further_routes(authenticator) if further_routes else ()),
            *(protocol_routes(settings, services) if settings.serves_api else ()),
            *v1_routes(settings, services, make_identify(authenticator, visitors.require)),
            *(page_routes(settings, services, visitors) if settings.serves_pages else ()),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(Guard, settings=settings)],
        exception_handlers={
            ServerError: answer_server_error,
            HTTPException: answer_http_error,
            Exception: answer_unexpected_error,
        },
        lifespan=lifespan,
    )


def create_observed_app(settings: ServerSettings) -> ASGIApp:
    """Return the application of a team server: with a log line and figures of each request.

    Args:
        settings: Addresses, folders and secrets.

    Raises:
        StorageUnavailableError: If the database cannot be opened or written.
    """
    from neptune_yolo.server.api.metrics import Metrics, metrics_route
    from neptune_yolo.server.api.observation import Observe, route_names

    metrics = Metrics()

    def metrics_routes(authenticator: Authenticator) -> list[BaseRoute]:
        def require_admin(request: Request) -> None:
            caller = authenticator.identify(request)
            if not caller.is_admin:
                raise ForbiddenError(f"Expected an admin, got {caller.user_name!r}. Use an admin's API token.")

        return [metrics_route(metrics, require_admin)]

    app = create_app(settings, metrics_routes)
    return Observe(app, route_names(app.routes), metrics)


async def _clean_now_and_then(services: ServiceFactory, ending: threading.Event) -> None:
    while True:
        await run_in_threadpool(services.collector.clean, ending.is_set)
        await asyncio.sleep(CLEANING_SECONDS)


def _health(settings: ServerSettings) -> Callable[[Request], Awaitable[Response]]:
    content = {"status": "ok", "instance": settings.instance, "version": package_version()}

    async def answer(_request: Request) -> Response:
        return Response(orjson.dumps(content), media_type="application/json")

    return answer
