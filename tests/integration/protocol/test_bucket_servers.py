"""The real client against two servers on one database and one bucket; each of its requests goes to the next one."""

import itertools
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from neptune.types import File
from starlette.types import Receive, Scope, Send

from neptune_yolo.server.app import create_app
from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.settings import BucketSettings, ServerSettings
from tests.s3 import Bucket
from tests.service import API_SECRET, PAGE_KEY, Service
from tests.serving import listening, serving

OpenRun = Callable[..., Any]

PREFIX = "/api/leaderboard/v1/attributes"
MEBIBYTE = 1024 * 1024


class _Alternating:
    """Hands each request to the next one of several applications."""

    def __init__(self, settings: ServerSettings, count: int) -> None:
        self._apps = [create_app(settings) for _ in range(count)]
        self._next = itertools.cycle(self._apps)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await next(self._next)(scope, receive, send)
            return
        async with AsyncExitStack() as running:
            await receive()
            for app in self._apps:
                await running.enter_async_context(app.router.lifespan_context(app))
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


@pytest.fixture
def service(tmp_path: Path, database_url: str, bucket: Bucket) -> Iterator[Service]:
    with listening() as (listener, url):
        settings = ServerSettings(
            database_url=database_url,
            file_root=tmp_path / "files",
            bucket=BucketSettings(bucket.name, "team", bucket.endpoint_url),
            api_secret=API_SECRET,
            signing_key="signing-key-of-the-tests-32-bytes",
            page_key=PAGE_KEY,
            public_url=url,
        )
        with serving(_Alternating(settings, 2), settings, listener):
            yield Service(settings, make_api_token(url, API_SECRET))


def test_files_sets_and_pictures_go_to_the_bucket_and_come_back(
    init_run: OpenRun, bucket: Bucket, tmp_path: Path
) -> None:
    weights = Path("weights.pt")
    weights.write_bytes(os.urandom(11 * MEBIBYTE + 17))
    Path("data/labels").mkdir(parents=True)
    Path("data/labels/one.txt").write_text("1")
    Path("data/all.yaml").write_text("names: [a]")
    run = init_run()
    run["weights/best"].upload(str(weights))
    run["plot"].upload(File.from_content(b"<svg/>", extension="svg"))
    run["set"].upload_files("data")
    for shade in (0.0, 0.5, 1.0):
        run["pictures"].append(File.as_image(np.full((4, 4), shade)))
    run.wait()
    run["weights/best"].download("copy.pt", progress_bar=False)
    run["plot"].download("plot.svg", progress_bar=False)
    run["set"].download("set.zip", progress_bar=False)
    run["pictures"].download("pictures", progress_bar=False)
    assert Path("copy.pt").read_bytes() == weights.read_bytes()
    assert Path("plot.svg").read_bytes() == b"<svg/>"
    with zipfile.ZipFile("set.zip") as archive:
        assert archive.read("data/labels/one.txt") == b"1"
        assert archive.read("data/all.yaml") == b"names: [a]"
    assert len(list(Path("pictures").iterdir())) == 3
    assert [name.rpartition("/")[0] for name in bucket.names()] == ["team/blobs"] * 7
    assert not (tmp_path / "files").exists()

    del run["weights/best"], run["pictures"]
    run.wait()
    assert len(bucket.names()) == 3


def test_an_upload_is_begun_sent_and_finished_by_different_servers(
    bearer: httpx.Client, run_id: str, bucket: Bucket
) -> None:
    target = {"experimentIdentifier": run_id, "attribute": "weights"}
    parts = [os.urandom(100_000) for _ in range(5)]
    started = bearer.post(f"{PREFIX}/file/multipart/start", params={**target, "ext": "pt", "totalLength": 500_000})
    upload = {**target, "uploadId": started.json()["uploadId"]}
    for index in (4, 0, 2, 1, 3, 2):
        answer = bearer.post(
            f"{PREFIX}/file/multipart/part",
            params={**upload, "uploadPartIdx": index},
            content=parts[index],
            headers={"X-Range": f"bytes={index * 100_000}-{index * 100_000 + 99_999}/500000"},
        )
        assert answer.json() == {"errors": []}
    for _ in range(3):
        assert bearer.post(f"{PREFIX}/file/multipart/finish", params=upload).json() == {"errors": []}
    for _ in range(2):
        answer = bearer.get(f"{PREFIX}/file/download", params={"experimentId": run_id, "attribute": "weights"})
        assert answer.content == b"".join(parts)
    assert len(bucket.names()) == 1


def test_a_bucket_that_fails_is_answered_with_try_again(bearer: httpx.Client, run_id: str, bucket: Bucket) -> None:
    bucket.client.delete_bucket(Bucket=bucket.name)
    target = {"experimentIdentifier": run_id, "attribute": "weights", "ext": "pt"}
    answer = bearer.post(f"{PREFIX}/file/upload", params=target, content=b"1234")
    assert answer.status_code == 503
    assert "Create it" in answer.json()["message"]
    listed = bearer.get("/api/leaderboard/v1/experiment/attributes", params={"experimentId": run_id}).json()
    assert "weights" not in {attribute["name"] for attribute in listed["attributes"]}
