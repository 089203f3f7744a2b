"""What another user of the same machine can do to the embedded server, and to its data folder."""

import json
import os
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route, WebSocketRoute

from neptune_yolo.server.app import create_app
from neptune_yolo.server.credentials import load_or_create_credentials, read_credentials
from neptune_yolo.server.embedded import EmbeddedServer, RunningServer
from neptune_yolo.server.exceptions import EmbeddedServerError
from neptune_yolo.server.home import HomeLayout
from tests.integration.hardening.conftest import Target

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps access in lists, not in modes")

OPEN_TO_ALL = {
    "/api/health",
    "/api/ready",
    "/api/backend/swagger.json",
    "/api/leaderboard/swagger.json",
    "/api/artifacts/swagger.json",
    "/api/v1/openapi.json",
    "/static/assets/x",
}
"""What is answered without any key: that the server is there, what it can do, and the dashboard's own files."""


@pytest.fixture
def running(data_folder: Path) -> Iterator[RunningServer]:
    """A server on a data folder that its user made as folders are usually made."""
    data_folder.mkdir(mode=0o755)
    embedded = EmbeddedServer(data_folder)
    yield embedded.ensure_running()
    embedded.stop()


def test_nobody_else_may_open_what_the_server_keeps(running: RunningServer) -> None:
    with httpx.Client(base_url=running.url, headers={"X-Neptune-Api-Token": running.api_token}) as http:
        http.headers["Authorization"] = (
            f"Bearer {http.get('/api/backend/v1/authorization/oauth-token').json()['accessToken']}"
        )
        project = http.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()["id"]
        body = {"projectIdentifier": project, "parentId": project, "type": "run"}
        run = http.post("/api/leaderboard/v1/experiment", json=body).json()["id"]
        params = {"experimentIdentifier": run, "attribute": "file", "ext": "txt"}
        assert http.post("/api/leaderboard/v1/attributes/file/upload", params=params, content=b"x").status_code == 200
    kept = [path for path in running.home.rglob("*") if path.is_file()]
    assert {"neptune.db", "secrets.json", "server.json", "server.lock", "start.lock", "server.log"} <= {
        path.name for path in kept
    }
    assert {str(path): oct(path.stat().st_mode) for path in kept if path.stat().st_mode & 0o077} == {}
    folders = [path for path in running.home.rglob("*") if path.is_dir()]
    assert {str(path) for path in folders if path.stat().st_mode & 0o077} == set()


def test_no_key_is_in_the_state_or_the_log(running: RunningServer) -> None:
    credentials = read_credentials(HomeLayout(running.home).secrets)
    assert credentials is not None
    for name in ("server.json", "server.log"):
        text = (running.home / name).read_text()
        assert credentials.api_secret not in text
        assert credentials.signing_key not in text
        assert credentials.page_key not in text


def test_without_a_key_every_route_is_closed(target: Target, stranger: httpx.Client) -> None:
    app = create_app(target.settings)
    answers: dict[str, int] = {}
    for route in app.routes:
        if isinstance(route, Route):
            path = route.path
            for name in route.param_convertors:
                path = path.replace(f"{{{name}:path}}", "x").replace(f"{{{name}}}", "x")
            for method in (route.methods or set()) - {"HEAD"}:
                as_browser = {"Accept": "text/html, */*"}  # pages of a workspace are there for browsers only
                answers[f"{method} {path}"] = stranger.request(method, path, headers=as_browser).status_code
        else:
            assert isinstance(route, WebSocketRoute)
    opened = {name.split(" ")[1] for name, status in answers.items() if status not in {400, 401, 403}}
    assert opened <= OPEN_TO_ALL
    assert len(answers) > 40


def test_only_loopback_is_listened_on(running: RunningServer) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), running.port, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        if not str(address).startswith("127."):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((str(address), running.port), timeout=1).close()


def test_keys_that_somebody_else_put_there_are_not_used(
    data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_folder.mkdir()
    planted = {"api_secret": "known", "signing_key": "known", "page_key": "known"}
    secrets = HomeLayout(data_folder).secrets
    elsewhere = tmp_path / "planted.json"
    elsewhere.write_text(json.dumps(planted))
    secrets.symlink_to(elsewhere)
    for read in (read_credentials, load_or_create_credentials):
        with pytest.raises(EmbeddedServerError, match="somebody else"):
            read(secrets)
    secrets.unlink()
    secrets.write_text(json.dumps(planted))
    monkeypatch.setattr(os, "geteuid", lambda: secrets.stat().st_uid + 1)
    with pytest.raises(EmbeddedServerError, match="somebody else"):
        read_credentials(secrets)


def test_a_log_that_is_a_link_is_not_followed(data_folder: Path, tmp_path: Path) -> None:
    data_folder.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("mine")
    HomeLayout(data_folder).log.symlink_to(victim)
    with pytest.raises(EmbeddedServerError):
        EmbeddedServer(data_folder).ensure_running(timeout_seconds=10)
    assert victim.read_text() == "mine"


def test_new_keys_are_for_their_owner_only(data_folder: Path) -> None:
    data_folder.mkdir()
    secrets = HomeLayout(data_folder).secrets
    made = load_or_create_credentials(secrets)
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    secrets.chmod(0o644)
    assert load_or_create_credentials(secrets) == made
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
