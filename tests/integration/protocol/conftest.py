"""The server in this process, on a real socket, for the real client."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service import Service, local_service, opening_runs


@pytest.fixture
def idle_after_seconds() -> float:
    """How long a run may be silent and still be running; a module of tests may say otherwise."""
    return 1.0


@pytest.fixture
def service(tmp_path: Path, database_url: str, idle_after_seconds: float) -> Iterator[Service]:
    with local_service(database_url, tmp_path, idle_after_seconds=idle_after_seconds) as service:
        yield service


@pytest.fixture
def init_run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Open runs of the real client without its monitoring; they are stopped at the end."""
    with opening_runs(service, monkeypatch) as open_run:
        yield open_run


@pytest.fixture
def bearer(service: Service) -> Iterator[httpx.Client]:
    """A plain HTTP client with an access token, for what the real client never sends."""
    with httpx.Client(base_url=service.url, timeout=30) as http:
        answer = http.get("/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": service.token})
        http.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
        yield http


@pytest.fixture
def run_id(bearer: httpx.Client) -> str:
    """A new run, by its UUID."""
    project = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()
    body = {"projectIdentifier": project["id"], "parentId": project["id"], "type": "run"}
    created: dict[str, str] = bearer.post("/api/leaderboard/v1/experiment", json=body).json()
    return created["id"]


@pytest.fixture
def execute(bearer: httpx.Client, run_id: str) -> Callable[[list[dict[str, Any]]], list[str]]:
    """Send a batch of operations; gives the errors of the answer."""

    def send(operations: list[dict[str, Any]]) -> list[str]:
        answer = bearer.post(
            "/api/leaderboard/v1/attributes/operations", params={"experimentId": run_id}, json=operations
        )
        assert answer.status_code == 200, answer.text
        return [error["errorDescription"] for error in answer.json()]

    return send
