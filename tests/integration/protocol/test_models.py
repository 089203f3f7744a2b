"""The model registry: through the real client, and as it travels."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from neptune.exceptions import (
    ModelNotFound,
    ModelVersionNotFound,
    NeptuneModelKeyAlreadyExistsError,
)
from neptune.types import File

PREFIX = "/api/leaderboard/v1"

Open = Callable[..., Any]


@pytest.fixture
def registry(init_run: Open) -> Iterator[Open]:
    """Open models (``key`` or ``with_id``) and versions (``model`` or ``version``) of the real client."""
    import neptune

    opened: list[Any] = []

    def open_(version: str | None = None, **options: Any) -> Any:
        if version is not None:
            options["with_id"] = version
        init = neptune.init_model_version if version is not None or "model" in options else neptune.init_model
        opened.append(init(**options))
        return opened[-1]

    assert callable(init_run)  # it has set the environment
    yield open_
    for container in opened:
        container.stop()


pytestmark = pytest.mark.filterwarnings("ignore:.*model registry.*", "ignore:.*Model registry.*")


def test_models_and_versions_are_made_written_and_found_again(registry: Open) -> None:
    model = registry(key="DET", name="detector")
    assert model["sys/id"].fetch() == "YOL-DET"
    model["task"] = "detect"
    version = registry(model="YOL-DET", name="first")
    assert registry(model="YOL-DET")["sys/id"].fetch() == "YOL-DET-2"
    version["weights"].upload(File.from_content(b"weights", extension="pt"))
    version["run"] = {"id": "YOL-1", "map": 0.5}
    version.wait()
    assert version["sys/stage"].fetch() == "none"
    version.change_stage("production")
    model.stop()
    version.stop()

    model = registry(with_id="YOL-DET", mode="read-only")
    assert (model["sys/name"].fetch(), model["task"].fetch()) == ("detector", "detect")
    assert not model.exists("sys/stage")
    version = registry(version="YOL-DET-1", mode="read-only")
    read = {name: version[name].fetch() for name in ("sys/id", "sys/model_id", "sys/name", "sys/stage", "run/map")}
    assert read == {
        "sys/id": "YOL-DET-1",
        "sys/model_id": "YOL-DET",
        "sys/name": "first",
        "sys/stage": "production",
        "run/map": 0.5,
    }
    version["weights"].download("weights.pt", progress_bar=False)
    assert Path("weights.pt").read_bytes() == b"weights"
    assert version.get_url().endswith("/local/yolo/m/YOL-DET/v/YOL-DET-1")
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.get(version.get_url()).raise_for_status()
        assert page.url.path == "/local/yolo/m/YOL-DET/v/YOL-DET-1"
        models = browser.get(str(page.url.join("/api/v1/projects/local/yolo/models"))).raise_for_status()
    assert "detector" in models.text
    assert "YOL-DET-1" in models.text


def test_what_the_client_says_of_a_key_that_is_taken_and_of_what_is_missing(registry: Open, init_run: Open) -> None:
    registry(key="SEG").wait()
    with pytest.raises(NeptuneModelKeyAlreadyExistsError, match="SEG"):
        registry(key="SEG")
    with pytest.raises(ModelNotFound, match="YOL-NONE"):
        registry(with_id="YOL-NONE")
    with pytest.raises(ModelNotFound):
        registry(model="YOL-NONE")
    with pytest.raises(ModelVersionNotFound):
        registry(version="YOL-SEG")
    with pytest.raises(ModelNotFound):
        registry(with_id=init_run()["sys/id"].fetch())


def _create(bearer: httpx.Client, project: str, **body: Any) -> httpx.Response:
    found = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": project}).json()["id"]
    return bearer.post(f"{PREFIX}/experiment", json={"projectIdentifier": found, "parentId": found, **body})


@pytest.mark.parametrize("key", ["det", "", "1", "A-1", "Ä", "A" * 65, None, 5])
def test_keys_that_would_be_taken_for_something_else_are_refused(bearer: httpx.Client, key: object) -> None:
    answer = _create(bearer, "local/yolo", type="model", key=key)
    assert answer.status_code == 400
    assert "capital letters" in answer.json()["title"]


def test_keys_are_of_one_project(bearer: httpx.Client) -> None:
    made = [_create(bearer, name, type="model", key="DET") for name in ("local/yolo", "local/other")]
    assert [answer.json()["shortId"] for answer in made] == ["YOL-DET", "OTH-DET"]
    bearer.post(f"{PREFIX}/ping", params={"experimentId": made[0].json()["id"]}).raise_for_status()
    assert _create(bearer, "local/yolo", type="model", key="DET").status_code == 409
    foreign = _create(bearer, "local/other", type="modelVersion", parentId=made[0].json()["id"])
    assert foreign.status_code == 404


def test_a_version_needs_a_model(bearer: httpx.Client, run_id: str) -> None:
    assert _create(bearer, "local/yolo", type="modelVersion", parentId=run_id).status_code == 404
    assert _create(bearer, "local/yolo", type="modelVersion", parentId=None).status_code == 400
    assert _create(bearer, "local/yolo", type="notebook").status_code == 400


def test_only_versions_have_a_stage_and_only_known_ones(bearer: httpx.Client, run_id: str) -> None:
    model = _create(bearer, "local/yolo", type="model", key="DET").json()
    version = _create(bearer, "local/yolo", type="modelVersion", parentId=model["id"]).json()

    def assign(container: str, operation: dict[str, Any]) -> list[str]:
        answer = bearer.post(
            f"{PREFIX}/attributes/operations",
            params={"experimentId": container},
            json=[{"path": "sys/stage", **operation}],
        )
        assert answer.status_code == 200
        return [error["errorDescription"] for error in answer.json()]

    staging = {"assignString": {"value": "staging"}}
    assert assign(version["id"], staging) == []
    assert "production" in assign(version["id"], {"assignString": {"value": "best"}})[0]
    assert "production" in assign(version["id"], {"assignInt": {"value": 1}})[0]
    assert "keeps itself" in assign(model["id"], staging)[0]
    assert "keeps itself" in assign(run_id, staging)[0]
