"""The real client writes, another client object reads back."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from neptune.types import GitRef

OpenRun = Callable[..., Any]


def _reopen(init_run: OpenRun, run: Any) -> Any:
    identifier = run["sys/id"].fetch()
    run.stop()
    return init_run(with_id=identifier, mode="read-only")


def test_atoms_come_back_with_their_types(init_run: OpenRun) -> None:
    moment = datetime(2026, 3, 5, 10, 0, 1, 250_000, tzinfo=UTC)
    values = {"int": 7, "float": 0.1, "yes": True, "no": False, "text": "größer „ok“", "empty": "", "at": moment}
    run = init_run()
    run["parameters"] = values
    again = _reopen(init_run, run)
    read = {name: again[f"parameters/{name}"].fetch() for name in values}
    assert read == values
    assert {name: type(value) for name, value in read.items()} == {name: type(value) for name, value in values.items()}


def test_long_series_come_back_whole(init_run: OpenRun) -> None:
    run = init_run()
    for step in range(2345):
        run["train/loss"].append(step * 0.1, step=step)
    run["log"].extend(["first", "second"])
    again = _reopen(init_run, run)
    floats = again["train/loss"].fetch_values(progress_bar=False)
    assert floats["step"].tolist() == list(range(2345))
    assert floats["value"].tolist() == [step * 0.1 for step in range(2345)]
    assert again["train/loss"].fetch_last() == 2344 * 0.1
    assert again["log"].fetch_values(progress_bar=False)["value"].tolist() == ["first", "second"]


def test_series_without_steps_count_from_zero(init_run: OpenRun) -> None:
    run = init_run()
    run["metric"].extend([5.0, 6.0])
    run["metric"].append(7.0)
    again = _reopen(init_run, run)
    assert again["metric"].fetch_values(progress_bar=False)["step"].tolist() == [0, 1, 2]


def test_a_resumed_run_goes_on_with_its_series(init_run: OpenRun) -> None:
    first = init_run()
    first["metric"].append(1.0, step=1)
    identifier = first["sys/id"].fetch()
    first.stop()
    second = init_run(with_id=identifier)
    second["metric"].append(2.0, step=2)
    again = _reopen(init_run, second)
    assert again["metric"].fetch_values(progress_bar=False)["value"].tolist() == [1.0, 2.0]


def test_tags_are_added_and_removed(init_run: OpenRun) -> None:
    run = init_run(tags=["night", "day"])
    run["sys/tags"].add(["rain", "rain"])
    run["sys/tags"].remove(["day", "never there"])
    run["sys/group_tags"].add("fold")
    again = _reopen(init_run, run)
    assert again["sys/tags"].fetch() == {"night", "rain"}
    assert again["sys/group_tags"].fetch() == {"fold"}


def test_deleted_attributes_are_gone_and_can_change_their_type(init_run: OpenRun) -> None:
    run = init_run()
    run["a/value"] = 1
    run["a/series"].append(1.0)
    run.wait()
    del run["a"]
    run["a/value"] = "text now"
    again = _reopen(init_run, run)
    assert again["a/value"].fetch() == "text now"
    assert not again.exists("a/series")


def test_system_attributes_describe_the_run(init_run: OpenRun) -> None:
    run = init_run(name="night shift", description="why", custom_run_id="mine")
    run["weights"].upload(_file("best.pt", b"0123456789"))
    again = _reopen(init_run, run)
    read = {name: again[f"sys/{name}"].fetch() for name in ("id", "name", "description", "custom_run_id", "owner")}
    assert read == {
        "id": "YOL-1",
        "name": "night shift",
        "description": "why",
        "custom_run_id": "mine",
        "owner": "local",
    }
    assert again["sys/size"].fetch() == 10.0
    assert again["sys/trashed"].fetch() is False
    assert again["sys/failed"].fetch() is False
    assert abs((datetime.now(UTC) - again["sys/creation_time"].fetch()).total_seconds()) < 60


def test_going_on_with_a_run_keeps_its_name(init_run: OpenRun) -> None:
    first = init_run(custom_run_id="named", name="night shift")
    first.stop()
    assert init_run(custom_run_id="named")["sys/name"].fetch() == "night shift"
    assert init_run()["sys/name"].fetch() == "Untitled"


def test_the_same_custom_id_joins_one_run(init_run: OpenRun) -> None:
    first = init_run(custom_run_id="joined")
    second = init_run(custom_run_id="joined")
    assert first["sys/id"].fetch() == second["sys/id"].fetch()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_run_in_a_git_repository_keeps_its_commit(init_run: OpenRun, bearer: httpx.Client) -> None:
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), (*author, "commit", "-q", "--allow-empty", "-m", "start")):
        subprocess.run(("git", *command), check=True)
    commit = subprocess.run(("git", "rev-parse", "HEAD"), check=True, capture_output=True, text=True).stdout.strip()
    run = init_run(git_ref=GitRef(repository_path="."))
    run.wait()
    answer = bearer.get(
        "/api/leaderboard/v1/experiment/attributes",
        params={"experimentId": f"local/yolo/{run['sys/id'].fetch()}"},
    )
    attributes = {attribute["name"]: attribute for attribute in answer.json()["attributes"]}
    assert attributes["source_code/git"]["gitRefProperties"]["commit"]["commitId"] == commit


@pytest.mark.parametrize("project", ["local/yolo", "Team Ä/Verkehr 2026"])
def test_projects_are_made_on_first_use(init_run: OpenRun, project: str) -> None:
    run = init_run(project=project)
    again = init_run(project=project)
    assert run["sys/id"].fetch() != again["sys/id"].fetch()
    assert run._project_qualified_name.endswith(project)


def _file(name: str, content: bytes) -> str:
    Path(name).write_bytes(content)
    return name
