"""What the server has acknowledged survives ``kill -9``, once, at whatever moment it comes."""

import random
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from neptune_yolo.server.embedded import EmbeddedServer

KILLS = 8
PREFIX = "/api/leaderboard/v1"


def _login(url: str, token: str) -> httpx.Client:
    http = httpx.Client(base_url=url, timeout=10)
    tokens = http.get("/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": token}).json()
    http.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
    return http


def _batch(step: int | None, at: int) -> list[dict[str, Any]]:
    return [
        {"path": "metric", "logFloats": {"entries": [{"step": step, "timestampMilliseconds": at, "value": at * 0.5}]}}
    ]


def test_acknowledged_points_survive_kills_and_repeats_are_not_doubled(data_folder: Path) -> None:
    dice = random.Random(20260305)
    embedded = EmbeddedServer(data_folder)
    running = embedded.ensure_running()
    http = _login(running.url, running.api_token)
    project = http.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()
    run_id = http.post(f"{PREFIX}/experiment", json={"projectIdentifier": project["id"], "type": "run"}).json()["id"]
    acknowledged: list[int] = []
    for _ in range(KILLS):
        process = psutil.Process(embedded.ensure_running().pid)
        threading.Timer(dice.uniform(0.02, 0.3), process.kill).start()
        _write_until_it_dies(http, run_id, acknowledged)
        process.wait(5)
    embedded.ensure_running()
    at = acknowledged[-1] + 1
    http.post(f"{PREFIX}/attributes/operations", params={"experimentId": run_id}, json=_batch(None, at))
    acknowledged.append(at)
    assert len(acknowledged) > KILLS
    assert _timestamps(http, run_id) == acknowledged
    http.close()


def _write_until_it_dies(http: httpx.Client, run_id: str, acknowledged: list[int]) -> None:
    """Append points without steps; the one whose answer was lost comes again, to the byte, as the client does it."""
    while True:
        at = acknowledged[-1] + 1 if acknowledged else 1
        try:
            answer = http.post(
                f"{PREFIX}/attributes/operations", params={"experimentId": run_id}, json=_batch(None, at)
            )
        except httpx.TransportError:
            return
        assert answer.json() == []
        acknowledged.append(at)
        time.sleep(0.001)


def _timestamps(http: httpx.Client, run_id: str) -> list[int]:
    answer = http.get(
        f"{PREFIX}/attributes/floatseries/values",
        params={"experimentId": run_id, "attribute": "metric", "limit": 1_000_000},
    ).json()
    assert answer["totalItemCount"] == len(answer["values"])
    return [point["timestampMillis"] for point in answer["values"]]
