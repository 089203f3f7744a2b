"""The read API: runs side by side, models with their versions, and artifacts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from neptune.types import File

OpenRun = Callable[..., Any]

PROJECT = "/api/v1/projects/local/yolo"

pytestmark = pytest.mark.filterwarnings("ignore:.*odel registry.*")


def _train(init_run: OpenRun, name: str, lr: float, values: list[float]) -> str:
    run = init_run(name=name)
    run["Configuration/Hyperparameters/lr0"] = lr
    run["Configuration/Hyperparameters/epochs"] = 3
    if lr > 0.01:
        run["Configuration/Hyperparameters/only_here"] = "yes"
    for step, value in enumerate(values, start=1):
        run["metrics/mAP50"].append(value, step=step)
    run["weights"].upload(File.from_content(name))
    run.wait()
    return str(run["sys/id"].fetch())


def _compare(bearer: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = bearer.post(f"{PROJECT}/compare", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_runs_are_compared_in_the_order_asked_for(init_run: OpenRun, bearer: httpx.Client) -> None:
    first = _train(init_run, "first", 0.01, [0.1, 0.5, 0.3])
    second = _train(init_run, "second", 0.02, [0.2, 0.4])

    both = _compare(bearer, runs=[second, first], prefixes=["Configuration/"])
    assert [(run["sys_id"], run["name"]) for run in both["runs"]] == [(second, "second"), (first, "first")]
    rows = {row["path"].rpartition("/")[2]: row for row in both["rows"]}
    assert [cell["value"] for cell in rows["lr0"]["cells"]] == [0.02, 0.01]
    assert rows["only_here"]["cells"] == [{"value": "yes"}, None]
    assert {name: row["differs"] for name, row in rows.items()} == {"lr0": True, "epochs": False, "only_here": True}

    different = _compare(bearer, runs=[first, second], prefixes=["Configuration/"], only_different=True, search="LR")
    assert (different["total"], [row["path"] for row in different["rows"]]) == (
        1,
        ["Configuration/Hyperparameters/lr0"],
    )

    (metric,) = _compare(bearer, runs=[first, second], types=["floatSeries"])["rows"]
    assert (metric["path"], metric["type"]) == ("metrics/mAP50", "floatSeries")
    assert [cell["value"] for cell in metric["cells"]] == [0.3, 0.4]
    series = [cell["series"] for cell in metric["cells"]]
    assert [(part["minimum"], part["maximum"], part["count"], part["last_step"]) for part in series] == [
        (0.1, 0.5, 3, 3),
        (0.2, 0.4, 2, 2),
    ]


def test_runs_of_a_query_are_compared_by_chosen_attributes(init_run: OpenRun, bearer: httpx.Client) -> None:
    ids = [_train(init_run, f"r{at}", 0.01 * at, [0.1 * at]) for at in (1, 2, 3)]
    paths = ["Configuration/Hyperparameters/lr0", "metrics/mAP50"]
    found = _compare(bearer, query="Configuration/Hyperparameters/lr0:float > 0.015", paths=paths, limit=500)
    assert [run["sys_id"] for run in found["runs"]] == [ids[2], ids[1]]
    assert [run["name"] for run in found["runs"]] == ["r3", "r2"]
    assert [row["path"] for row in found["rows"]] == paths
    one = _compare(bearer, query="", limit=1, paths=paths)
    assert [run["sys_id"] for run in one["runs"]] == [ids[2]]


def test_what_cannot_be_compared_is_refused_with_a_sentence(init_run: OpenRun, bearer: httpx.Client) -> None:
    known = _train(init_run, "first", 0.01, [0.1])

    def refusal(**body: Any) -> tuple[int, str]:
        answer = bearer.post(f"{PROJECT}/compare", json=body)
        return answer.status_code, answer.json()["message"]

    status, message = refusal(runs=[known, "YOL-99"])
    assert (status, "YOL-99" in message) == (404, True)
    status, message = refusal(limit=500)
    assert (status, "at most 100 runs" in message) == (400, True)
    assert refusal(runs=['A" OR "'])[0] == 400
    assert refusal(query="(((")[0] == 400
    assert refusal(runs=[known], types=["nothing"])[0] == 400
    assert bearer.post("/api/v1/projects/local/nowhere/compare", json={}).status_code == 404


def test_models_with_their_versions_and_stages(init_run: OpenRun, bearer: httpx.Client) -> None:
    import neptune

    run = _train(init_run, "origin", 0.01, [0.1])
    model = neptune.init_model(key="DET", name="detector")
    assert bearer.get(f"{PROJECT}/models").json()["models"][0]["latest"] is None
    for score in (0.5, 0.6):
        version = neptune.init_model_version(model="YOL-DET")
        version["weights/best"].upload(File.from_content(b"weights", extension="pt"))
        version["run/id"] = run
        version["metrics/mAP50"] = score
        version.stop()
    model.stop()

    answer = bearer.put(f"{PROJECT}/versions/YOL-DET-1/stage", json={"stage": "production"})
    assert answer.status_code == 200, answer.text
    (head,) = bearer.get(f"{PROJECT}/models").json()["models"]
    assert (head["sys_id"], head["name"], head["version_count"]) == ("YOL-DET", "detector", 2)
    assert head["latest"]["sys_id"] == "YOL-DET-2"
    assert [(part["sys_id"], part["stage"]) for part in head["staged"]] == [("YOL-DET-1", "production")]

    view = bearer.get(f"{PROJECT}/models/YOL-DET").json()
    assert view["role"] == "owner"
    newest, oldest = view["versions"]
    assert (newest["sys_id"], newest["stage"], newest["run"], newest["size_bytes"]) == ("YOL-DET-2", "none", run, 7)
    assert oldest["stage"] == "production"
    values = {attribute["path"]: attribute.get("value") for attribute in newest["attributes"]}
    assert values == {"metrics/mAP50": 0.6, "run/id": run, "weights/best": None}

    assert bearer.put(f"{PROJECT}/versions/YOL-DET-1/stage", json={"stage": "best"}).status_code == 400
    assert bearer.put(f"{PROJECT}/versions/{run}/stage", json={"stage": "none"}).status_code == 404
    assert bearer.get(f"{PROJECT}/models/{run}").status_code == 404
    compared = _compare(bearer, runs=["YOL-DET-1", "YOL-DET-2"], prefixes=["metrics/"])
    assert [cell["value"] for cell in compared["rows"][0]["cells"]] == [0.5, 0.6]


def test_files_of_artifacts_and_what_tells_two_apart(init_run: OpenRun, bearer: httpx.Client) -> None:
    folder = Path("dataset")
    folder.mkdir()
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (folder / name).write_text(name)
    first, second = init_run(), init_run()
    first["dataset"].track_files(str(folder))
    first.wait()
    (folder / "a.jpg").write_text("other picture")
    (folder / "b.jpg").unlink()
    (folder / "d.jpg").write_text("new")
    second["data/files"].track_files(str(folder))
    second.wait()
    one, other = first["sys/id"].fetch(), second["sys/id"].fetch()

    found = bearer.get(f"{PROJECT}/runs/{one}/artifact", params={"path": "dataset", "search": "A.j"}).json()
    assert (found["hash"], found["size_bytes"]) == (first["dataset"].fetch_hash(), 15)
    assert (found["file_count"], found["total"]) == (3, 1)
    assert [(file["path"], file["size_bytes"], file["type"]) for file in found["files"]] == [("a.jpg", 5, "Local")]

    where = {"path": "dataset", "other_run": other, "other_path": "data/files"}
    apart = bearer.get(f"{PROJECT}/runs/{one}/artifact-difference", params=where).json()
    assert [file["path"] for file in apart["added"]] == ["d.jpg"]
    assert [file["path"] for file in apart["removed"]] == ["b.jpg"]
    assert [(file["path"], file["before"]["size_bytes"], file["after"]["size_bytes"]) for file in apart["changed"]] == [
        ("a.jpg", 5, 13)
    ]
    assert (apart["same_count"], apart["added_count"], apart["hash"] != apart["other_hash"]) == (1, 1, True)
    assert bearer.get(f"{PROJECT}/runs/{one}/artifact", params={"path": "sys/name"}).status_code == 404
