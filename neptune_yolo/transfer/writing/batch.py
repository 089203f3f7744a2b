"""Gathers operations until there are enough for a request."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

MAX_POINTS = 5000
"""Points in a request. Each costs the server some memory and no time that others would have to wait for."""

MAX_BYTES = 1024 * 1024
"""Bytes in a request, unless one value alone has more."""

_ENTRY_BYTES = 64
"""Of an operation or a point, beside its texts."""


class Batch:
    """Operations that wait to be sent, in their order."""

    def __init__(self) -> None:
        self._operations: list[Mapping[str, Any]] = []
        self._points = 0
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._operations)

    @property
    def is_full(self) -> bool:
        """Whether it is to be sent before anything else is added."""
        return self._points >= MAX_POINTS or self._bytes >= MAX_BYTES

    def add(self, path: str, name: str, body: Mapping[str, Any], *, points: int = 1, text_bytes: int = 0) -> None:
        """Add an operation.

        Args:
            path: Of the attribute.
            name: Of the operation, as on the wire.
            body: Of the operation.
            points: How many it logs.
            text_bytes: Of the texts or pictures in it.
        """
        self._operations.append({"path": path, name: body})
        self._points += points
        self._bytes += len(path) + points * _ENTRY_BYTES + text_bytes

    def take(self) -> bytes:
        """Return all as JSON, and begin anew."""
        content = msgspec.json.encode(self._operations)
        self._operations, self._points, self._bytes = [], 0, 0
        return content

    def room(self) -> int:
        """Return how many points fit before it is full, at least one."""
        return max(1, MAX_POINTS - self._points)


def entries(points: Iterable[tuple[float, int, Any]]) -> list[dict[str, Any]]:
    """Return points as they are on the wire: step, moment in milliseconds, value."""
    return [{"step": step, "timestampMilliseconds": moment_ms, "value": value} for step, moment_ms, value in points]


def chunks(points: list[Any], first: int, size: int) -> Iterator[list[Any]]:
    """Yield pieces of a list: one of ``first``, then of ``size`` items."""
    at = 0
    length = first
    while at < len(points):
        yield points[at : at + length]
        at, length = at + length, size
