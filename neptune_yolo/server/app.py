"""Composition: settings, store, services and routes become one application."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from neptune_yolo.dashboard.routes import page_routes
from neptune_yolo.server.api.errors import answer_server_error, answer_unexpected_error
from neptune_yolo.server.api.routes import protocol_routes
from neptune_yolo.server.exceptions import ServerError
from neptune_yolo.server.health import HEALTH_PATH
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore
from neptune_yolo.version import package_version

LOOPBACK_HOSTS = ("127.0.0.1", "localhost")


def create_app(settings: ServerSettings) -> Starlette:
    """Return the server as an ASGI application; its database is opened, and brought up to date, here.

    Args:
        settings: Addresses, folders and secrets.

    Raises:
        StorageUnavailableError: If the database cannot be opened or written.
    """
    store = SqlStore(settings.database_url)
    services = ServiceFactory(store, DiskBlobStore(settings.file_root), settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        ending = threading.Event()
        cleaning = asyncio.create_task(run_in_threadpool(services.collector.clean, ending.is_set))
        yield
        ending.set()
        await cleaning
        store.close()

    hosts = [settings.host, *LOOPBACK_HOSTS]
    return Starlette(
        routes=[
            Route(HEALTH_PATH, _health(settings)),
            *protocol_routes(settings, services),
            *page_routes(settings, services),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)],
        exception_handlers={ServerError: answer_server_error, Exception: answer_unexpected_error},
        lifespan=lifespan,
    )


def _health(settings: ServerSettings) -> Callable[[Request], Awaitable[Response]]:
    content = {"status": "ok", "instance": settings.instance, "version": package_version()}

    async def answer(_request: Request) -> Response:
        return Response(orjson.dumps(content), media_type="application/json")

    return answer
