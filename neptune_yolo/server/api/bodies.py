"""JSON bodies: read without letting a peer decide how much memory they take."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from neptune_yolo.server.api.json_text import parse_json
from neptune_yolo.server.exceptions import InvalidRequestError, RequestTooLargeError, TooManyValuesError
from neptune_yolo.server.settings import ServerSettings

SMALL_BODY_BYTES = 64 * 1024
"""Limit for bodies that no operation asks for, and for those of strangers."""

LARGE_BODY_BYTES = 4 * 1024 * 1024
"""Bodies above this size wait on disk until it is their turn."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_BETWEEN_VALUES = (b",", b"[", b"{")


class JsonBodies:
    """Reads bodies for one application.

    A parsed body takes many times the memory of its bytes. Small ones are read as they come. Those above
    ``LARGE_BODY_BYTES`` are collected in a temporary file, and only ``max_large_bodies`` of them are in memory, and
    worked on, at a time; however slowly they come, they do not hold up others.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self._limit_bytes = settings.max_body_bytes
        self._max_values = settings.max_json_values
        self._turns = asyncio.Semaphore(settings.max_large_bodies)

    @asynccontextmanager
    async def open(self, request: Request, *, is_expected: bool) -> AsyncIterator[bytes]:
        """Give a request's body to a block.

        Args:
            request: The request, its body not yet read.
            is_expected: Whether the operation takes a body; others may bring ``SMALL_BODY_BYTES``.

        Raises:
            RequestTooLargeError: If the body is above the limit.
        """
        limit_bytes = self._limit_bytes if is_expected else min(self._limit_bytes, SMALL_BODY_BYTES)
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > limit_bytes:
            raise RequestTooLargeError(limit_bytes)
        head = bytearray()
        rest: IO[bytes] | None = None
        try:
            size_bytes = 0
            async for chunk in request.stream():
                size_bytes += len(chunk)
                if size_bytes > limit_bytes:
                    raise RequestTooLargeError(limit_bytes)
                head += chunk
                if len(head) > LARGE_BODY_BYTES:
                    rest = rest or tempfile.TemporaryFile()  # noqa: SIM115 - closed below
                    await run_in_threadpool(rest.write, bytes(head))
                    head.clear()
            if rest is None:
                yield bytes(head)
            else:
                async with self._turns:
                    yield await run_in_threadpool(_joined, rest, bytes(head))
        finally:
            if rest is not None:
                rest.close()

    def parse(self, body: bytes) -> Any:
        """Return a body as JSON; None without one.

        Raises:
            InvalidRequestError: If it is not JSON.
            TooManyValuesError: If it has more values than the limit.
        """
        if not body:
            return None
        if len(body) > self._max_values and self._count_values(body) > self._max_values:
            raise TooManyValuesError(self._max_values)
        try:
            return parse_json(body)
        except ValueError as error:
            raise InvalidRequestError(f"Expected a JSON body, got one that cannot be read ({error}).") from error

    def _count_values(self, body: bytes) -> int:
        """Return about how many values a JSON text has; texts within it are looked at only if that matters."""
        count = sum(body.count(sign) for sign in _BETWEEN_VALUES)
        if count <= self._max_values:
            return count
        inside = sum(match.group().count(sign) for match in _STRING.finditer(body) for sign in _BETWEEN_VALUES)
        return count - inside


async def read_small_body(request: Request) -> bytes:
    """Return the body of a stranger.

    Raises:
        RequestTooLargeError: If it has more than ``SMALL_BODY_BYTES``.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > SMALL_BODY_BYTES:
            raise RequestTooLargeError(SMALL_BODY_BYTES)
    return bytes(body)


def _joined(file: IO[bytes], last: bytes) -> bytes:
    file.write(last)
    file.seek(0)
    return file.read()
