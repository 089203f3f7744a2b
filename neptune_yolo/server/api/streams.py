"""Bodies that are files: taken in and given out in pieces, never whole in memory."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from neptune_yolo.server.domain.files import StagedBlob
from neptune_yolo.server.exceptions import RequestTooLargeError
from neptune_yolo.server.store.interfaces import BlobWriter

_UNSAFE = frozenset('"\\/:*<>|=;%')
MAX_NAME_LENGTH = 120
"""Characters of a file name; most systems take 255 bytes, and each of these characters may take two."""

PIECE_BYTES = 1024 * 1024
"""Bytes gathered before a worker thread writes them."""


async def receive(request: Request, writer: BlobWriter, limit_bytes: int) -> StagedBlob:
    """Write a request's body and make it durable; an interrupted body leaves nothing behind.

    Args:
        request: The request, its body not yet read.
        writer: Where the bytes go; it is closed in every case.
        limit_bytes: Most bytes that are taken.

    Raises:
        RequestTooLargeError: If there are more.
        StorageUnavailableError: If the bytes cannot be written.
    """
    try:
        require_announced(request, limit_bytes)
        piece = bytearray()
        size_bytes = 0
        async for chunk in request.stream():
            size_bytes += len(chunk)
            if size_bytes > limit_bytes:
                raise RequestTooLargeError(limit_bytes)
            piece += chunk
            if len(piece) >= PIECE_BYTES:
                await run_in_threadpool(writer.write, bytes(piece))
                piece.clear()
        await run_in_threadpool(writer.write, bytes(piece))
        return await run_in_threadpool(writer.finish)
    finally:
        await asyncio.shield(run_in_threadpool(writer.abort))


def require_announced(request: Request, limit_bytes: int) -> None:
    """Refuse a body that is too large by its own word, before it comes.

    Raises:
        RequestTooLargeError: If it is.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit_bytes:
        raise RequestTooLargeError(limit_bytes)


def uploaded(errors: list[str] | None = None) -> Response:
    """Return the answer to an upload: what could not be done, or nothing."""
    body = {"errors": [{"errorDescription": error} for error in errors or []]}
    return Response(orjson.dumps(body), media_type="application/json")


def attachment(chunks: Iterator[bytes] | AsyncIterator[bytes], file_name: str, size_bytes: int | None) -> Response:
    """Return an answer that the client saves as a file.

    Args:
        chunks: The bytes.
        file_name: Name to save under; the client reads it from the header, in its plain form only.
        size_bytes: Size of the content if it is known.
    """
    headers = {"Content-Disposition": f'attachment; filename="{plain_name(file_name)}"'}
    if size_bytes is not None:
        headers["Content-Length"] = str(size_bytes)
    return StreamingResponse(chunks, headers=headers, media_type="application/octet-stream")


def plain_name(name: str) -> str:
    """Return a file name that a header can carry, and under which every system can save a file.

    The client takes what follows the last ``filename=``, so that a name must not have an equals sign.
    """
    safe = "".join("_" if char in _UNSAFE or not char.isprintable() else char for char in name[-MAX_NAME_LENGTH:])
    return safe.encode("latin-1", "replace").decode("latin-1").replace("?", "_").strip(". ") or "file"
