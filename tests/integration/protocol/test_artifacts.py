"""Artifacts: files that are tracked where they lie, through the real client and as they travel."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from neptune.exceptions import MissingFieldException
from neptune.internal.artifacts.file_hasher import FileHasher
from neptune.internal.artifacts.types import ArtifactFileData

OpenRun = Callable[..., Any]
Execute = Callable[[list[dict[str, Any]]], list[str]]

PREFIX = "/api/artifacts/v1"


@pytest.fixture
def dataset() -> Path:
    folder = Path("dataset")
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "ä b.jpg").write_bytes(b"first picture")
    (folder / "data.yaml").write_text("names: [car]")
    return folder


def test_tracked_files_are_listed_and_fetched(init_run: OpenRun, dataset: Path) -> None:
    run = init_run()
    run["dataset/files"].track_files(str(dataset))
    run.wait()
    again = init_run(with_id=run["sys/id"].fetch(), mode="read-only")
    files = {file.file_path: file for file in again["dataset/files"].fetch_files_list()}
    assert set(files) == {"images/ä b.jpg", "data.yaml"}
    content = (dataset / "images" / "ä b.jpg").read_bytes()
    picture = files["images/ä b.jpg"]
    assert (picture.file_hash, picture.size) == (hashlib.sha1(content).hexdigest(), len(content))
    assert picture.metadata["file_path"].endswith("/dataset/images/ä b.jpg")
    assert again["dataset/files"].fetch_hash() == FileHasher.get_artifact_hash_without_metadata(files.values())
    again["dataset/files"].download("copy")
    assert (Path("copy") / "images" / "ä b.jpg").read_bytes() == content


def test_more_files_make_a_new_artifact_with_the_clients_own_hash(init_run: OpenRun, dataset: Path) -> None:
    run = init_run()
    run["files"].track_files(str(dataset / "images"), destination="images")
    run.wait()
    first = run["files"].fetch_hash()
    run["files"].track_files(str(dataset / "data.yaml"))
    (dataset / "images" / "ä b.jpg").write_bytes(b"another picture")
    run["files"].track_files(str(dataset / "images"), destination="images")
    run.wait()
    run["all"].track_files(str(dataset))
    run.wait()
    assert run["files"].fetch_hash() == run["all"].fetch_hash() != first
    run["old"] = run["all"].fetch()
    run.wait()
    assert run["old"].fetch_hash() == run["all"].fetch_hash()
    del run["files"]
    run.wait()
    with pytest.raises(MissingFieldException):
        run["files"].fetch_hash()
    assert {file.file_path for file in run["old"].fetch_files_list()} == {"images/ä b.jpg", "data.yaml"}


FILES = [
    ArtifactFileData("b/ü.txt", "0" * 40, "Local", {"file_path": "file:///b"}, 3),
    ArtifactFileData("a.txt", "1" * 40, "S3", {}, None),
]


@pytest.fixture
def project(bearer: httpx.Client) -> str:
    found: str = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()["id"]
    return found


def _create(bearer: httpx.Client, project: str, files: list[ArtifactFileData]) -> str:
    artifact_hash = FileHasher.get_artifact_hash_without_metadata(files)
    query = {"projectIdentifier": project, "hash": artifact_hash}
    body = {"files": [file.to_dto() for file in files]}
    for received in (False, True):
        created = bearer.post(f"{PREFIX}/", params=query).json()
        assert created == {"artifactHash": artifact_hash, "size": None, "receivedMetadata": received}
        described = bearer.post(f"{PREFIX}/files", params=query, json=body).json()
        assert described["receivedMetadata"] is True
    return artifact_hash


def test_creating_and_describing_twice_changes_nothing(bearer: httpx.Client, project: str) -> None:
    artifact_hash = _create(bearer, project, FILES)
    query = {"projectIdentifier": project, "hash": artifact_hash}
    listed = bearer.get(f"{PREFIX}/files", params=query).json()["files"]
    assert listed == [file.to_dto() for file in FILES]


def test_a_version_leaves_the_old_one_as_it_is(bearer: httpx.Client, project: str) -> None:
    old = _create(bearer, project, FILES)
    newer = ArtifactFileData("a.txt", "2" * 40, "Local", {}, 5)
    query = {"projectIdentifier": project, "hash": old}
    for _ in range(2):
        answer = bearer.post(f"{PREFIX}/version", params=query, json={"files": [newer.to_dto()]}).json()
        merged = FileHasher.get_artifact_hash_without_metadata([newer, FILES[0]])
        assert answer == {"artifactHash": merged, "size": 8, "receivedMetadata": True}
    listed = bearer.get(f"{PREFIX}/files", params={**query, "hash": merged}).json()["files"]
    assert listed == [newer.to_dto(), FILES[0].to_dto()]
    assert len(bearer.get(f"{PREFIX}/files", params=query).json()["files"]) == 2


def test_files_of_another_hash_are_refused(bearer: httpx.Client, project: str) -> None:
    query = {"projectIdentifier": project, "hash": "f" * 64}
    bearer.post(f"{PREFIX}/", params=query)
    answer = bearer.post(f"{PREFIX}/files", params=query, json={"files": [FILES[0].to_dto()]})
    assert answer.status_code == 400
    assert FileHasher.get_artifact_hash_without_metadata(FILES[:1]) in answer.json()["title"]


@pytest.mark.parametrize("item", [None, {}, {"filePath": 1, "fileHash": "a", "type": "Local"}, {"filePath": "a"}])
def test_files_without_the_form_of_one_are_refused(bearer: httpx.Client, project: str, item: object) -> None:
    query = {"projectIdentifier": project, "hash": "f" * 64}
    answer = bearer.post(f"{PREFIX}/files", params=query, json={"files": [item]})
    assert answer.status_code == 400
    assert "filePath" in answer.json()["title"]


def test_unknown_artifacts_and_projects_are_named(bearer: httpx.Client, project: str) -> None:
    query = {"projectIdentifier": project, "hash": "e" * 64}
    assert bearer.get(f"{PREFIX}/files", params=query).status_code == 404
    assert bearer.post(f"{PREFIX}/version", params=query, json={"files": []}).status_code == 404
    assert bearer.post(f"{PREFIX}/", params={**query, "projectIdentifier": "none"}).status_code == 404


def test_a_hash_that_the_project_does_not_know_is_an_error_of_its_operation(
    execute: Execute, bearer: httpx.Client, project: str, run_id: str
) -> None:
    known = _create(bearer, project, FILES)
    errors = execute(
        [
            {"path": "good", "assignArtifact": {"hash": known}},
            {"path": "bad", "assignArtifact": {"hash": "e" * 64}},
            {"path": "worse", "assignArtifact": {"hash": 5}},
        ]
    )
    assert ["track_files" in errors[0], "'5'" in errors[1]] == [True, True]
    query = {"experimentId": run_id, "attribute": "good"}
    path = "/api/leaderboard/v1/attributes/artifact"
    assert bearer.get(path, params=query).json() == {"hash": known}
    assert execute([{"path": "good", "clearArtifact": {}}]) == []
    assert bearer.get(path, params=query).json() == {"hash": None}
    assert bearer.get(path, params={**query, "attribute": "bad"}).status_code == 404
