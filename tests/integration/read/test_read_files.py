import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from neptune.types import File

from neptune_yolo import read
from neptune_yolo.read.api import ReadApi, open_api
from neptune_yolo.read.exceptions import (
    FileDamagedError,
    RequestRefusedError,
    ServerNotAnsweringError,
    TargetRefusedError,
    ThingNotFoundError,
)
from neptune_yolo.read.file_reader import FilePlace
from neptune_yolo.read.servers import Server
from neptune_yolo.read.transport import Transport
from neptune_yolo.server.domain.api_token import make_api_token
from tests.integration.read.flaky import flaky_connection
from tests.service import API_SECRET, PROJECT, Service

CONTENT = os.urandom(1_500_000)


@pytest.fixture
def place(open_run: Callable[..., Any], tmp_path: Path) -> FilePlace:
    """A file of a run."""
    (tmp_path / "long.bin").write_bytes(CONTENT)
    run = open_run()
    run["weights/best"].upload(str(tmp_path / "long.bin"))
    run.sync()
    return FilePlace(PROJECT, run["sys/id"].fetch(), "weights/best")


def _api(url: str) -> ReadApi:
    return ReadApi(Transport(Server(url, make_api_token(url, API_SECRET)), pauses_seconds=(0.01, 0.01)))


def test_a_connection_that_breaks_is_taken_up_again(service: Service, place: FilePlace, tmp_path: Path) -> None:
    seen: list[int] = []
    with flaky_connection(service.url, breaks=[300_000, 200_000, 50_000]) as url:
        api = _api(url)
        assert api.files.download(place, tmp_path / "copy.bin", seen.append) == hashlib.sha256(CONTENT).hexdigest()
        api.close()
    assert (tmp_path / "copy.bin").read_bytes() == CONTENT
    assert sum(seen) == len(CONTENT)


def test_a_download_that_failed_is_gone_on_with(service: Service, place: FilePlace, tmp_path: Path) -> None:
    target = tmp_path / "folder" / "copy.bin"
    with flaky_connection(service.url, breaks=[700_000] + [400] * 50) as url:
        api = _api(url)
        with pytest.raises(ServerNotAnsweringError):
            api.files.download(place, target)
        api.close()
    assert not target.exists()
    (part,) = [path for path in target.parent.iterdir() if path.suffix == ".part"]
    assert CONTENT.startswith(part.read_bytes())
    had = part.stat().st_size
    assert had > 500_000
    seen: list[int] = []
    with flaky_connection(service.url, breaks=[]) as url:
        api = _api(url)
        api.files.download(place, target, seen.append)
        api.close()
    assert seen[0] == had
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


def test_a_wrong_byte_is_found_and_nothing_is_left(service: Service, place: FilePlace, tmp_path: Path) -> None:
    with flaky_connection(service.url, breaks=[], damage_at=900_000) as url:
        api = _api(url)
        with pytest.raises(FileDamagedError, match="SHA-256"):
            api.files.download(place, tmp_path / "folder" / "copy.bin")
        assert [path.suffix for path in (tmp_path / "folder").iterdir()] in ([], [".lock"])
        api.close()


def test_many_that_fetch_the_same_file_disturb_nobody(api: ReadApi, place: FilePlace, tmp_path: Path) -> None:
    target = tmp_path / "folder" / "copy.bin"
    threads = [threading.Thread(target=api.files.download, args=(place, target)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


def test_hostile_paths_never_climb_out(open_run: Callable[..., Any], service: Service, tmp_path: Path) -> None:
    (tmp_path / "évil.txt").write_text("x", encoding="utf-8")
    run = open_run()
    for path in ("../../up", "a/../../up2", "con", "A/b", "a/B"):
        run[path].upload(File.from_content("text", extension="txt"))
    run["set"].upload_files([str(tmp_path / "évil.txt")])
    run["pictures"].append(File.as_image(np.eye(4)), step=0.5)
    run.sync()
    folder = tmp_path / "deep" / "inner"
    with open_api(service.token) as api:
        found = read.download(f"{PROJECT}/{run['sys/id'].fetch()}", folder=folder, api=api)
    names = {str(path.relative_to(folder)) for path in found}
    assert len(names) == len({name.casefold() for name in names}) == 8
    assert {"set/évil.txt", "pictures/0000000.500000.png", "run.json"} <= names
    assert {path for path in tmp_path.rglob("*.txt") if not path.is_relative_to(folder)} == {tmp_path / "évil.txt"}
    assert not list(tmp_path.glob("up*"))


def test_what_is_no_file_or_leads_out_is_refused(api: ReadApi, place: FilePlace, tmp_path: Path) -> None:
    run = f"{PROJECT}/{place.run}"
    with pytest.raises(RequestRefusedError, match="sys/name"):
        read.download(run, "sys/name", tmp_path, api=api)
    with pytest.raises(ThingNotFoundError):
        read.download(run, "weights/none", tmp_path, api=api)
    with pytest.raises(ThingNotFoundError, match="fit"):
        read.download(run, "none/*", tmp_path, api=api)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "weights").symlink_to(tmp_path)
    with pytest.raises(TargetRefusedError, match="link"):
        read.download(run, "weights/best", tmp_path / "in", api=api)
