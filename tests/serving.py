"""A server in this process, on a real socket."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from neptune_yolo.server.listening import listen_on_some_port
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.transport import transport_options


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """Take a port of loopback; gives the socket and its address."""
    with listen_on_some_port("127.0.0.1") as listener:
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def serving(
    app: Any, settings: ServerSettings, listener: socket.socket, *, log_level: str = "error"
) -> Iterator[uvicorn.Server]:
    """Run an application for the block, with the transport of the product.

    Args:
        app: The ASGI application.
        settings: Those that it was made of.
        listener: Where it listens.
        log_level: What uvicorn tells.
    """
    options = transport_options(settings)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level=log_level, lifespan="on", timeout_graceful_shutdown=2, **options)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(timeout=10)
