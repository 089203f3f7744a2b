"""Writers that repeat each request until it is answered, while the server is killed under them again and again."""

import hashlib
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil

from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.server.home import HomeLayout
from neptune_yolo.server.process import sqlite_url
from neptune_yolo.server.services.verification import verify
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore

PREFIX = "/api/leaderboard/v1"
FILES = f"{PREFIX}/attributes/file"
SERIES_COUNT = 3
LARGEST_FILE_BYTES = 200_000
RETRY_SECONDS = 0.02


def log_in(url: str, token: str) -> httpx.Client:
    """Return an HTTP client with an access token."""
    http = httpx.Client(base_url=url, timeout=30)
    tokens = http.get("/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": token}).json()
    http.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
    return http


def create_run(http: httpx.Client) -> str:
    """Return the UUID of a new run of project ``local/kills``."""
    project = http.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/kills"}).json()
    body = {"projectIdentifier": project["id"], "parentId": project["id"], "type": "run"}
    created: dict[str, str] = http.post(f"{PREFIX}/experiment", json=body).json()
    return created["id"]


@dataclass
class Acknowledged:
    """What the server has answered that it has.

    Attributes:
        points: Series -> timestamps of its points, in order; the value is half the timestamp.
        texts: Path -> last text assigned.
        files: Path -> SHA-256 of the last file uploaded.
        requests: Number of requests answered.
        repeats: Number of requests that had to be sent again.
    """

    points: dict[str, list[int]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    repeats: int = 0


class Writer(threading.Thread):
    """Writes to one run until told to stop; a request without an answer is sent again to the byte, as the client does.

    Args:
        url: Address of the server.
        token: API token.
        seed: Chooses what is written.
    """

    def __init__(self, url: str, token: str, seed: int) -> None:
        super().__init__(name=f"writer-{seed}", daemon=True)
        self._http = log_in(url, token)
        self._dice = random.Random(seed)
        self._clock = 0
        self._ended = threading.Event()
        self.run_id = create_run(self._http)
        self.acknowledged = Acknowledged()
        self.problem: str | None = None

    def run(self) -> None:
        """Write, in turn, points, texts and files."""
        while not self._ended.is_set() and self.problem is None:
            self._dice.choices((self._log, self._assign, self._upload, self._upload_parts), (70, 15, 14, 1))[0]()

    def end(self) -> None:
        """Finish the request under way and stop."""
        self._ended.set()
        self.join(120)
        self._http.close()
        if self.is_alive():
            self.problem = "the writer did not come to an end"

    def _log(self) -> None:
        path = f"series/{self._dice.randrange(SERIES_COUNT)}"
        known = self.acknowledged.points.setdefault(path, [])
        with_steps = path.endswith("0")
        moments = list(range(self._clock, self._clock + self._dice.choice((1, 1, 5, 50, 700))))
        self._clock = moments[-1] + 1
        entries = [
            {"step": len(known) + at if with_steps else None, "timestampMilliseconds": moment, "value": moment / 2}
            for at, moment in enumerate(moments)
        ]
        self._execute([{"path": path, "logFloats": {"entries": entries}}])
        known.extend(moments)

    def _assign(self) -> None:
        path, text = f"texts/{self._dice.randrange(5)}", f"text {self._dice.random()}"
        self._execute([{"path": path, "assignString": {"value": text}}])
        self.acknowledged.texts[path] = text

    def _upload(self) -> None:
        path, content = (
            f"files/{self._dice.randrange(5)}",
            self._dice.randbytes(self._dice.randrange(LARGEST_FILE_BYTES)),
        )
        query = {"experimentIdentifier": self.run_id, "attribute": path, "ext": "bin"}
        self._send(f"{FILES}/upload", query, content)
        self.acknowledged.files[path] = hashlib.sha256(content).hexdigest()

    def _upload_parts(self) -> None:
        path, content = f"files/{self._dice.randrange(5)}", self._dice.randbytes(LARGEST_FILE_BYTES)
        query = {"experimentIdentifier": self.run_id, "attribute": path}
        started = self._send(f"{FILES}/multipart/start", {**query, "ext": "bin", "totalLength": str(len(content))}, b"")
        upload = {**query, "uploadId": started["uploadId"]}
        middle = self._dice.randrange(1, len(content))
        for index, (first, last) in enumerate(((0, middle), (middle, len(content)))):
            headers = {"X-Range": f"bytes={first}-{last - 1}/{len(content)}"}
            part = {**upload, "uploadPartIdx": str(index)}
            self._send(f"{FILES}/multipart/part", part, content[first:last], headers)
        self._send(f"{FILES}/multipart/finish", upload, b"")
        self.acknowledged.files[path] = hashlib.sha256(content).hexdigest()

    def _execute(self, operations: list[dict[str, Any]]) -> None:
        answer = self._send(f"{PREFIX}/attributes/operations", {"experimentId": self.run_id}, orjson.dumps(operations))
        if answer not in ([], None):
            self.problem = f"an operation was refused: {answer}"

    def _send(self, path: str, query: dict[str, str], content: bytes, headers: dict[str, str] | None = None) -> Any:
        while True:
            try:
                answer = self._http.post(path, params=query, content=content, headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 200:
                self.acknowledged.requests += 1
                return answer.json()
            if answer is not None and answer.status_code < 500:
                self.problem = f"{path} was answered with {answer.status_code}: {answer.text[:200]}"
                return None
            self.acknowledged.repeats += 1
            time.sleep(RETRY_SECONDS)


@dataclass(frozen=True)
class Outcome:
    """What came of a number of kills.

    Attributes:
        kills: How often the server was killed.
        requests: Requests answered in all.
        repeats: Requests that had to be sent again.
        points: Points acknowledged.
        differences: What the server has differently from what it acknowledged; empty if all is well.
    """

    kills: int
    requests: int
    repeats: int
    points: int
    differences: list[str]


def kill_server(home: Path, kills: int, seed: int, *, writers: int = 3, longest_life_seconds: float = 0.4) -> Outcome:
    """Kill the embedded server at random moments under load, and compare what it has with what it acknowledged.

    Args:
        home: Data folder of the server.
        kills: How often to kill it.
        seed: Chooses the moments and what is written.
        writers: Number of runs that are written to at once.
        longest_life_seconds: The server is killed so long after it answers again, at most.
    """
    dice = random.Random(seed)
    embedded = EmbeddedServer(home)
    running = embedded.ensure_running()
    load = [Writer(running.url, running.api_token, seed + number) for number in range(writers)]
    for writer in load:
        writer.start()
    for _ in range(kills):
        process = psutil.Process(embedded.ensure_running().pid)
        time.sleep(dice.uniform(0, longest_life_seconds))
        process.kill()
        process.wait(10)
    embedded.ensure_running()
    for writer in load:
        writer.end()
    http = log_in(running.url, running.api_token)
    differences = [sentence for writer in load for sentence in _differences(http, writer)]
    http.close()
    embedded.stop()
    differences += _damage(HomeLayout(home))
    points = sum(len(moments) for writer in load for moments in writer.acknowledged.points.values())
    return Outcome(
        kills,
        sum(writer.acknowledged.requests for writer in load),
        sum(writer.acknowledged.repeats for writer in load),
        points,
        differences,
    )


def _damage(layout: HomeLayout) -> Iterator[str]:
    """Yield what ``verify`` finds lost or wrong in a data folder."""
    store = SqlStore(sqlite_url(layout.database))
    yield from (str(finding) for finding in verify(store, DiskBlobStore(layout.files)).damage)
    store.close()


def _differences(http: httpx.Client, writer: Writer) -> Iterator[str]:
    if writer.problem is not None:
        yield f"{writer.name}: {writer.problem}"
    query = {"experimentId": writer.run_id}
    for path, moments in writer.acknowledged.points.items():
        found = list(_points(http, {**query, "attribute": path}))
        if [point["timestampMillis"] for point in found] != moments:
            yield f"{writer.name}: {path} has {len(found)} points; {len(moments)} others were acknowledged"
        if [point["step"] for point in found] != list(range(len(moments))):
            yield f"{writer.name}: the steps of {path} are not 0 to {len(moments) - 1}"
        if any(point["value"] != point["timestampMillis"] / 2 for point in found):
            yield f"{writer.name}: {path} has a wrong value"
    for path, text in writer.acknowledged.texts.items():
        found_text = http.get(f"{PREFIX}/attributes/string", params={**query, "attribute": path}).json()["value"]
        if found_text != text:
            yield f"{writer.name}: {path} is {found_text!r}, {text!r} was acknowledged"
    for path, digest in writer.acknowledged.files.items():
        content = http.get(f"{FILES}/download", params={**query, "attribute": path}).content
        if hashlib.sha256(content).hexdigest() != digest:
            yield f"{writer.name}: {path} has other bytes than were acknowledged"


def _points(http: httpx.Client, query: dict[str, str]) -> Iterator[dict[str, Any]]:
    offset, total = 0, 1
    while offset < total:
        page = {**query, "limit": "10000", "offset": str(offset)}
        answer = http.get(f"{PREFIX}/attributes/floatseries/values", params=page).json()
        total = answer["totalItemCount"]
        yield from answer["values"]
        if not answer["values"]:
            return
        offset += len(answer["values"])
