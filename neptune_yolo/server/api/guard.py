"""Turns away requests that no client of this server sends, before anything reads them."""

import asyncio
import ipaddress
import time
from collections import Counter
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neptune_yolo.server.api.errors import error_response
from neptune_yolo.server.exceptions import SlowRequestError
from neptune_yolo.server.settings import ServerSettings

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
WILDCARD_HOSTS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not listened on

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SINGLE_HEADERS = frozenset(
    {"authorization", "content-encoding", "content-length", "host", "origin", "x-neptune-api-token"}
)
"""Headers that decide who asks for what: two of a kind mean that a proxy may have believed the other one."""

FOREIGN_SITES = frozenset({"cross-site", "same-site"})
"""Values of ``Sec-Fetch-Site`` of requests that pages of others make; ``same-site`` are other ports of the host."""

_NOT_IN_HOSTS = frozenset("@/\\?# ")

LEAST_BYTES_PER_SECOND = 1024
"""Mean rate at which a body must come in the long run."""

POLICY_VIOLATION = 1008
"""Code with which a socket is refused."""


@dataclass(frozen=True)
class Refusal:
    """Why a request is turned away.

    Attributes:
        status: HTTP status.
        message: What was expected, what came, what to do.
    """

    status: int
    message: str


@dataclass(frozen=True)
class Addresses:
    """Where this server is; names that are not among them are not its own.

    A page of another site can have its own name lead to this machine (DNS rebinding); it cannot change the name that
    the browser then says.

    Attributes:
        hosts: Names and addresses, in lower case.
        any_address: Whether every IP address counts, as for a server that listens on all of the machine's.
        public_netloc: Host and port under which clients reach the server.
    """

    hosts: frozenset[str]
    any_address: bool
    public_netloc: str

    @classmethod
    def of(cls, settings: ServerSettings) -> Self:
        """Return the addresses that the settings name."""
        public = urlsplit(settings.public_url)
        named = {settings.host, public.hostname or "", *settings.allowed_hosts}
        hosts = frozenset(name.lower().strip("[]") for name in named) - WILDCARD_HOSTS
        return cls(hosts | LOOPBACK_HOSTS, settings.host in WILDCARD_HOSTS, public.netloc.lower())

    def include(self, host_header: str) -> bool:
        """Return whether a ``Host`` header names this server; the port does not matter."""
        if not _NOT_IN_HOSTS.isdisjoint(host_header):
            return False
        try:
            name = (urlsplit(f"//{host_header}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self.hosts or (self.any_address and _is_address(name))

    def are_origin(self, origin: str, host_header: str) -> bool:
        """Return whether an ``Origin`` header is that of this server's own pages."""
        try:
            parts = urlsplit(origin.lower())
        except ValueError:
            return False
        return parts.scheme in {"http", "https"} and parts.netloc in {host_header.lower(), self.public_netloc}


class Guard:
    """ASGI middleware: answers refused requests itself, and ends bodies that come too slowly."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        self._addresses = Addresses.of(settings)
        self._pause_seconds = settings.body_pause_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._let_through(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": refusal.message[:120]})
        else:
            answer = error_response(refusal.status, refusal.message)
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)

    async def _let_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, self._pause_seconds)

        async def send_and_close_if_late(message: Message) -> None:
            if message["type"] == "http.response.start" and body.is_late:
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        try:
            await self._app(scope, body.receive, send_and_close_if_late)
        except ClientDisconnect:
            return  # nobody is there to be answered

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        method = scope.get("method", "GET")
        return (
            self._foreign_host(headers)
            or _ambiguous(headers)
            or _encoded(headers)
            or self._foreign_page(headers, changes=scope["type"] == "websocket" or method not in SAFE_METHODS)
        )

    def _foreign_host(self, headers: Headers) -> Refusal | None:
        host = headers.get("host", "")
        if self._addresses.include(host):
            return None
        return Refusal(
            400,
            f"Expected this server's own name in the Host header, got {host[:80]!r}. "
            f"Use the address that the server was started with, or add the name to allowed_hosts.",
        )

    def _foreign_page(self, headers: Headers, *, changes: bool) -> Refusal | None:
        """Refuse what the pages of other sites ask for in their visitor's name."""
        origin = headers.get("origin")
        foreign_origin = origin is not None and not self._addresses.are_origin(origin, headers.get("host", ""))
        foreign_site = headers.get("sec-fetch-site", "none") in FOREIGN_SITES
        followed_link = (
            not changes
            and headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest", "document") == "document"
        )
        if not (foreign_origin and changes) and not (foreign_site and not followed_link):
            return None
        return Refusal(
            403,
            f"Expected a request of this server's own pages or of a client, got one of another site "
            f"({(origin or headers.get('sec-fetch-site', ''))[:80]!r}). Open the page in this server's own window.",
        )


class _Body:
    """A request's body, whose bytes have to come in time.

    Attributes:
        is_late: Whether the wait was given up.
    """

    def __init__(self, receive: Receive, pause_seconds: float) -> None:
        self._receive = receive
        self._pause_seconds = pause_seconds
        self._waited_seconds = 0.0
        self._received_bytes = 0
        self._complete = False
        self.is_late = False

    async def receive(self) -> Message:
        """Return the next message of the connection.

        Raises:
            SlowRequestError: If the body pauses for too long, or comes too slowly in the long run.
        """
        if self._complete:
            return await self._receive()
        earned_seconds = self._pause_seconds + self._received_bytes / LEAST_BYTES_PER_SECOND - self._waited_seconds
        begin = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, min(self._pause_seconds, earned_seconds))):
                message = await self._receive()
        except TimeoutError:
            self.is_late = True
            raise SlowRequestError(self._received_bytes) from None
        self._waited_seconds += time.monotonic() - begin
        self._received_bytes += len(message.get("body", b""))
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message


def _ambiguous(headers: Headers) -> Refusal | None:
    """Refuse requests that a proxy before the server could understand in another way."""
    counts = Counter(name for name, _ in headers.items() if name in SINGLE_HEADERS)
    repeated = [name for name, count in counts.items() if count > 1]
    if repeated:
        return Refusal(400, f"Expected the header {repeated[0]!r} once, got it several times. Send it once.")
    if "transfer-encoding" in headers and "content-length" in headers:
        return Refusal(400, "Expected Content-Length or Transfer-Encoding, got both. Send one of them.")
    return None


def _encoded(headers: Headers) -> Refusal | None:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return None
    return Refusal(415, f"Expected a body as it is, got one encoded as {encoding[:40]!r}. Leave Content-Encoding out.")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
