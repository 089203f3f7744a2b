import json
import struct
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import numpy as np
import pytest

from neptune_yolo.server.app import create_app
from neptune_yolo.server.domain.api_token import make_api_token
from tests.service import API_SECRET, Service
from tests.serving import listening, serving

SERIES = "/api/v1/projects/local/yolo/series"
SERIES_TYPE = "application/vnd.neptune-yolo.series"
POINTS = 3000


@pytest.fixture
def sys_id(init_run: Callable[..., Any]) -> str:
    """A run with a long series, a short one, and one of texts."""
    run = init_run()
    values = np.sin(np.arange(POINTS) / 50)
    run["train/loss"].extend(
        values.tolist(), steps=list(range(POINTS)), timestamps=[1e9 + 2 * i for i in range(POINTS)]
    )
    run["val/loss"].extend([3.0, 2.5, 2.25], steps=[0, 1000.5, 2000])
    run["log"].append("text")
    run.sync()
    identifier: str = run["sys/id"].fetch()
    return identifier


def _ask(bearer: httpx.Client, choices: list[dict[str, Any]], **body: Any) -> list[dict[str, Any]]:
    answer = bearer.post(SERIES, json={"series": choices, **body})
    assert answer.status_code == 200, answer.text
    series: list[dict[str, Any]] = answer.json()["series"]
    return series


def _decode(content: bytes) -> list[dict[str, Any]]:
    (length,) = struct.unpack_from("<I", content)
    begin = 4 + length + -(4 + length) % 8

    def array(place: dict[str, Any], count: int) -> list[float]:
        found = np.frombuffer(content, "<" + place["type"], count, begin + place["offset"]).astype(float)
        return (place["start"] + np.cumsum(found) if place.get("start") is not None else found).tolist()

    return [
        {
            **series,
            **{
                name: array(series[name], series["shown"])
                for name in ("steps", "values", "times")
                if series.get(name) is not None
            },
        }
        for series in json.loads(content[4 : 4 + length])["series"]
    ]


def test_thinned_series_say_how_many_points_there_are(bearer: httpx.Client, sys_id: str) -> None:
    choices = [{"run": sys_id, "path": path} for path in ("train/loss", "val/loss", "log", "none")]

    long, short = _ask(bearer, [*choices, {"run": "YOL-99", "path": "train/loss"}], bins=100)

    assert (long["run"], long["path"], long["total"], long["in_range"]) == (sys_id, "train/loss", POINTS, POINTS)
    assert 150 < len(long["steps"]) == len(long["values"]) == len(long["times_ms"]) <= 202
    assert (long["steps"][0], long["steps"][-1], long["times_ms"][0]) == (0, POINTS - 1, 1_000_000_000_000)
    assert long["started_ms"] == 1_000_000_000_000
    assert max(long["values"]) == pytest.approx(1, abs=1e-3)
    assert (len(long["means"]), long["means"][0]) == (100, pytest.approx(np.sin(np.arange(POINTS / 100) / 50).mean()))
    assert short["means"] == []
    assert short["steps"] == [0, 1000.5, 2000]
    assert short["values"] == [3.0, 2.5, 2.25]


def test_a_range_of_steps_or_time_is_shown_in_full(bearer: httpx.Client, sys_id: str) -> None:
    choices = [{"run": sys_id, "path": "train/loss"}]

    (by_step,) = _ask(bearer, choices, bins=100, first=1000, last=1100)
    (by_time,) = _ask(bearer, choices, bins=100, x="time", first=1e12 + 2_000_000, last=1e12 + 2_200_000)

    assert by_step["steps"] == list(range(1000, 1101))
    assert by_time["steps"] == by_step["steps"]
    assert (by_step["in_range"], by_step["total"]) == (101, POINTS)
    assert by_time["started_ms"] == 1_000_000_000_000


def test_time_is_counted_from_the_beginning_of_a_run_and_bins_may_be_logarithmic(
    bearer: httpx.Client, sys_id: str
) -> None:
    choices = [{"run": sys_id, "path": "train/loss"}]

    (relative,) = _ask(bearer, choices, bins=100, x="relative", first=2_000_000, last=2_200_000)
    (by_log,) = _ask(bearer, choices, bins=100, log=True)

    assert relative["steps"] == list(range(1000, 1101))
    assert by_log["in_range"] == POINTS - 1
    assert by_log["steps"][:4] == [1, 2, 3, 4]
    assert len(by_log["means"]) == 100


def test_only_new_points_are_sent_after_a_step(bearer: httpx.Client, sys_id: str) -> None:
    choices = [
        {"run": sys_id, "path": "train/loss", "after": POINTS - 3},
        {"run": sys_id, "path": "val/loss", "after": 2000},
    ]

    new, none = _ask(bearer, choices)

    assert new["steps"] == [POINTS - 2, POINTS - 1]
    assert (none["steps"], none["total"]) == ([], 3)


def test_the_binary_form_says_the_same_in_fewer_bytes(bearer: httpx.Client, sys_id: str) -> None:
    choices = [{"run": sys_id, "path": path} for path in ("train/loss", "val/loss")]
    body = {"series": choices, "bins": 200, "x": "time"}

    binary = bearer.post(SERIES, json=body, headers={"Accept": SERIES_TYPE})
    by_json = bearer.post(SERIES, json=body, headers={"Accept-Encoding": "identity"})

    assert binary.headers["content-type"] == SERIES_TYPE
    assert binary.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in by_json.headers
    assert int(binary.headers["content-length"]) < len(by_json.content) / 4
    for packed, plain in zip(_decode(binary.content), by_json.json()["series"], strict=True):
        assert packed["steps"] == plain["steps"]
        assert packed["times"] == plain["times_ms"]
        assert packed["values"] == pytest.approx(plain["values"], abs=1e-6)


def test_raw_series_keep_every_bit(bearer: httpx.Client, sys_id: str) -> None:
    choices = [{"run": sys_id, "path": "train/loss"}]
    body = {"series": choices, "raw": True}

    (packed,) = _decode(bearer.post(SERIES, json=body, headers={"Accept": SERIES_TYPE}).content)
    (plain,) = _ask(bearer, choices, raw=True)

    assert packed["values"] == plain["values"] == np.sin(np.arange(POINTS) / 50).tolist()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"series": [], "bins": 0}, 422),
        ({"series": [], "x": "epoch"}, 422),
        ({"series": [{"run": "YOL-1"}]}, 422),
        ({"series": [], "first": 2, "last": 1}, 422),
    ],
)
@pytest.mark.usefixtures("run_id")
def test_what_cannot_be_answered_is_refused(bearer: httpx.Client, body: dict[str, Any], status: int) -> None:
    answer = bearer.post(SERIES, json=body)

    assert answer.status_code in {status, 400}
    assert "Expected" in answer.json()["message"]


def test_an_unknown_project_is_not_found(bearer: httpx.Client) -> None:
    assert bearer.post(SERIES.replace("yolo", "other"), json={"series": []}).status_code == 404


@pytest.mark.usefixtures("run_id")
def test_events_tell_of_each_change(bearer: httpx.Client, execute: Callable[[list[dict[str, Any]]], list[str]]) -> None:
    events: list[list[dict[str, Any]]] = []
    with bearer.stream("GET", "/api/v1/projects/local/yolo/events", params={"runs": ["YOL-1", "YOL-2"]}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
                if len(events) == 1:
                    execute([{"path": "note", "assignString": {"value": "x"}}])
                if events[-1][0]["modified_ms"] > events[0][0]["modified_ms"]:
                    break

    assert {(sign["sys_id"], sign["trashed"]) for event in events for sign in event} == {("YOL-1", False)}
    assert events[0][0]["state"] == "running"


@pytest.mark.usefixtures("run_id")
def test_an_open_stream_does_not_keep_the_server(service: Service) -> None:
    with listening() as (listener, url):
        settings = replace(service.settings, public_url=url)
        with ExitStack() as opened:
            with serving(create_app(settings), settings, listener) as server:
                headers = {"X-Neptune-Api-Token": make_api_token(url, API_SECRET)}
                http = opened.enter_context(httpx.Client(base_url=url, headers=headers))
                answer = opened.enter_context(http.stream("GET", "/api/v1/projects/local/yolo/events"))
                assert answer.status_code == 200
                server.should_exit = True
                begin = time.monotonic()
                answer.read()
            assert time.monotonic() - begin < 1.9


def test_charts_are_those_of_the_runs_asked_for(bearer: httpx.Client, init_run: Callable[..., Any]) -> None:
    for rate, path in ((0.1, "train/loss"), (0.1, "val/loss"), (0.2, "train/loss")):
        run = init_run(name=f"run of {path}")
        run["parameters/lr0"] = rate
        run[path].append(1)
        run.sync()
    query = {"runs": ["YOL-3", "YOL-1", "YOL-77"], "group_by": "parameters/lr0"}

    chosen = bearer.get("/api/v1/projects/local/yolo/charts", params=query).json()
    newest = bearer.get("/api/v1/projects/local/yolo/charts", params={"newest": 2}).json()

    assert [(run["sys_id"], run["name"], run["group"]) for run in chosen["runs"]] == [
        ("YOL-3", "run of train/loss", "0.2"),
        ("YOL-1", "run of train/loss", "0.1"),
    ]
    assert chosen["series"] == [{"path": "train/loss", "runs": ["YOL-1", "YOL-3"], "total": 2}]
    assert [run["sys_id"] for run in newest["runs"]] == ["YOL-3", "YOL-2"]
    assert [entry["path"] for entry in newest["series"]] == ["train/loss", "val/loss"]
