"""Runs as they travel: creation, signs of life, what is not found."""

import time

import httpx
import pytest

PREFIX = "/api/leaderboard/v1"


def _state(bearer: httpx.Client, run_id: str) -> str:
    attributes = bearer.get(f"{PREFIX}/experiment/attributes", params={"experimentId": run_id}).json()["attributes"]
    (state,) = (item["experimentStateProperties"]["value"] for item in attributes if item["name"] == "sys/state")
    return str(state)


def test_a_silent_run_turns_idle_and_comes_back(bearer: httpx.Client, run_id: str) -> None:
    assert _state(bearer, run_id) == "running"
    time.sleep(1.1)
    assert _state(bearer, run_id) == "idle"
    assert bearer.post(f"{PREFIX}/ping", params={"experimentId": run_id}).status_code == 200
    assert _state(bearer, run_id) == "running"


def test_an_unknown_run_is_named_in_the_clients_words(bearer: httpx.Client) -> None:
    answer = bearer.get(f"{PREFIX}/experiment", params={"experimentId": "local/yolo/YOL-1"})
    assert answer.status_code == 404
    assert answer.json()["errorType"] == "EXPERIMENT_NOT_FOUND"


@pytest.mark.parametrize("path", ["/ping", "/attributes/operations"])
def test_other_calls_on_an_unknown_run_are_plain_404(bearer: httpx.Client, path: str) -> None:
    answer = bearer.post(f"{PREFIX}{path}", params={"experimentId": "unknown"}, json=[])
    assert answer.status_code == 404
    assert "errorType" not in answer.json()


def test_a_project_is_also_found_as_a_container(bearer: httpx.Client) -> None:
    project = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "a/vision"}).json()
    container = bearer.get(f"{PREFIX}/experiment", params={"experimentId": project["id"]}).json()
    assert (container["type"], container["shortId"], container["projectName"]) == ("project", "VIS", "vision")


@pytest.mark.parametrize("identifier", ["a/b/c", "/name", "work/", " a/b", "a/b\x00c", "x" * 129])
def test_a_project_of_a_wrong_form_is_refused(bearer: httpx.Client, identifier: str) -> None:
    answer = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": identifier})
    assert answer.status_code == 400
    assert "workspace/name" in answer.json()["title"]


def test_keys_of_projects_differ_within_a_workspace(bearer: httpx.Client) -> None:
    names = ("yolo", "yolo v2", "2026", "日本")
    keys = [
        bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": f"local/{name}"}).json()["projectKey"]
        for name in names
    ]
    assert keys == ["YOL", "YOL2", "P202", "PRJ"]
