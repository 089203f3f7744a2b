"""``backup``, ``restore``, ``verify``, ``gc`` and ``stats``, on an embedded server that runs meanwhile."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from neptune_yolo.server.embedded import EmbeddedServer

Invoke = Callable[..., Result]
OPERATIONS = "/api/leaderboard/v1/attributes/operations"


@pytest.fixture
def filled(data_folder: Path) -> str:
    """A server that runs, with one run; returns the run's UUID."""
    running = EmbeddedServer(data_folder).ensure_running()
    with httpx.Client(base_url=running.url, timeout=30) as http:
        token = {"X-Neptune-Api-Token": running.api_token}
        answer = http.get("/api/backend/v1/authorization/oauth-token", headers=token)
        http.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
        project = http.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()
        body = {"projectIdentifier": project["id"], "parentId": project["id"], "type": "run"}
        run_id: str = http.post("/api/leaderboard/v1/experiment", json=body).json()["id"]
        points = [{"value": 0.5, "step": step, "timestampMilliseconds": step} for step in range(10)]
        picture = {"data": base64.b64encode(b"content").decode(), "name": None, "description": None}
        pictures = [{"value": picture, "step": 1, "timestampMilliseconds": 1}]
        operations = [
            {"path": "loss", "logFloats": {"entries": points}},
            {"path": "picture", "logImages": {"entries": pictures}},
        ]
        assert http.post(OPERATIONS, params={"experimentId": run_id}, json=operations).json() == []
    return run_id


@pytest.mark.usefixtures("filled")
def test_a_backup_becomes_another_data_folder(invoke: Invoke, tmp_path: Path, data_folder: Path) -> None:
    first = invoke("backup", tmp_path / "backup")
    assert first.exit_code == 0, first.output
    assert f"The backup in {tmp_path / 'backup'} is complete" in first.output
    assert json.loads(invoke("backup", tmp_path / "backup", "--json").output)["blob_count"] == 1

    refused = invoke("restore", tmp_path / "backup")
    assert refused.exit_code == 1
    assert "Expected no server on the data folder" in refused.output

    home = tmp_path / "restored"
    restored = invoke("restore", tmp_path / "backup", "--home", home)
    assert restored.exit_code == 0, restored.output
    assert (home / "secrets.json").read_bytes() == (data_folder / "secrets.json").read_bytes()
    again = invoke("restore", tmp_path / "backup", "--home", home)
    assert again.exit_code == 1
    assert "Expected an empty database" in again.output

    usage = json.loads(invoke("stats", "--home", home, "--json").output)
    assert [(project["runs"], project["points"], project["files"]) for project in usage["projects"]] == [(1, 11, 1)]
    assert "local/yolo" in invoke("stats", "--home", home).output


@pytest.mark.usefixtures("filled")
def test_verify_and_gc_while_the_server_runs(invoke: Invoke, data_folder: Path) -> None:
    sound = invoke("verify")
    assert (sound.exit_code, sound.output) == (0, "Everything is sound: 1 file (7 B), 2 series (11 points).\n")

    leftover = data_folder / "files" / "staging" / "x.part"
    leftover.write_bytes(b"staged by a server that was killed")
    os.utime(leftover, (1, 1))
    assert "Left over, and taking room: 1." in invoke("verify").output
    assert json.loads(invoke("gc", "--json").output)["staged"] == 1
    assert "Removed 0 files" in invoke("gc").output

    (file,) = (path for path in (data_folder / "files").glob("??/*"))
    file.write_bytes(b"CONTENT")
    damaged = invoke("verify")
    assert damaged.exit_code == 5
    assert "damaged file" in damaged.output
    assert json.loads(invoke("verify", "--json").output)["is_sound"] is False


def test_without_data_there_is_nothing_to_do(invoke: Invoke, tmp_path: Path, data_folder: Path) -> None:
    for command in (("backup", tmp_path / "backup"), ("verify",), ("gc",), ("stats",)):
        result = invoke(*command)
        assert result.exit_code == 1
        assert "Expected data of an embedded server" in result.output
    both = invoke("verify", "--home", tmp_path, "--config", tmp_path / "server.toml")
    assert both.exit_code == 2
    assert not data_folder.exists()
