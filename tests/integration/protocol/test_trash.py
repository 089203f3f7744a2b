"""The trash: what lies in it is as it was, what leaves it for ever is gone."""

import io
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from neptune import management
from neptune.exceptions import RunNotFound
from neptune.management.exceptions import ProjectNotFound
from neptune.types import File

from tests.integration.protocol.public_api.covering import covers

OpenRun = Callable[..., Any]

PREFIX = "/api/leaderboard/v1"
PROJECT = "local/yolo"

pytestmark = pytest.mark.filterwarnings("ignore:.*model registry.*", "ignore:.*Model registry.*")


def _call(bearer: httpx.Client, action: str, *identifiers: str, project: str = PROJECT) -> dict[str, list[str]]:
    answer = bearer.post(
        f"{PREFIX}/experiments/{action}", params={"projectIdentifier": project}, json=list(identifiers)
    )
    assert answer.status_code == 200, answer.text
    outcome: dict[str, list[str]] = answer.json()
    return outcome


def _create(bearer: httpx.Client, project: str = PROJECT, **body: Any) -> dict[str, Any]:
    found = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": project}).json()["id"]
    answer = bearer.post(f"{PREFIX}/experiment", json={"projectIdentifier": found, "parentId": found, **body})
    container: dict[str, Any] = answer.raise_for_status().json()
    return container


def _trashed(bearer: httpx.Client, *identifiers: str) -> list[bool | None]:
    answers = [bearer.get(f"{PREFIX}/experiment", params={"experimentId": each}).json() for each in identifiers]
    return [answer.get("trashed") for answer in answers]


def _identity(bearer: httpx.Client, identifier: str) -> str:
    found: str = bearer.get(f"{PREFIX}/experiment", params={"experimentId": identifier}).json()["id"]
    return found


def _stored(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in (folder / "files").rglob("*") if path.is_file()}


@pytest.fixture
def model(bearer: httpx.Client) -> list[str]:
    """A model and its two versions, by their identifiers."""
    made = _create(bearer, type="model", key="DET")
    versions = [_create(bearer, type="modelVersion", parentId=made["id"]) for _ in range(2)]
    return [f"{PROJECT}/{container['shortId']}" for container in (made, *versions)]


@covers("management.trash_objects", "management.delete_objects_from_trash", "management.clear_trash")
def test_the_client_trashes_and_deletes(
    init_run: OpenRun,
    bearer: httpx.Client,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    runs = [init_run(name=f"run {number}") for number in range(3)]
    for number, run in enumerate(runs):
        run["weights"].upload(File.from_content(b"weights of %d" % number, extension="pt"))
        run["images"].append(File.from_content(_picture(number), extension="png"))
        run["loss"].append(0.5)
        run["sys/tags"].add("old")
        run.wait()
    kept = _stored(tmp_path)
    assert len(kept) == 6
    with caplog.at_level(logging.INFO, "neptune"):
        management.trash_objects(PROJECT, ["YOL-1", "YOL-2", "YOL-9"])
    assert "trashed objects: 2. Number of failures: 1" in caplog.text
    assert "YOL-9" in caplog.text
    assert runs[0]["sys/trashed"].fetch() is True
    assert _stored(tmp_path) == kept
    assert "YOL-1 lies in the trash" not in capsys.readouterr().out
    assert init_run(with_id="YOL-1")["loss"].fetch_last() == 0.5
    assert "YOL-1 lies in the trash" in capsys.readouterr().out
    runs[0]["loss"].append(0.25)  # a training that is under way goes on
    runs[0].wait()
    assert runs[0]["loss"].fetch_last() == 0.25

    management.delete_objects_from_trash(PROJECT, ["YOL-1", "YOL-3"])
    assert _trashed(bearer, *(f"{PROJECT}/YOL-{number}" for number in (1, 2, 3))) == [None, True, False]
    with pytest.raises(RunNotFound, match="YOL-1"):
        init_run(with_id="YOL-1", mode="read-only")
    assert {content for content in kept if b"0" in content[:12]}.isdisjoint(_stored(tmp_path))
    management.clear_trash(PROJECT)
    assert _trashed(bearer, *(f"{PROJECT}/YOL-{number}" for number in (1, 2, 3))) == [None, None, False]
    assert len(_stored(tmp_path)) == 2
    again = init_run(name="next")
    assert again["sys/id"].fetch() == "YOL-4"  # no number is given twice
    with pytest.raises(ProjectNotFound):
        management.trash_objects("local/unknown", "YOL-1")


def _picture(number: int) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), (number, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_model_takes_its_versions_along(bearer: httpx.Client, model: list[str]) -> None:
    assert _call(bearer, "trash", model[0]) == {"errors": [], "updatedExperimentIdentifiers": [model[0]]}
    assert _trashed(bearer, *model) == [True] * 3
    _call(bearer, "restore", model[0])
    assert _trashed(bearer, *model) == [False] * 3
    _call(bearer, "trash", model[1])
    assert _trashed(bearer, *model) == [False, True, False]
    _call(bearer, "trash", model[0])
    born = _create(bearer, type="modelVersion", parentId=_identity(bearer, model[0]))
    assert born["trashed"] is True
    _call(bearer, "restore", model[2])  # a version is nothing without its model
    assert _trashed(bearer, *model) == [False, True, False]
    _call(bearer, "trash", model[0])
    _call(bearer, "delete", model[0])
    assert _trashed(bearer, *model) == [None] * 3
    assert _create(bearer, type="model", key="DET")["shortId"] == "YOL-DET"


def test_each_identifier_fails_alone_and_repeating_changes_nothing(bearer: httpx.Client, model: list[str]) -> None:
    other = f"local/other/{_create(bearer, 'local/other', type='run')['shortId']}"
    project = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": PROJECT}).json()
    wrong = [other, "YOL-77", f"{PROJECT}/YOL", project["id"], "", "a/b/c/d"]
    for _ in range(2):
        outcome = _call(bearer, "trash", *wrong, model[1])
        assert outcome["updatedExperimentIdentifiers"] == [model[1]]
        assert ["Check its spelling" in error for error in outcome["errors"]] == [True] * len(wrong)
    assert _trashed(bearer, other, project["id"], *model) == [False, False, False, True, False]
    outcome = _call(bearer, "delete", model[0], model[1], other)
    assert outcome["updatedExperimentIdentifiers"] == [model[1]]
    assert [model[0].rpartition("/")[2] in outcome["errors"][0], other in outcome["errors"][1]] == [True, True]


def test_what_is_not_an_array_of_identifiers_is_refused(bearer: httpx.Client) -> None:
    bodies: list[object] = [{}, "YOL-1", [1], ["x"] * 1001, None]
    for body in bodies:
        for action in ("trash", "restore", "delete"):
            answer = bearer.post(
                f"{PREFIX}/experiments/{action}", params={"projectIdentifier": PROJECT}, content=_json(body)
            )
            assert answer.status_code == 400


def _json(body: object) -> bytes:
    return json.dumps(body).encode()


def test_parts_of_uploads_go_with_their_run(bearer: httpx.Client, run_id: str, tmp_path: Path) -> None:
    query = {"experimentIdentifier": run_id, "attribute": "weights"}
    started = bearer.post(
        f"{PREFIX}/attributes/file/multipart/start", params={**query, "ext": "pt", "totalLength": "8"}
    ).json()
    part = {**query, "uploadId": started["uploadId"], "uploadPartIdx": "0"}
    bearer.post(
        f"{PREFIX}/attributes/file/multipart/part", params=part, content=b"1234", headers={"X-Range": "bytes=0-3/8"}
    ).raise_for_status()
    assert _stored(tmp_path) == {b"1234"}
    _call(bearer, "trash", run_id)
    _call(bearer, "delete", run_id)
    assert _stored(tmp_path) == set()
    assert bearer.post(f"{PREFIX}/ping", params={"experimentId": run_id}).status_code == 404


def test_a_run_is_deleted_while_programs_write_to_it(bearer: httpx.Client, run_id: str, tmp_path: Path) -> None:
    def write(number: int) -> set[int]:
        statuses = set()
        with httpx.Client(base_url=bearer.base_url, headers=bearer.headers, timeout=30) as http:
            for step in range(200):
                path, body = f"{PREFIX}/attributes/operations", [{"path": f"{number}", "assignInt": {"value": step}}]
                statuses.add(http.post(path, params={"experimentId": run_id}, json=body).status_code)
                query = {"experimentIdentifier": run_id, "attribute": f"file{number}", "ext": "bin"}
                answer = http.post(f"{PREFIX}/attributes/file/upload", params=query, content=b"%d %d" % (number, step))
                statuses.add(answer.status_code)
                if answer.status_code == 404:
                    break
        return statuses

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, number) for number in range(3)]
        time.sleep(0.3)
        _call(bearer, "trash", run_id)
        _call(bearer, "delete", run_id)
        assert [writer.result() for writer in writers] == [{200, 404}] * 3
    assert _stored(tmp_path) == set()


def test_the_command_lists_and_restores(bearer: httpx.Client, run_id: str, model: list[str], service: Any) -> None:
    from neptune_yolo.cli import main

    def call(*arguments: str, code: int = 0) -> str:
        outcome = CliRunner().invoke(main, ["project", *arguments, "--database-url", service.settings.database_url])
        assert outcome.exit_code == code, outcome.output
        return outcome.output

    _call(bearer, "trash", run_id, model[0])
    listed = [line.split()[:2] for line in call("trash", PROJECT).splitlines()[1:]]
    assert listed == [["YOL-1", "run"], ["YOL-DET", "model"], *([f"YOL-DET-{n}", "modelVersion"] for n in (1, 2))]
    assert "YOL-77" in call("restore", PROJECT, "YOL-1", "YOL-77", "YOL-DET", code=3)
    assert _trashed(bearer, run_id, *model) == [False] * 4
    call("restore", "local/unknown", "YOL-1", code=3)


def test_restoring_makes_a_run_as_it_was(bearer: httpx.Client, run_id: str) -> None:
    identifier = f"{PROJECT}/YOL-1"
    _call(bearer, "trash", run_id)  # by its UUID
    assert _trashed(bearer, identifier) == [True]
    assert _call(bearer, "restore", "YOL-1")["updatedExperimentIdentifiers"] == ["YOL-1"]
    assert _trashed(bearer, identifier) == [False]
