import asyncio
import time

from starlette.types import Message, Receive, Scope, Send

from neptune_yolo.server.activity import ActivityClock, CountUse


async def _inner(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def _status(app: CountUse, path: str, query: bytes = b"") -> int:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    asyncio.run(app({"type": "http", "path": path, "query_string": query}, receive, send))
    return int(sent[0]["status"])


def test_a_health_request_that_asks_for_it_counts_as_use() -> None:
    clock = ActivityClock()
    app = CountUse(_inner, clock)
    time.sleep(0.05)

    assert _status(app, "/api/health") == 200
    assert clock.idle_seconds() >= 0.05
    assert _status(app, "/api/health", b"keep=1") == 200
    assert clock.idle_seconds() < 0.05


def test_any_other_request_counts_as_use() -> None:
    clock = ActivityClock()
    app = CountUse(_inner, clock)
    time.sleep(0.05)

    assert _status(app, "/local/yolo/") == 200
    assert clock.idle_seconds() < 0.05


def test_a_server_that_is_leaving_promises_nobody_to_stay() -> None:
    clock = ActivityClock()
    clock.leaving = True
    app = CountUse(_inner, clock)

    assert _status(app, "/api/health", b"keep=1") == 503
    assert _status(app, "/api/health") == 200
    assert _status(app, "/anything", b"keep=1") == 200
