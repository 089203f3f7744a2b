"""Bodies that are files: taken in and given out in pieces, never whole in memory."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from neptune_yolo.server.domain.files import StagedBlob
from neptune_yolo.server.store.interfaces import BlobWriter

PIECE_BYTES = 1024 * 1024
"""Bytes gathered before a worker thread writes them."""


async def receive(request: Request, writer: BlobWriter) -> StagedBlob:
    """Write a request's body and make it durable; an interrupted body leaves nothing behind.

    Args:
        request: The request, its body not yet read.
        writer: Where the bytes go; it is closed in every case.

    Raises:
        StorageUnavailableError: If the bytes cannot be written.
    """
    try:
        piece = bytearray()
        async for chunk in request.stream():
            piece += chunk
            if len(piece) >= PIECE_BYTES:
                await run_in_threadpool(writer.write, bytes(piece))
                piece.clear()
        await run_in_threadpool(writer.write, bytes(piece))
        return await run_in_threadpool(writer.finish)
    finally:
        await asyncio.shield(run_in_threadpool(writer.abort))


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
    headers = {"Content-Disposition": f'attachment; filename="{_plain_name(file_name)}"'}
    if size_bytes is not None:
        headers["Content-Length"] = str(size_bytes)
    return StreamingResponse(chunks, headers=headers, media_type="application/octet-stream")


def _plain_name(name: str) -> str:
    """Return a file name that a header can carry, without anything that ends the quotes."""
    safe = "".join("_" if char in '"\\/\r\n' or not char.isprintable() else char for char in name)
    return safe.encode("latin-1", "replace").decode("latin-1").replace("?", "_") or "file"
