"""What the server keeps below ``sys``: its types, who may write it, and the time a run was running."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

Execute = Callable[[list[dict[str, Any]]], list[str]]
OpenRun = Callable[..., Any]

PREFIX = "/api/leaderboard/v1"

COMMON = {
    "sys/id": "string",
    "sys/creation_time": "datetime",
    "sys/modification_time": "datetime",
    "sys/ping_time": "datetime",
    "sys/state": "experimentState",
    "sys/size": "float",
    "sys/running_time": "float",
    "sys/monitoring_time": "int",
    "sys/tags": "stringSet",
    "sys/group_tags": "stringSet",
    "sys/name": "string",
}
OWNED = {**COMMON, "sys/owner": "string", "sys/trashed": "bool"}
EXPECTED = {
    "project": {**COMMON, "sys/visibility": "string"},
    "run": {**OWNED, "sys/failed": "bool", "sys/custom_run_id": "string"},
    "model": OWNED,
    "modelVersion": {**OWNED, "sys/stage": "string", "sys/model_id": "string"},
}


@pytest.fixture
def idle_after_seconds() -> float:
    return 0.6


@pytest.fixture
def containers(bearer: httpx.Client) -> dict[str, str]:
    """One container of each kind, by its UUID."""
    project = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()["id"]
    made = {"project": project}
    for kind, options in (("run", {"customId": "mine"}), ("model", {"key": "DET"}), ("modelVersion", {})):
        parent = made["model"] if kind == "modelVersion" else project
        body = {"projectIdentifier": project, "parentId": parent, "type": kind, **options}
        made[kind] = bearer.post(f"{PREFIX}/experiment", json=body).raise_for_status().json()["id"]
    return made


def _attributes(bearer: httpx.Client, container: str) -> dict[str, dict[str, Any]]:
    answer = bearer.get(f"{PREFIX}/experiment/attributes", params={"experimentId": container})
    return {item["name"]: item for item in answer.raise_for_status().json()["attributes"]}


def _execute(bearer: httpx.Client, container: str, **operations: Any) -> list[str]:
    body = [{"path": path, **operation} for path, operation in operations.items()]
    answer = bearer.post(f"{PREFIX}/attributes/operations", params={"experimentId": container}, json=body)
    return [error["errorDescription"] for error in answer.raise_for_status().json()]


def _running_seconds(bearer: httpx.Client, container: str) -> float:
    query = {"experimentId": container, "attribute": "sys/running_time"}
    return float(bearer.get(f"{PREFIX}/attributes/float", params=query).raise_for_status().json()["value"])


def _running_seconds_in_table(bearer: httpx.Client, project: str) -> float:
    query = {"projectIdentifier": project, "type": "run"}
    body = {
        "query": {"query": "`sys/running_time`:float >= 0"},
        "sorting": {"dir": "descending", "sortBy": {"name": "sys/running_time", "type": "float"}},
        "pagination": {"limit": 10, "offset": 0},
        "attributeFilters": [{"path": "sys/running_time"}],
    }
    answer = bearer.post(f"{PREFIX}/leaderboard/entries/search", params=query, json=body).raise_for_status().json()
    (attribute,) = answer["entries"][0]["attributes"]
    return float(attribute["floatProperties"]["value"])


def test_each_kind_of_container_has_its_own(bearer: httpx.Client, containers: dict[str, str]) -> None:
    for kind, container in containers.items():
        found = {name: item["type"] for name, item in _attributes(bearer, container).items()}
        assert found == EXPECTED[kind], kind


def test_a_projects_visibility_is_told(bearer: httpx.Client, containers: dict[str, str]) -> None:
    body = {"name": "open", "organizationId": "local", "visibility": "pub"}
    assert bearer.post("/api/backend/v1/projects2", json=body).status_code == 200
    project = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/open"}).json()["id"]
    told = [_attributes(bearer, each)["sys/visibility"] for each in (project, containers["project"])]
    assert [item["stringProperties"]["value"] for item in told] == ["pub", "workspace"]


def test_what_the_server_keeps_is_read_only(bearer: httpx.Client, containers: dict[str, str]) -> None:
    paths = {path for kind in EXPECTED.values() for path in kind} | {"sys/unknown"}
    paths -= {"sys/name", "sys/tags", "sys/group_tags", "sys/failed", "sys/stage"}
    operations: list[dict[str, Any]] = [
        {"assignString": {"value": "x"}},
        {"deleteAttribute": {}},
        {"clearArtifact": {}},
    ]
    for container in containers.values():
        for operation in operations:
            assert len(_execute(bearer, container, **dict.fromkeys(paths, operation))) == len(paths)


def test_what_may_be_written_keeps_its_type(execute: Execute) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "sys/failed": {"assignString": {"value": "yes"}},
        "sys/name": {"assignFloat": {"value": 1.0}},
        "sys/tags": {"assignString": {"value": "one"}},
        "sys/description": {"logFloats": {"entries": [{"value": 1, "step": 1, "timestampMilliseconds": 1}]}},
    }
    errors = execute([{"path": path, **operation} for path, operation in wrong.items()])
    assert ["of type" in error and path in error for path, error in zip(wrong, errors, strict=True)] == [True] * 4


def test_a_project_is_not_renamed_by_an_attribute(bearer: httpx.Client, containers: dict[str, str]) -> None:
    assert len(_execute(bearer, containers["project"], **{"sys/name": {"assignString": {"value": "x"}}})) == 1
    assert _execute(bearer, containers["project"], **{"sys/tags": {"insertStrings": {"values": ["a"]}}}) == []
    assert _attributes(bearer, containers["project"])["sys/name"]["stringProperties"]["value"] == "yolo"


def test_a_short_run_has_its_running_time(bearer: httpx.Client, containers: dict[str, str]) -> None:
    run = containers["run"]

    def live(seconds: float) -> None:
        bearer.post(f"{PREFIX}/ping", params={"experimentId": run}).raise_for_status()
        time.sleep(seconds)
        assert _execute(bearer, run, value={"assignFloat": {"value": 1.0}}) == []

    assert _running_seconds(bearer, run) == 0
    live(0.3)
    first = _running_seconds(bearer, run)
    assert 0.3 <= first < 0.6
    assert _running_seconds_in_table(bearer, containers["project"]) == first
    time.sleep(0.7)
    assert _running_seconds(bearer, run) == first  # the silence does not count
    live(0.2)
    assert first + 0.2 <= _running_seconds(bearer, run) < first + 0.6
    assert _running_seconds_in_table(bearer, containers["project"]) == _running_seconds(bearer, run)


def test_what_was_logged_offline_counts_no_time(bearer: httpx.Client, containers: dict[str, str]) -> None:
    time.sleep(0.05)
    assert _execute(bearer, containers["run"], value={"assignFloat": {"value": 1.0}}) == []
    assert _running_seconds(bearer, containers["run"]) == 0


def test_a_model_whose_answer_was_lost_is_the_same_model(bearer: httpx.Client, containers: dict[str, str]) -> None:
    def create(key: str) -> httpx.Response:
        project = containers["project"]
        body = {"projectIdentifier": project, "parentId": project, "type": "model", "key": key}
        return bearer.post(f"{PREFIX}/experiment", json=body)

    made = [create("NEW").json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    bearer.post(f"{PREFIX}/ping", params={"experimentId": made[0]}).raise_for_status()
    assert create("NEW").status_code == 409
    assert create("DET").status_code == 409  # it has a version


def test_a_long_custom_id_is_refused_not_cut(bearer: httpx.Client, containers: dict[str, str]) -> None:
    for custom in ("x" * 256, "a\x00b", 5):
        body = {"projectIdentifier": containers["project"], "type": "run", "customId": custom}
        assert bearer.post(f"{PREFIX}/experiment", json=body).status_code == 400


def test_there_are_no_notebooks_and_the_client_goes_on(init_run: OpenRun, bearer: httpx.Client) -> None:
    answer = bearer.post(f"{PREFIX}/notebooks/checkpoint", params={"notebookId": "x"}, json={"path": "a.ipynb"})
    assert answer.status_code == 404
    backend = init_run()._backend
    assert backend.create_checkpoint("notebook", "a.ipynb") is None
