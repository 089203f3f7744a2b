"""A stream of events: which runs have changed."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.exceptions import ForbiddenError, NotFoundError, StorageUnavailableError
from neptune_yolo.server.services.watching import RunSign

MAX_WATCHED = 500
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 60.0
"""A stream ends after so long, and the browser opens another one: then it is looked at again who asks."""

_TYPES = {
    "runs": (ContainerType.RUN,),
    "models": (ContainerType.MODEL, ContainerType.MODEL_VERSION),
}

_BEGIN = b"retry: 2000\n\n"
_HEARTBEAT = b":\n\n"


class WatchedRuns(Record, frozen=True, kw_only=True):
    """Names runs of a project; none stands for all of its runs, or with the kind ``models`` of models and versions."""

    workspace: str
    project: str
    runs: Annotated[list[str], msgspec.Meta(max_length=MAX_WATCHED)] = msgspec.field(default_factory=list)
    kind: Literal["runs", "models"] = "runs"


async def watch_runs(asked: Asked, where: WatchedRuns) -> Response:
    """Tell of runs (or models and versions) that change, for as long as the connection is open.

    The answer is a stream of server-sent events of type ``runs``. The data of each is a JSON array of objects with
    ``sys_id``, ``modified_ms``, ``state`` and ``trashed``: the runs that have changed since the event before. The first
    one tells all that are running, or did until lately.
    """

    def look() -> list[RunSign]:
        return asked.services.watching.look(f"{where.workspace}/{where.project}", _TYPES[where.kind], where.runs)

    signs = await run_in_threadpool(look)

    async def stream() -> AsyncIterator[bytes]:
        yield _BEGIN
        ends_at = time.monotonic() + LONGEST_SECONDS
        told: dict[str, RunSign] = {}
        latest, spoke_at = signs, time.monotonic()
        while True:
            news = [sign for sign in latest if told.get(sign.sys_id) != sign]
            told = {sign.sys_id: sign for sign in latest}
            if news or time.monotonic() - spoke_at >= HEARTBEAT_SECONDS:
                spoke_at = time.monotonic()
                yield _event(news) if news else _HEARTBEAT
            await asyncio.sleep(POLL_SECONDS)
            if _is_closing(asked.request) or time.monotonic() >= ends_at:
                return
            try:
                latest = await run_in_threadpool(look)
            except StorageUnavailableError:
                continue  # the next look comes soon
            except (NotFoundError, ForbiddenError):
                return

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _event(signs: list[RunSign]) -> bytes:
    return b"event: runs\ndata: " + msgspec.json.encode(signs) + b"\n\n"


def _is_closing(request: Request) -> bool:
    """Return whether the server is about to end, as its transport says."""
    return bool(request.scope.get("state", {}).get("is_closing"))


EVENT_OPERATIONS = (
    Operation("GET", "/projects/{workspace}/{project}/events", watch_runs, "series", media_type="text/event-stream"),
)
