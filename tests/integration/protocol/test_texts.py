"""Texts and numbers that databases keep, compare and sort differently: the server answers the same with each."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Execute = Callable[[list[dict[str, Any]]], list[str]]

CHARACTERS = ["_", "Z", "a", "A", "ä", "b", "é", "z", "ß", "-", ".", "1", "10", "9", "猫", "\U0001f600", "\uffff"]


def _value(bearer: httpx.Client, run_id: str, kind: str, path: str) -> Any:
    answer = bearer.get(f"/api/leaderboard/v1/attributes/{kind}", params={"experimentId": run_id, "attribute": path})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_attributes_and_tags_are_sorted_by_code_points(bearer: httpx.Client, run_id: str, execute: Execute) -> None:
    operations = [{"path": f"x/{name}", "assignInt": {"value": 1}} for name in CHARACTERS]
    assert execute([*operations, {"path": "sys/tags", "insertStrings": {"values": CHARACTERS}}]) == []
    answer = bearer.get("/api/leaderboard/v1/experiment/attributes", params={"experimentId": run_id}).json()
    names = [attribute["name"] for attribute in answer["attributes"] if attribute["name"].startswith("x/")]
    assert names == [f"x/{name}" for name in sorted(CHARACTERS)]
    assert _value(bearer, run_id, "stringset", "sys/tags")["values"] == sorted(CHARACTERS)


def test_texts_that_differ_in_case_or_accents_differ(bearer: httpx.Client, run_id: str, execute: Execute) -> None:
    names = ["map", "Map", "MAP", "e\u0301", "\u00e9", "a ", "a", "%", "a_c", "abc"]
    assert execute([{"path": name, "assignString": {"value": name}} for name in names]) == []
    assert [_value(bearer, run_id, "string", name)["value"] for name in names] == names


def test_half_a_pair_is_replaced_and_the_rest_is_kept(bearer: httpx.Client, run_id: str) -> None:
    body = rb'[{"path":"text","assignString":{"value":"a\ud83db \ud83d\ude00"}},{"path":"n","assignInt":{"value":1}}]'
    sent = bearer.post(
        "/api/leaderboard/v1/attributes/operations",
        params={"experimentId": run_id},
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert (sent.status_code, sent.json()) == (200, [])
    assert _value(bearer, run_id, "string", "text")["value"] == "a\ufffdb \U0001f600"
    assert _value(bearer, run_id, "int", "n")["value"] == 1


def test_nul_is_replaced_in_values(bearer: httpx.Client, run_id: str, execute: Execute) -> None:
    points = [{"step": 1.0, "timestampMilliseconds": 1, "value": "a\x00"}]
    operations = [
        {"path": "text", "assignString": {"value": "a\x00b"}},
        {"path": "sys/tags", "insertStrings": {"values": ["a\x00b"]}},
        {"path": "log", "logStrings": {"entries": points}},
    ]
    assert execute(operations) == []
    assert _value(bearer, run_id, "string", "text")["value"] == "a\ufffdb"
    assert _value(bearer, run_id, "stringset", "sys/tags")["values"] == ["a\ufffdb"]


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5000, "\U0001f600" * 1024])
def test_what_cannot_be_stored_is_not_found(bearer: httpx.Client, run_id: str, name: str) -> None:
    for container, path in ((run_id, name), (name, "any"), (f"local/yolo/{name}", "any"), (f"{name}/a/b", "any")):
        params = {"experimentId": container, "attribute": path}
        answer = bearer.get("/api/leaderboard/v1/attributes/float", params=params)
        assert answer.status_code == 404, answer.text
    upload = bearer.post(
        "/api/leaderboard/v1/attributes/file/multipart/finish",
        params={"uploadId": name, "experimentIdentifier": run_id},
    )
    assert upload.status_code in {400, 404}


def test_texts_that_are_too_long_are_refused_one_by_one(bearer: httpx.Client, run_id: str, execute: Execute) -> None:
    errors = execute(
        [
            {"path": "\U0001f600" * 1024, "assignInt": {"value": 1}},
            {"path": "sys/tags", "insertStrings": {"values": ["猫" * 1000]}},
            {"path": "axis", "configFloatSeries": {"unit": "u" * 256}},
            {"path": "x" * 1024, "assignInt": {"value": 1}},
            {"path": "é" * 1024, "assignInt": {"value": 1}},
            {"path": "long", "assignString": {"value": "long " * 200_000}},
        ]
    )
    assert len(errors) == 3
    assert len(_value(bearer, run_id, "string", "long")["value"]) == 1_000_000


def test_numbers_at_the_ends_of_their_ranges(bearer: httpx.Client, run_id: str, execute: Execute) -> None:
    whole = [2**63 - 1, -(2**63) + 1, 0]
    floats = [5e-324, -1.7976931348623157e308, 0.1, 1e22, 2.0**53 + 2]
    assert execute([{"path": f"i{n}", "assignInt": {"value": value}} for n, value in enumerate(whole)]) == []
    assert execute([{"path": f"f{n}", "assignFloat": {"value": value}} for n, value in enumerate(floats)]) == []
    assert [_value(bearer, run_id, "int", f"i{n}")["value"] for n in range(len(whole))] == whole
    assert [_value(bearer, run_id, "float", f"f{n}")["value"] for n in range(len(floats))] == floats
    assert len(execute([{"path": "huge", "assignInt": {"value": 2**63}}])) == 1


def test_deleting_a_folder_leaves_one_that_is_spelled_in_capitals(
    bearer: httpx.Client, run_id: str, execute: Execute
) -> None:
    target = {"experimentIdentifier": run_id, "attribute": "files"}
    for sub_path in ("data/a", "Data/a", "data_/a", "dat/a", "data", "data0"):
        sent = bearer.post(
            "/api/leaderboard/v1/attributes/fileset/upload",
            params={**target, "subPath": sub_path},
            content=b"1234",
        )
        assert sent.status_code == 200, sent.text
    assert execute([{"path": "files", "deleteFiles": {"filePaths": ["data"]}}]) == []
    answer = bearer.get("/api/leaderboard/v1/experiment/attributes", params={"experimentId": run_id}).json()
    sizes = [item["fileSetProperties"]["size"] for item in answer["attributes"] if item["name"] == "files"]
    assert sizes == [4 * 4]


def test_a_commit_with_nul_in_its_message_is_kept(bearer: httpx.Client, run_id: str) -> None:
    project = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()
    git = {"commit": {"commitId": "abc", "message": "a\x00b"}}
    body = {"projectIdentifier": project["id"], "parentId": project["id"], "type": "run", "gitInfo": git}
    created = bearer.post("/api/leaderboard/v1/experiment", json=body).json()["id"]
    assert created != run_id
    answer = bearer.get("/api/leaderboard/v1/experiment/attributes", params={"experimentId": created}).json()
    found = [attribute for attribute in answer["attributes"] if attribute["type"] == "gitRef"]
    assert found[0]["gitRefProperties"]["commit"]["message"] == "a\ufffdb"
