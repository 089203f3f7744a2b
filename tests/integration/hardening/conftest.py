"""A server with small limits, on a real socket, and peers that speak to it byte by byte."""

import base64
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from neptune_yolo.server import transport
from neptune_yolo.server.app import create_app
from neptune_yolo.server.domain.page_tickets import page_link
from neptune_yolo.server.services.clock import system_clock
from neptune_yolo.server.settings import ServerSettings
from tests.serving import listening, serving

API_SECRET = "secret-of-the-tests"
PAGE_KEY = "page-key-of-the-tests"
TOKEN = base64.b64encode(json.dumps({"api_address": "http://127.0.0.1", "api_key": API_SECRET}).encode()).decode()


def new_link(path: str) -> str:
    """Return the path of a new link to a page."""
    return page_link("", PAGE_KEY, system_clock(), path)


@dataclass(frozen=True)
class Target:
    """A running server.

    Attributes:
        settings: What it was started with.
        server: The server itself, in a thread of this process.
        bearer: Value of the header ``Authorization`` that lets requests in.
        run_id: A run that exists.
    """

    settings: ServerSettings
    server: uvicorn.Server
    bearer: str
    run_id: str

    @property
    def url(self) -> str:
        return self.settings.public_url

    @property
    def netloc(self) -> str:
        return self.settings.public_url.removeprefix("http://")

    def connect(self, timeout_seconds: float = 10) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.settings.port), timeout_seconds)

    def speak(self, content: bytes) -> bytes:
        """Send bytes and return all that comes back until the server ends the connection."""
        with self.connect() as peer:
            peer.sendall(content)
            return read_all(peer)


def read_all(peer: socket.socket) -> bytes:
    received = b""
    try:
        while chunk := peer.recv(65_536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("hardened")
    with pytest.MonkeyPatch.context() as patch, listening() as (listener, _):
        patch.setattr(transport, "PEER_SECONDS", 0.5)
        patch.setattr(transport, "STALLED_SECONDS", 0.5)
        settings = _settings(folder, listener.getsockname()[1])
        with serving(create_app(settings), settings, listener, log_level="critical") as server:
            yield Target(settings, server, *_sign_in(settings.public_url))


def _settings(folder: Path, port: int) -> ServerSettings:
    return ServerSettings(
        database_url=f"sqlite:///{folder / 'neptune.db'}",
        file_root=folder / "files",
        api_secret=API_SECRET,
        signing_key="signing-key-of-the-tests-32-bytes",
        page_key=PAGE_KEY,
        public_url=f"http://127.0.0.1:{port}",
        port=port,
        allowed_hosts=("neptune.example",),
        max_body_bytes=8 * 1024 * 1024,
        max_json_values=50_000,
        max_file_bytes=1024 * 1024,
        max_package_bytes=4 * 1024 * 1024,
        max_package_files=50,
        max_connections=12,
        body_pause_seconds=0.5,
    )


def _sign_in(url: str) -> tuple[str, str]:
    with httpx.Client(base_url=url, timeout=30) as http:
        tokens = http.get("/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": TOKEN}).json()
        http.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
        project = http.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()
        body = {"projectIdentifier": project["id"], "parentId": project["id"], "type": "run"}
        run = http.post("/api/leaderboard/v1/experiment", json=body).json()
        return http.headers["Authorization"], run["id"]


@pytest.fixture
def client(target: Target) -> Iterator[httpx.Client]:
    """A client with an access token."""
    with httpx.Client(base_url=target.url, timeout=30, headers={"Authorization": target.bearer}) as http:
        yield http


@pytest.fixture
def stranger(target: Target) -> Iterator[httpx.Client]:
    """A client without any key."""
    with httpx.Client(base_url=target.url, timeout=30) as http:
        yield http


@pytest.fixture
def execute(client: httpx.Client, target: Target) -> Callable[[list[Any]], httpx.Response]:
    """Send a batch of operations."""

    def send(operations: list[Any]) -> httpx.Response:
        return client.post(
            "/api/leaderboard/v1/attributes/operations", params={"experimentId": target.run_id}, json=operations
        )

    return send


@pytest.fixture
def sentence() -> Callable[[httpx.Response], str]:
    """Require the error body and return its message."""

    def read(answer: httpx.Response) -> str:
        body = answer.json()
        assert body["code"] == answer.status_code
        assert "failed inside" not in body["message"]
        assert body["message"].endswith(".")
        return str(body["message"])

    return read
