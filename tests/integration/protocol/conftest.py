"""The server in this process, on a real socket, for the real client."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from neptune_yolo.server.app import create_app
from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.settings import ServerSettings
from tests.client import QUIET
from tests.serving import listening, serving

API_SECRET = "secret-of-the-tests"
PAGE_KEY = "page-key-of-the-tests"


@dataclass(frozen=True)
class Service:
    """A running server.

    Attributes:
        settings: What it was started with.
        token: API token of its user.
    """

    settings: ServerSettings
    token: str

    @property
    def url(self) -> str:
        return self.settings.public_url


@pytest.fixture
def idle_after_seconds() -> float:
    """How long a run may be silent and still be running; a module of tests may say otherwise."""
    return 1.0


@pytest.fixture
def service(tmp_path: Path, database_url: str, idle_after_seconds: float) -> Iterator[Service]:
    with listening() as (listener, url):
        settings = ServerSettings(
            database_url=database_url,
            file_root=tmp_path / "files",
            api_secret=API_SECRET,
            signing_key="signing-key-of-the-tests-32-bytes",
            page_key=PAGE_KEY,
            public_url=url,
            idle_after_seconds=idle_after_seconds,
        )
        with serving(create_app(settings), settings, listener):
            yield Service(settings, make_api_token(url, API_SECRET))


@pytest.fixture
def init_run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Open runs of the real client without its monitoring; they are stopped at the end."""
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)
    monkeypatch.setenv("NEPTUNE_PROJECT", "local/yolo")
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    import neptune

    runs: list[Any] = []

    def open_run(**options: Any) -> Any:
        run = neptune.init_run(**{**QUIET, **options})
        runs.append(run)
        return run

    yield open_run
    for run in runs:
        run.stop()


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
