"""What is deleted is gone: the attribute, and the bytes once nobody refers to them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from neptune.exceptions import MissingFieldException
from neptune.types import File

OpenRun = Callable[..., Any]
Execute = Callable[[list[dict[str, Any]]], list[str]]

PREFIX = "/api/leaderboard/v1/attributes"


def _stored(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in (folder / "files").rglob("*") if path.is_file()}


def _upload(bearer: httpx.Client, run_id: str, path: str, content: bytes) -> None:
    query = {"experimentIdentifier": run_id, "attribute": path, "ext": "pt"}
    assert bearer.post(f"{PREFIX}/file/upload", params=query, content=content).json() == {"errors": []}


def _download(bearer: httpx.Client, run_id: str, path: str) -> httpx.Response:
    return bearer.get(f"{PREFIX}/file/download", params={"experimentId": run_id, "attribute": path})


def test_old_checkpoints_are_removed_from_the_server(init_run: OpenRun, tmp_path: Path) -> None:
    checkpoints = {epoch: os.urandom(1000) for epoch in range(4)}
    run = init_run()
    for epoch, content in checkpoints.items():
        run[f"weights/epoch_{epoch}"].upload(File.from_content(content, extension="pt"))
    run["weights/best"].upload(File.from_content(checkpoints[1], extension="pt"))
    run.wait()
    assert _stored(tmp_path) == set(checkpoints.values())
    run["weights/epoch_0"].pop()
    run["weights/epoch_1"].pop()
    del run["weights/epoch_2"]
    run.wait()
    assert _stored(tmp_path) == {checkpoints[1], checkpoints[3]}
    again = init_run(with_id=run["sys/id"].fetch(), mode="read-only")
    assert set(again.get_structure()["weights"]) == {"best", "epoch_3"}
    with pytest.raises(MissingFieldException):
        again["weights/epoch_0"].download(progress_bar=False)
    again["weights/best"].download("best.pt", progress_bar=False)
    assert Path("best.pt").read_bytes() == checkpoints[1]


def test_a_whole_namespace_is_deleted_and_written_again(init_run: OpenRun, tmp_path: Path) -> None:
    Path("data").mkdir()
    Path("data/one.txt").write_text("one")
    run = init_run()
    run["checkpoints/best"].upload(File.from_content(b"weights", extension="pt"))
    run["checkpoints/metrics"] = {"map": 0.5, "epoch": 3}
    run["checkpoints/set"].upload_files("data/*.txt")
    run.wait()
    assert _stored(tmp_path) == {b"weights", b"one"}
    run["checkpoints"].pop()
    run["checkpoints/best"] = "text now"
    run.wait()
    assert _stored(tmp_path) == set()
    assert run["checkpoints/best"].fetch() == "text now"


def test_a_file_that_is_replaced_leaves_no_bytes_behind(bearer: httpx.Client, run_id: str, tmp_path: Path) -> None:
    for content in (b"first", b"second", b"second"):
        _upload(bearer, run_id, "weights/last", content)
    assert _stored(tmp_path) == {b"second"}


def test_files_taken_out_of_a_set_count_no_longer(
    execute: Execute, bearer: httpx.Client, run_id: str, tmp_path: Path
) -> None:
    for name, content in (("a/one.txt", b"1"), ("a/two.txt", b"22"), ("three.txt", b"333")):
        query = {"experimentIdentifier": run_id, "attribute": "set", "subPath": name}
        bearer.post(f"{PREFIX}/fileset/upload", params=query, content=content)
    assert execute([{"path": "set", "deleteFiles": {"filePaths": ["./a/"]}}]) == []
    assert _stored(tmp_path) == {b"333"}
    attributes = bearer.get("/api/leaderboard/v1/experiment/attributes", params={"experimentId": run_id}).json()
    (found,) = (item for item in attributes["attributes"] if item["name"] == "set")
    assert found["fileSetProperties"] == {"size": 3}


def test_a_refused_upload_leaves_no_bytes_behind(
    execute: Execute, bearer: httpx.Client, run_id: str, tmp_path: Path
) -> None:
    execute([{"path": "value", "assignInt": {"value": 1}}])
    query = {"experimentIdentifier": run_id, "attribute": "value", "ext": "pt"}
    assert len(bearer.post(f"{PREFIX}/file/upload", params=query, content=b"1234").json()["errors"]) == 1
    assert _stored(tmp_path) == set()


def test_a_reader_who_comes_late_gets_a_clean_answer(execute: Execute, bearer: httpx.Client, run_id: str) -> None:
    _upload(bearer, run_id, "weights/best", b"1234")
    assert execute([{"path": "weights/best", "deleteAttribute": {}}]) == []
    answer = _download(bearer, run_id, "weights/best")
    assert answer.status_code == 404
    assert "weights/best" in answer.json()["title"]
    _upload(bearer, run_id, "weights/best", b"1234")
    assert _download(bearer, run_id, "weights/best").content == b"1234"


def test_deleting_twice_is_reported_and_harms_nothing(execute: Execute, bearer: httpx.Client, run_id: str) -> None:
    _upload(bearer, run_id, "weights/best", b"1234")
    delete = {"path": "weights/best", "deleteAttribute": {}}
    errors = execute([delete, delete, {"path": "after", "assignInt": {"value": 1}}])
    assert ["weights/best" in error for error in errors] == [True]
    assert bearer.get(f"{PREFIX}/int", params={"experimentId": run_id, "attribute": "after"}).json() == {"value": 1}
