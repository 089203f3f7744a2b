"""Liveness and readiness: whether the process runs, and whether its database and its files answer."""

import logging
import threading
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from neptune_yolo.server.exceptions import ServerError
from neptune_yolo.server.store.interfaces import BlobStore, Store

READY_PATH = "/api/ready"
_KEPT_SECONDS = 1.0

logger = logging.getLogger("neptune_yolo.server")


class Readiness:
    """Asks the database and the file storage; an answer is kept for a second, so that asking often costs nothing."""

    def __init__(self, store: Store, blobs: BlobStore) -> None:
        self._parts = {"database": _database_check(store), "files": lambda: try_files(blobs)}
        self._lock = threading.Lock()
        self._checked_at = float("-inf")
        self._found: dict[str, bool] = {}

    def check(self) -> dict[str, bool]:
        """Return whether each part answers."""
        with self._lock:
            if time.monotonic() - self._checked_at >= _KEPT_SECONDS:
                self._found = {name: _answers(name, check) for name, check in self._parts.items()}
                self._checked_at = time.monotonic()
            return dict(self._found)


def answer_readiness(readiness: Readiness) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers ``/api/ready``: 200 if all parts answer, else 503. The cause stands in the log only."""

    async def answer(_request: Request) -> Response:
        found = await run_in_threadpool(readiness.check)
        ready = all(found.values())
        content = {"status": "ready" if ready else "unavailable"}
        content |= {name: "ok" if works else "unavailable" for name, works in found.items()}
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return Response(orjson.dumps(content), status, media_type="application/json")

    return answer


def _answers(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except ServerError as error:
        logger.warning("not ready, no answer of the %s: %s", name, error)
        return False
    return True


def _database_check(store: Store) -> Callable[[], None]:
    def check() -> None:
        with store.read() as session:
            session.containers.find_by_pk(0)

    return check


def try_files(blobs: BlobStore) -> None:
    """Store a small file and drop it.

    Args:
        blobs: The file storage.

    Raises:
        StorageUnavailableError: If it can't be stored.
    """
    writer = blobs.create()
    try:
        writer.write(b"written to see whether files can be stored\n")
        blobs.discard([writer.finish()])
    finally:
        writer.abort()
