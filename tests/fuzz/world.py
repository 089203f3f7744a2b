"""A server with one thing of each kind, and the rules that all its answers obey."""

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from neptune_yolo.server.api.endpoint import Endpoint
from neptune_yolo.server.api.routes import all_endpoints
from neptune_yolo.server.app import create_app
from neptune_yolo.server.settings import ServerSettings

URL = "http://127.0.0.1"
SECRET = "secret-of-the-tests"
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()

LEADERBOARD = "/api/leaderboard/v1"


@dataclass(frozen=True)
class World:
    """An application and what it holds.

    Attributes:
        settings: What it was made with.
        endpoints: All operations.
        ids: Identifiers of what there is, by kind.
    """

    settings: ServerSettings
    endpoints: tuple[Endpoint, ...]
    _http: httpx.AsyncClient
    _runner: asyncio.Runner
    ids: dict[str, str] = field(default_factory=dict)

    def _repr_pretty_(self, printer: Any, _cycle: object) -> None:
        printer.text("World(...)")  # its endpoints would fill pages of each message

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request. An error that nobody foresaw is raised here."""
        return self._runner.run(self._http.request(method, path, **options))

    def execute(self, operations: list[Any], run_id: str | None = None) -> list[str]:
        """Send operations; gives the sentences of the answer."""
        params = {"experimentId": run_id or self.ids["run"]}
        answer = check(self.send("POST", f"{LEADERBOARD}/attributes/operations", params=params, json=operations))
        assert answer.status_code == 200, answer.text
        return [error["errorDescription"] for error in answer.json()]

    def furnish_again(self) -> None:
        """Make anew what there was at the beginning, after some of it has been removed."""
        _furnish(self)

    def new_run(self) -> str:
        """Make a run and return its identifier."""
        body = {"projectIdentifier": self.ids["project"], "parentId": self.ids["project"], "type": "run"}
        answer = self.send("POST", f"{LEADERBOARD}/experiment", json=body)
        return str(answer.json()["id"])


def check(answer: httpx.Response) -> httpx.Response:
    """Require what holds for every answer: no trouble inside, no call to try again, and words for each refusal."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        body = answer.json()
        assert body["code"] == answer.status_code
        assert body["title"]
        assert body["message"].endswith((".", "!")), body
        assert len(body["message"]) < 4000
    return answer


def _settings(database_url: str, file_root: Path) -> ServerSettings:
    return ServerSettings(
        database_url=database_url,
        file_root=file_root,
        api_secret=SECRET,
        signing_key="signing-key-of-the-tests-32-bytes",
        page_key="page-key",
        public_url=URL,
        max_file_bytes=1024 * 1024,
        max_package_bytes=1024 * 1024,
        does_maintenance=False,
    )


ENDPOINTS = all_endpoints(_settings("", Path()))
"""All operations, as they are described; to be answered they need a world."""


@contextmanager
def open_world(database_url: str, file_root: Path) -> Iterator[World]:
    """Make an application with one thing of each kind."""
    settings = _settings(database_url, file_root)
    app = create_app(settings)
    with asyncio.Runner() as runner:
        lifespan = app.router.lifespan_context(app)
        runner.run(lifespan.__aenter__())
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        http = httpx.AsyncClient(transport=transport, base_url=URL)
        try:
            world = World(settings, all_endpoints(settings), http, runner)
            _sign_in(world, http)
            _furnish(world)
            yield world
        finally:
            runner.run(http.aclose())
            runner.run(lifespan.__aexit__(None, None, None))


def _sign_in(world: World, http: httpx.AsyncClient) -> None:
    token = base64.b64encode(json.dumps({"api_address": URL, "api_key": SECRET}).encode()).decode()
    answer = world.send("GET", "/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": token})
    http.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
    world.ids["token"] = token


def _furnish(world: World) -> None:
    """Make a project, a run with an attribute of each type, a model, a version, an artifact and an upload."""
    answer = world.send("GET", "/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"})
    project = world.ids["project"] = answer.json()["id"]
    run = world.ids["run"] = world.new_run()
    create = {"projectIdentifier": project, "parentId": project}
    model = world.send("POST", f"{LEADERBOARD}/experiment", json={**create, "type": "model", "key": "DET"}).json()
    version = {**create, "parentId": model["id"], "type": "modelVersion"}
    world.ids["model"] = model["id"]
    world.ids["version"] = world.send("POST", f"{LEADERBOARD}/experiment", json=version).json()["id"]
    assert world.execute(valid_operations()) == []
    digest = world.ids["hash"] = "0" * 64
    world.send("POST", "/api/artifacts/v1/", params={"projectIdentifier": project, "hash": digest, "size": "1"})
    files = {"experimentIdentifier": run, "attribute": "file", "ext": "txt"}
    world.send("POST", f"{LEADERBOARD}/attributes/file/upload", params=files, content=b"text")
    inside = {"experimentIdentifier": run, "attribute": "set", "subPath": "a/b"}
    world.send("POST", f"{LEADERBOARD}/attributes/fileset/upload", params=inside, content=b"text")
    start = world.send("POST", f"{LEADERBOARD}/attributes/file/multipart/start", params={**files, "totalLength": "4"})
    world.ids["upload"] = start.json()["uploadId"]


def valid_operations() -> list[dict[str, Any]]:
    """Return an operation of each kind that can be applied to a new run."""
    point = {"step": 1.0, "timestampMilliseconds": 1}
    return [
        {"path": "float", "assignFloat": {"value": 0.5}},
        {"path": "int", "assignInt": {"value": 3}},
        {"path": "bool", "assignBool": {"value": True}},
        {"path": "string", "assignString": {"value": "text"}},
        {"path": "moment", "assignDatetime": {"valueMilliseconds": 1_700_000_000_000}},
        {"path": "floats", "logFloats": {"entries": [{**point, "value": 0.5}]}},
        {"path": "strings", "logStrings": {"entries": [{**point, "value": "line"}]}},
        {"path": "images", "logImages": {"entries": [{**point, "value": {"data": PICTURE, "name": "n"}}]}},
        {"path": "configured", "configFloatSeries": {"min": 0, "max": 1, "unit": "%"}},
        {"path": "sys/tags", "insertStrings": {"values": ["a", "b"]}},
        {"path": "sys/tags", "removeStrings": {"values": ["a"]}},
        {"path": "sys/name", "assignString": {"value": "name"}},
    ]
