"""A picture as an operation, made while it is sent: as JSON it would be in memory several times."""

import base64
from collections.abc import Callable, Iterator

import msgspec

from neptune_yolo.transfer.writing.batch import entries
from neptune_yolo.transfer.writing.protocol import Content

_MARK = "\x00"
_GROUP = 3
"""Bytes that base64 writes as four letters."""


def encoded_picture(
    path: str, step: float, moment_ms: int, size_bytes: int, read: Callable[[], Iterator[bytes]]
) -> Content:
    """Return a batch of operations that logs one picture.

    Args:
        path: Of the series.
        step: Of the picture.
        moment_ms: In milliseconds since 1970 (UTC).
        size_bytes: Of the picture.
        read: Gives its bytes, anew for each try.
    """
    value = {"name": None, "description": None, "data": _MARK}
    operation = {"path": path, "logImages": {"entries": entries([(step, moment_ms, value)])}}
    before, _, after = msgspec.json.encode([operation]).rpartition(msgspec.json.encode(_MARK))

    def body() -> Iterator[bytes]:
        yield before + b'"'
        yield from _in_base64(read())
        yield b'"' + after

    length = len(before) + len(after) + 2 + (size_bytes + _GROUP - 1) // _GROUP * 4
    return Content(length, body)


def _in_base64(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        whole = rest + piece
        end = len(whole) - len(whole) % _GROUP
        rest = whole[end:]
        yield base64.b64encode(whole[:end])
    yield base64.b64encode(rest)
