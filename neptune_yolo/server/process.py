"""What the server process does from its start to its end."""

import asyncio
import importlib
import logging
import os
import platform
import socket
import time
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import filelock
import psutil
import uvicorn
from starlette.types import ASGIApp

from neptune_yolo.server.activity import ActivityClock, CountUse
from neptune_yolo.server.credentials import EmbeddedCredentials, load_or_create_credentials
from neptune_yolo.server.domain.page_tickets import page_link
from neptune_yolo.server.exceptions import EmbeddedServerError
from neptune_yolo.server.home import HomeLayout
from neptune_yolo.server.launching import DEFAULT_APP_FACTORY, EXIT_ALREADY_RUNNING
from neptune_yolo.server.listening import listen, listen_on_some_port
from neptune_yolo.server.memory import share_memory_of_threads
from neptune_yolo.server.private_files import OWNER_ONLY, files_of_owner
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.signals import signals_end
from neptune_yolo.server.state import ServerState
from neptune_yolo.server.transport import allow_connections, transport_options
from neptune_yolo.server.watch import FolderWatch
from neptune_yolo.version import package_version

_LOCK_WAIT_SECONDS = 5.0
_WATCH_INTERVAL_SECONDS = 0.25
_SHUTDOWN_SECONDS = 5

logger = logging.getLogger("neptune_yolo.server")


@dataclass(frozen=True)
class ProcessOptions:
    """How one server process is to run.

    Attributes:
        layout: The data folder.
        idle_seconds: Leave after so long without activity; 0 for never.
        host: Loopback address to listen on.
        port: Port to listen on and no other; None for the last one, or any that is free.
        app_factory: ``module:function`` that makes the application from settings.
        on_ready: Called with the state and the link to the pages once the server answers. It runs in the server's own
            loop: asking the server from there would wait forever.
    """

    layout: HomeLayout
    idle_seconds: float
    host: str = "127.0.0.1"
    port: int | None = None
    app_factory: str = DEFAULT_APP_FACTORY
    on_ready: Callable[[ServerState, str], None] | None = None


def run_server(options: ProcessOptions) -> int:
    """Run a server on the data folder until it is told to leave or nobody uses it; return the exit code.

    Raises:
        EmbeddedServerError: If the folder, the keys or the port can't be had.
    """
    with files_of_owner():
        return _run(options)


def _run(options: ProcessOptions) -> int:
    layout = options.layout
    layout.prepare()
    lock = filelock.FileLock(layout.server_lock, mode=OWNER_ONLY)
    try:
        lock.acquire(timeout=_LOCK_WAIT_SECONDS)
    except filelock.Timeout:
        logger.warning("another server process holds %s; this one leaves", layout.server_lock)
        return EXIT_ALREADY_RUNNING
    try:
        return _run_locked(options)
    finally:
        lock.release()


def _run_locked(options: ProcessOptions) -> int:
    layout = options.layout
    layout.stop_request.unlink(missing_ok=True)
    credentials = load_or_create_credentials(layout.secrets)
    listener, notes = _take_port(options, ServerState.read(layout.state))
    with listener:
        state = _own_state(options, listener, notes)
        clock = ActivityClock()
        settings = _settings(options, state, credentials)
        share_memory_of_threads()
        app = CountUse(_make_app(options, settings), clock)
        allow_connections(settings.max_connections)
        server = uvicorn.Server(_uvicorn_config(app, settings))
        watch = FolderWatch(layout, state)
        for note in notes:
            logger.warning("%s", note)
        logger.info("serving %s on %s (version %s, pid %d)", layout.root, state.url, state.version, os.getpid())
        with signals_end(server):
            link = page_link(state.url, credentials.page_key, time.time_ns() // 1_000_000, "/")
            asyncio.run(_serve(server, listener, _watch(server, watch, clock, link, options)))
    watch.leave()
    logger.info("left")
    return 0


def _take_port(options: ProcessOptions, last: ServerState | None) -> tuple[socket.socket, tuple[str, ...]]:
    if options.port is not None:
        return listen(options.host, options.port), ()
    if last is None:
        return listen_on_some_port(options.host), ()
    try:
        return listen(options.host, last.port), ()
    except EmbeddedServerError:
        listener = listen_on_some_port(options.host)
    port = listener.getsockname()[1]
    note = (
        f"Port {last.port}, which this data folder's server used before, belongs to another program now; the server "
        f"listens on port {port} instead. Runs that were being logged through the old port keep their data on disk: "
        "`neptune-yolo sync` sends it."
    )
    return listener, (note,)


def _own_state(options: ProcessOptions, listener: socket.socket, notes: tuple[str, ...]) -> ServerState:
    return ServerState(
        instance=uuid.uuid4().hex,
        pid=os.getpid(),
        process_started_at=psutil.Process().create_time(),
        machine=platform.node(),
        host=options.host,
        port=listener.getsockname()[1],
        version=package_version(),
        idle_seconds=options.idle_seconds,
        notes=notes,
    )


def _settings(options: ProcessOptions, state: ServerState, credentials: EmbeddedCredentials) -> ServerSettings:
    return ServerSettings(
        database_url=sqlite_url(options.layout.database),
        file_root=options.layout.files,
        host=state.host,
        port=state.port,
        public_url=state.url,
        api_secret=credentials.api_secret,
        signing_key=credentials.signing_key,
        page_key=credentials.page_key,
        instance=state.instance,
    )


def _make_app(options: ProcessOptions, settings: ServerSettings) -> ASGIApp:
    module_name, _, function_name = options.app_factory.partition(":")
    create_app = getattr(importlib.import_module(module_name), function_name)
    app: ASGIApp = create_app(settings)
    return app


def sqlite_url(database: Path) -> str:
    """Return the SQLAlchemy address of a database file.

    Raises:
        EmbeddedServerError: If the path has a character that such an address can't carry.
    """
    if "?" in str(database):
        raise EmbeddedServerError(
            f"Expected a data folder without a question mark in its path, got {str(database.parent)!r}. "
            "Set NEPTUNE_YOLO_HOME to another folder."
        )
    return f"sqlite:///{database.as_posix()}"


def _uvicorn_config(app: ASGIApp, settings: ServerSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="on",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        proxy_headers=False,
        **transport_options(settings),
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )


async def _serve(server: uvicorn.Server, listener: socket.socket, watching: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(watching)
    try:
        await server.serve(sockets=[listener])
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(
    server: uvicorn.Server, watch: FolderWatch, clock: ActivityClock, link: str, options: ProcessOptions
) -> None:
    """Tell when the server is ready, and end it when there is a reason for it."""
    told = False
    while not server.should_exit:
        await asyncio.sleep(_WATCH_INTERVAL_SECONDS)
        if server.started and not told:
            told = True
            if options.on_ready is not None:
                options.on_ready(watch.state, link)
        if server.server_state.tasks:
            clock.touch()  # a request is being answered: long uploads and open event streams are activity
        reason = watch.reason_to_leave()
        if reason is None and 0 < options.idle_seconds < clock.idle_seconds():
            reason = f"nobody used the server for {options.idle_seconds:g} s"
        if reason is not None:
            logger.info("%s", reason)
            break
    clock.leaving = True
    server.should_exit = True
