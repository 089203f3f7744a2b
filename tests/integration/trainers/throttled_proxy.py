"""A slow network: a TCP proxy on this machine that passes on so many bytes a second, can stall, and counts.

The server tells clients its own address: in its answers that of the proxy takes its place, so that they stay here.
"""

import asyncio
import base64
import contextlib
import json
import threading
from collections.abc import AsyncIterator
from typing import Self
from urllib.parse import urlsplit

_PIECE = 16 * 1024


class ThrottledProxy:
    """Stands before a server; runs in a thread of its own as a context manager.

    Args:
        server_url: Address of the server.
        bytes_per_second: Most bytes that pass in a second to the server, over all connections. None: any number.
    """

    def __init__(self, server_url: str, bytes_per_second: float | None = None) -> None:
        parts = urlsplit(server_url)
        self._server_url = server_url
        self._addresses = (b"", b"")
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.bytes_per_second = bytes_per_second
        self.is_stalled = False
        self.bytes_sent = 0
        self.url = ""
        self._free_at = 0.0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *exception: object) -> None:
        self.cut()
        self._loop.close()

    def cut(self) -> None:
        """End all connections, and take no new ones."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def token(self, api_token: str) -> str:
        """Return an API token of the server that leads through this proxy."""
        content = json.loads(base64.b64decode(api_token)) | {"api_address": self.url, "api_url": self.url}
        return base64.b64encode(json.dumps(content).encode()).decode()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._addresses = (urlsplit(self._server_url).netloc.encode(), urlsplit(self.url).netloc.encode())
        assert len(self._addresses[0]) == len(self._addresses[1]), "the lengths of answers must stay"
        self._ready.set()
        await self._end.wait()
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):  # the end of the proxy ends its connections
            from_server, to_server = await asyncio.open_connection(*self._target)
            async with _closing(writer), _closing(to_server):
                both = (
                    asyncio.create_task(self._pass_on(reader, to_server, is_limited=True)),
                    asyncio.create_task(self._pass_on(from_server, writer, is_limited=False)),
                )
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                for task in both:
                    task.cancel()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_limited: bool) -> None:
        with contextlib.suppress(OSError):
            while received := await reader.read(_PIECE):
                piece = received
                if not is_limited:
                    piece = piece.replace(*self._addresses)
                else:
                    await self._wait_for_turn(len(piece))
                    self.bytes_sent += len(piece)
                writer.write(piece)
                await writer.drain()

    async def _wait_for_turn(self, size: int) -> None:
        while self.is_stalled:  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(0.01)
        if self.bytes_per_second is not None:
            now = self._loop.time()
            self._free_at = max(self._free_at, now) + size / self.bytes_per_second
            await asyncio.sleep(self._free_at - now)


@contextlib.asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()
