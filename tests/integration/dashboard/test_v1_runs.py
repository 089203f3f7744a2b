"""The table of runs in the read API: search, groups, names, changes, trash, CSV, and saved views."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

BASE = "/api/v1/projects/local/yolo"


@pytest.fixture
def ids(init_run: Callable[..., Any]) -> list[str]:
    """Three runs that the real client has logged; the last one lacks most."""
    found = []
    for number, data in enumerate(("coco", "coco", None)):
        run = init_run(name=f"Run {number}", tags=["all", f"tag-{number}"], description="A=B" if number else None)
        run["best/map"] = number / 4
        if data is not None:
            run["data/name"] = data
            run["loss"].extend([3.0 - number, 1.0 - number], steps=[1, 2])
        run.wait()
        found.append(str(run["sys/id"].fetch()))
        run.stop()
    return found


def search(bearer: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = bearer.post(f"{BASE}/runs/search", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def found_ids(bearer: httpx.Client, **body: Any) -> list[str]:
    return [row["run"]["sys_id"] for row in search(bearer, **body)["rows"]]


def test_search_returns_pages_with_columns(bearer: httpx.Client, ids: list[str]) -> None:
    columns = [
        {"path": "loss", "aggregate": "max"},
        {"path": "loss", "aggregate": "average"},
        {"path": "data/name"},
        {"path": "sys/tags"},
        {"path": "missing"},
    ]
    page = search(bearer, columns=columns, sort={"path": "loss", "aggregate": "min", "descending": False}, limit=2)
    assert page["total"] == 3
    assert [row["run"]["sys_id"] for row in page["rows"]] == [ids[1], ids[0]]
    assert page["rows"][1]["cells"] == [3.0, 2.0, "coco", ["all", "tag-0"], None]
    assert page["types"] == ["floatSeries", "floatSeries", "string", "stringSet", None]
    assert page["rows"][0]["run"]["name"] == "Run 1"
    assert page["rows"][0]["run"]["role"] == "owner"
    rest = search(bearer, sort={"path": "loss", "aggregate": "min", "descending": False}, limit=2, offset=2)
    assert (rest["total"], [row["run"]["sys_id"] for row in rest["rows"]]) == (3, [ids[2]])


def test_search_finds_or_says_why_not(bearer: httpx.Client, ids: list[str]) -> None:
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [2, 1, 0]),
        ({"search": "RUN tag-1"}, [1]),
        ({"search": "tag-2"}, [2]),
        ({"search": "a=b run"}, [2, 1]),
        ({"search": "nothing"}, []),
        ({"nql": "`best/map` >= 0.25"}, [2, 1]),
        ({"nql": "`best/map` >= 0.25", "search": "tag-1"}, [1]),
        ({"within": [{"path": "data/name", "value": "coco"}]}, [1, 0]),
        ({"within": [{"path": "data/name", "value": None}]}, [2]),
        ({"within": [{"path": "best/map", "value": 0.25}]}, [1]),
        ({"within": [{"path": "sys/tags", "value": "tag-0"}, {"path": "sys/failed", "value": False}]}, [0]),
        ({"within": [{"path": "sys/tags", "value": None}]}, []),
        ({"within": [{"path": "loss", "value": None}]}, [2]),
        ({"trashed": True}, []),
        ({"type": "model"}, []),
    ]
    for body, numbers in cases:
        assert found_ids(bearer, **body) == [ids[number] for number in numbers], body

    answer = bearer.post(f"{BASE}/runs/search", json={"nql": "loss >> 3"})
    assert answer.status_code == 400
    assert (answer.json()["line"], answer.json()["column"]) == (1, 7)
    assert answer.json()["message"].endswith("loss >> 3\n      ^")

    names = bearer.get(f"{BASE}/attribute-names", params={"search": "NAME"}).json()["names"]
    assert {"path": "data/name", "types": ["string"]} in names
    assert {"path": "sys/name", "types": ["string"]} in names
    assert len(bearer.get(f"{BASE}/attribute-names", params={"limit": 2}).json()["names"]) == 2


@pytest.mark.usefixtures("ids")
def test_groups_have_counts_and_figures(bearer: httpx.Client) -> None:
    columns = [{"path": "best/map"}, {"path": "loss", "aggregate": "max"}, {"path": "data/name"}]
    answer = bearer.post(f"{BASE}/runs/groups", json={"by": ["data/name"], "columns": columns}).json()
    coco, none = answer["groups"]
    assert (coco["keys"], coco["types"], coco["count"]) == (["coco"], ["string"], 2)
    assert coco["figures"][0] == {"count": 2, "minimum": 0.0, "mean": 0.125, "maximum": 0.25}
    assert coco["figures"][1] == {"count": 2, "minimum": 2.0, "mean": 2.5, "maximum": 3.0}
    assert coco["figures"][2] == {"count": 0, "minimum": None, "mean": None, "maximum": None}
    assert (none["keys"], none["count"], none["figures"][1]["count"]) == ([None], 1, 0)
    assert answer["is_cut"] is False

    body = {"by": ["sys/tags", "sys/state"], "search": "run", "columns": [{"path": "sys/running_time"}]}
    groups = bearer.post(f"{BASE}/runs/groups", json=body).json()["groups"]
    runs, timed = Counter[str](), Counter[str]()
    for group in groups:  # a slow machine has runs of two states: one turns idle after a while
        assert group["keys"][1] in {"running", "idle"}
        runs[group["keys"][0]] += group["count"]
        timed[group["keys"][0]] += group["figures"][0]["count"]
    assert runs == timed == {"all": 3, "tag-0": 1, "tag-1": 1, "tag-2": 1}


def test_changes_are_kept_and_exported_without_formulas(bearer: httpx.Client, ids: list[str]) -> None:
    change = {"name": "better", "description": "", "add_tags": ["new"], "remove_tags": ["all", "never"]}
    answer = bearer.patch(f"{BASE}/runs/{ids[1]}", json=change)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["tags"]) == ("better", ["new", "tag-1"])
    assert found_ids(bearer, search="better new") == [ids[1]]

    bearer.patch(f"{BASE}/runs/{ids[0]}", json={"name": "=1+1"})
    columns = [{"path": "sys/name"}, {"path": "loss", "aggregate": "max"}, {"path": "sys/creation_time"}]
    answer = bearer.post(f"{BASE}/runs/csv", json={"columns": columns, "limit": 1})
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert answer.headers["content-type"].startswith("text/csv")
    assert header == ["sys/id", "sys/name", "loss (max)", "sys/creation_time"]
    assert [row[0] for row in rows] == ids[::-1]
    assert rows[2][1:3] == ["'=1+1", "3.0"]
    assert rows[0][2] == ""
    assert rows[0][3].endswith("+00:00")


def test_trash_restore_and_delete(bearer: httpx.Client, ids: list[str]) -> None:
    def move(action: str, *runs: str) -> dict[str, Any]:
        return dict(bearer.post(f"{BASE}/runs/{action}", json={"runs": runs}).json())

    assert move("delete", ids[0])["changed"] == []
    assert move("trash", ids[0], "YOL-99")["changed"] == [ids[0]]
    assert found_ids(bearer) == [ids[2], ids[1]]
    assert found_ids(bearer, trashed=True) == [ids[0]]
    assert len(found_ids(bearer, trashed=None)) == 3
    assert move("restore", ids[0]) == {"changed": [ids[0]], "errors": []}
    move("trash", ids[0])
    assert move("delete", ids[0])["changed"] == [ids[0]]
    assert len(found_ids(bearer, trashed=None)) == 2


@pytest.mark.usefixtures("run_id")
def test_views_are_saved_replaced_and_deleted(bearer: httpx.Client) -> None:
    view = {"kind": "runs", "name": "mine", "content": {"query": "q=a"}}
    first = bearer.put(f"{BASE}/views", json=view).json()
    second = bearer.put(f"{BASE}/views", json={**view, "content": {"query": "q=b"}}).json()
    bearer.put(f"{BASE}/views", json={**view, "kind": "charts"})
    assert first["id"] == second["id"]
    views = bearer.get(f"{BASE}/views", params={"kind": "runs"}).json()["views"]
    assert [each["content"] for each in views] == [{"query": "q=b"}]
    assert bearer.delete(f"{BASE}/views/{first['id']}").status_code == 200
    assert bearer.delete(f"{BASE}/views/{first['id']}").status_code == 404
    assert len(bearer.get(f"{BASE}/views").json()["views"]) == 1

    large = {"kind": "runs", "name": "x", "content": {"query": "a" * 70_000}}
    assert bearer.put(f"{BASE}/views", json=large).status_code == 400
    assert bearer.post(f"{BASE}/runs/search", json={"limit": 100_000}).status_code == 400
    assert bearer.post("/api/v1/projects/local/none/runs/search", json={}).status_code == 404
    assert bearer.patch(f"{BASE}/runs/YOL-99", json={"name": "x"}).status_code == 404
