"""A connection that breaks: passes bytes on to a server, and hangs up in the middle of long answers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

PIECE = 16_384


@contextmanager
def flaky_connection(url: str, breaks: list[int], damage_at: int | None = None) -> Iterator[str]:
    """Give the address of a way to a server.

    Args:
        url: Address of the server.
        breaks: After how many bytes each further connection with a long answer hangs up; none left for good ones.
        damage_at: Which byte of the first long answer arrives as another one.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []
    damages = [] if damage_at is None else [damage_at]

    def serve() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=_pass_on, args=(near, url, breaks, damages), daemon=True)
            thread.start()
            threads.append(thread)

    acceptor = threading.Thread(target=serve, daemon=True)
    acceptor.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    acceptor.join(5)
    for thread in threads:
        thread.join(5)


def _pass_on(near: socket.socket, url: str, breaks: list[int], damages: list[int]) -> None:
    parts = urlsplit(url)
    with near, socket.create_connection((parts.hostname or "", parts.port or 80)) as far:
        sender = threading.Thread(target=_copy, args=(near, far), daemon=True)
        sender.start()
        count = 0
        while piece := _receive(far):
            count += len(piece)
            if breaks and count > breaks[0]:
                near.sendall(piece[: breaks.pop(0) - count])
                break
            if damages and count > damages[0]:
                damages.pop()
                piece = piece[:-1] + bytes([piece[-1] ^ 1])
            try:
                near.sendall(piece)
            except OSError:
                break
        for one in (near, far):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        sender.join(5)


def _receive(source: socket.socket) -> bytes:
    try:
        return source.recv(PIECE)
    except OSError:
        return b""


def _copy(source: socket.socket, target: socket.socket) -> None:
    while piece := _receive(source):
        try:
            target.sendall(piece)
        except OSError:
            break
    try:
        target.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
