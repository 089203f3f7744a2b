"""Batches as they travel: refusals, replays, limits."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.service import Service

Execute = Callable[[list[dict[str, Any]]], list[str]]


def _log(path: str, *points: tuple[float | None, int, float]) -> dict[str, Any]:
    entries = [{"step": step, "timestampMilliseconds": at, "value": value} for step, at, value in points]
    return {"path": path, "logFloats": {"entries": entries}}


def _points(bearer: httpx.Client, run_id: str, path: str) -> list[tuple[float, int, float]]:
    answer = bearer.get(
        "/api/leaderboard/v1/attributes/floatseries/values",
        params={"experimentId": run_id, "attribute": path},
    )
    return [(point["step"], point["timestampMillis"], point["value"]) for point in answer.json()["values"]]


def test_one_bad_operation_fails_alone(execute: Execute, bearer: httpx.Client, run_id: str) -> None:
    errors = execute(
        [
            {"path": "good", "assignInt": {"value": 1}},
            {"path": "sys/id", "assignString": {"value": "mine"}},
            {"path": "bad", "assignInt": {"value": "one"}},
            {"path": "odd", "assignColour": {"value": 1}},
            {"no path": True},
            {"path": "good too", "assignFloat": {"value": 0.5}},
        ]
    )
    assert len(errors) == 4
    assert all("Expected" in error for error in errors)
    attributes = bearer.get("/api/leaderboard/v1/experiment/attributes", params={"experimentId": run_id}).json()
    names = {attribute["name"] for attribute in attributes["attributes"]}
    assert {"good", "good too"} <= names
    assert "bad" not in names


def test_the_first_write_fixes_the_type(execute: Execute) -> None:
    execute([{"path": "value", "assignInt": {"value": 1}}])
    (error,) = execute([{"path": "value", "assignString": {"value": "text"}}])
    assert "type int" in error
    assert "string" in error


@pytest.mark.parametrize("step", [None, 3])
def test_a_batch_sent_twice_is_applied_once(
    execute: Execute, bearer: httpx.Client, run_id: str, step: float | None
) -> None:
    batch = [_log("metric", (step, 1000, 0.5))]
    assert execute(batch) == []
    assert execute(batch) == []
    assert len(_points(bearer, run_id, "metric")) == 1


def test_points_that_are_stored_already_are_not_errors_in_another_batch(
    execute: Execute, bearer: httpx.Client, run_id: str
) -> None:
    execute([_log("metric", (1, 1000, 0.5), (2, 2000, 0.6))])
    assert execute([_log("metric", (2, 2000, 0.6), (3, 3000, 0.7))]) == []
    assert _points(bearer, run_id, "metric") == [(1, 1000, 0.5), (2, 2000, 0.6), (3, 3000, 0.7)]


def _send_as_another(service: Service, run_id: str, operations: list[dict[str, Any]]) -> list[Any]:
    """Send a batch as a process of its own does: with an access token that it has got for itself."""
    with httpx.Client(base_url=service.url, timeout=30) as http:
        answer = http.get("/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": service.token})
        http.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
        answer = http.post(
            "/api/leaderboard/v1/attributes/operations", params={"experimentId": run_id}, json=operations
        )
        return list(answer.json())


def _without_steps(first: int, last: int) -> tuple[tuple[None, int, float], ...]:
    return tuple((None, 1000 + number, number / 2) for number in range(first, last))


def _log_lines(*lines: tuple[int, str]) -> dict[str, Any]:
    entries = [{"step": None, "timestampMilliseconds": at, "value": text} for at, text in lines]
    return {"path": "lines", "logStrings": {"entries": entries}}


def test_points_without_steps_that_a_killed_process_had_sent_are_stored_once(
    service: Service, execute: Execute, bearer: httpx.Client, run_id: str
) -> None:
    execute([_log("metric", *_without_steps(0, 3)), _log_lines((1, "a"))])
    execute([_log("metric", *_without_steps(3, 5)), _log_lines((2, "b"), (3, "b"))])

    queue = [
        _log("metric", *_without_steps(3, 9)),
        _log("new", (None, 1, 1.0)),
        _log_lines((2, "b"), (3, "b"), (4, "c")),
    ]
    assert _send_as_another(service, run_id, queue) == []

    assert _points(bearer, run_id, "metric") == [(number, 1000 + number, number / 2) for number in range(9)]
    assert len(_points(bearer, run_id, "new")) == 1
    query = {"experimentId": run_id, "attribute": "lines"}
    lines = bearer.get("/api/leaderboard/v1/attributes/stringseries/values", params=query).json()["values"]
    assert [line["value"] for line in lines] == ["a", "b", "b", "c"]


@pytest.mark.parametrize(
    "batch",
    [
        pytest.param([_log("metric", (None, 1000, 0.5), (None, 1001, 0.6))], id="one series of two begins anew"),
        pytest.param([_log("metric", (None, 1000, 0.6)), _log("other", (None, 1000, 0.5))], id="another value"),
        pytest.param([_log("metric", (None, 1001, 0.5)), _log("other", (None, 1000, 0.5))], id="another moment"),
        pytest.param([_log("metric", (1, 1000, 0.5)), _log("other", (None, 1000, 0.5))], id="with a step"),
    ],
)
def test_points_of_two_processes_that_are_alike_are_all_stored(
    service: Service, execute: Execute, bearer: httpx.Client, run_id: str, batch: list[dict[str, Any]]
) -> None:
    execute([_log("metric", (None, 1000, 0.5)), _log("other", (None, 1000, 0.5))])
    sent = sum(len(operation["logFloats"]["entries"]) for operation in batch)

    assert _send_as_another(service, run_id, batch) == []

    assert len(_points(bearer, run_id, "metric")) + len(_points(bearer, run_id, "other")) == 2 + sent


def test_points_of_one_process_that_are_alike_are_all_stored(
    execute: Execute, bearer: httpx.Client, run_id: str
) -> None:
    execute([_log("metric", (None, 1000, 0.5))])
    execute([_log("metric", (None, 1000, 0.5), (None, 1000, 0.5))])

    assert len(_points(bearer, run_id, "metric")) == 3


def test_a_step_that_is_not_above_the_last_is_refused(execute: Execute, bearer: httpx.Client, run_id: str) -> None:
    execute([_log("metric", (5, 1000, 0.5))])
    (error,) = execute([_log("metric", (4, 2000, 0.1), (6, 3000, 0.7))])
    assert "strictly increasing" in error
    assert _points(bearer, run_id, "metric") == [(5, 1000, 0.5), (6, 3000, 0.7)]


def test_string_sets_exist_for_tags_only(execute: Execute) -> None:
    (error,) = execute([{"path": "my/tags", "insertStrings": {"values": ["a"]}}])
    assert "sys/tags" in error


def test_clearing_makes_an_empty_series(execute: Execute, bearer: httpx.Client, run_id: str) -> None:
    execute([{"path": "metric", "clearFloatSeries": {}}, {"path": "log", "clearStringSeries": {}}])
    assert _points(bearer, run_id, "metric") == []
    execute([_log("metric", (9, 1, 1.0))])
    execute([{"path": "metric", "clearFloatSeries": {}}, _log("metric", (0, 2, 2.0))])
    assert _points(bearer, run_id, "metric") == [(0, 2, 2.0)]


def test_deleting_what_is_not_there_is_reported(execute: Execute) -> None:
    (error,) = execute([{"path": "nothing", "deleteAttribute": {}}])
    assert "nothing" in error


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{}", "array of operations"),
        (b"[{", "JSON body"),
        (b"null", "array of operations"),
    ],
)
def test_a_body_that_is_no_batch_is_refused(bearer: httpx.Client, run_id: str, body: bytes, expected: str) -> None:
    answer = bearer.post("/api/leaderboard/v1/attributes/operations", params={"experimentId": run_id}, content=body)
    assert answer.status_code == 400
    assert expected in answer.json()["title"]


def test_a_hundred_thousand_points_in_one_request(execute: Execute, bearer: httpx.Client, run_id: str) -> None:
    execute([_log("metric", *((step, step, 0.5) for step in range(100_000)))])
    answer = bearer.get(
        "/api/leaderboard/v1/attributes/floatseries/values",
        params={"experimentId": run_id, "attribute": "metric", "offset": 99_999, "limit": 10},
    ).json()
    assert answer["totalItemCount"] == 100_000
    assert [point["step"] for point in answer["values"]] == [99_999]
