"""Pieces of files, as browsers and resumed downloads ask for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True)
class ByteRange:
    """A piece of a file.

    Attributes:
        first: Position of its first byte, from 0.
        size_bytes: Number of its bytes; 0 if the file has none of those that were asked for.
    """

    first: int
    size_bytes: int


def read_range(header: str, total_bytes: int) -> ByteRange | None:
    """Return the piece that a ``Range`` header asks for.

    Args:
        header: Its value; empty if there is none.
        total_bytes: Size of the file.

    Returns:
        None for the whole file: there is no header, or one of another form, such as several pieces.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.group(1) == match.group(2) == "":
        return None
    begin, end = match.groups()
    if not begin:
        size_bytes = min(int(end), total_bytes)
        return ByteRange(total_bytes - size_bytes, size_bytes)
    first = int(begin)
    if end and int(end) < first:
        return None
    last = min(int(end), total_bytes - 1) if end else total_bytes - 1
    return ByteRange(first, max(0, last + 1 - first))


def limited(chunks: Iterator[bytes], size_bytes: int) -> Iterator[bytes]:
    """Yield the first bytes of a file.

    Args:
        chunks: Its bytes.
        size_bytes: How many are wanted.
    """
    left = size_bytes
    while left > 0:
        chunk = next(chunks, b"")
        if not chunk:
            return
        yield chunk[:left]
        left -= len(chunk)
