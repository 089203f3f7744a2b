"""Takes the port that a server listens on."""

import errno
import secrets
import socket
import sys
from contextlib import suppress

from neptune_yolo.server.exceptions import EmbeddedServerError, PortTakenError

_FIRST_PORT = 20_000
_PORT_COUNT = 10_000
_RANDOM_ATTEMPTS = 16
_BACKLOG = 2_048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on exactly this port; ``::`` is all addresses of both IPv6 and IPv4.

    Raises:
        PortTakenError: If somebody else has the port.
        EmbeddedServerError: If the system doesn't give the port or the address for another reason.
    """
    # With the protocol named, asyncio sends each answer at once (TCP_NODELAY); without it, clients wait 40 ms for it.
    listener = socket.socket(_family(host), socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno != errno.EADDRINUSE:
            raise EmbeddedServerError(
                f"Expected to listen on port {port} of {host}, but the system refuses it ({error.strerror or error}). "
                "Choose another port."
            ) from error
        raise PortTakenError(host, port) from error
    listener.setblocking(False)  # noqa: FBT003
    return listener


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def listen_on_some_port(host: str) -> socket.socket:
    """Return a socket that listens on a free port.

    The port is looked for below the ranges from which the systems take the ports of outgoing connections, so that
    nobody gets it by chance while the server is away and comes back.

    Raises:
        EmbeddedServerError: If the system gives no port at all.
    """
    for _ in range(_RANDOM_ATTEMPTS):
        with suppress(EmbeddedServerError):
            return listen(host, _FIRST_PORT + secrets.randbelow(_PORT_COUNT))
    return listen(host, 0)
