"""Bodies that want more memory, time or disk than a client needs."""

import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import orjson
import psutil
import pytest

from tests.integration.hardening.conftest import TOKEN, Target

OPERATIONS = "/api/leaderboard/v1/attributes/operations"
FILES = "/api/leaderboard/v1/attributes/file"
MIB = 1024 * 1024
Execute = Callable[[list[Any]], httpx.Response]
Sentence = Callable[[httpx.Response], str]


def _pieces(total: int, piece: bytes = b" " * MIB) -> Iterator[bytes]:
    for _ in range(total // len(piece)):
        yield piece


@pytest.mark.parametrize("length", ["announced", "not announced"])
def test_a_json_body_above_the_limit_is_refused(
    target: Target, client: httpx.Client, length: str, sentence: Sentence
) -> None:
    size = target.settings.max_body_bytes + MIB
    content: Any = b" " * size if length == "announced" else _pieces(size)
    answer = client.post(OPERATIONS, params={"experimentId": target.run_id}, content=content)
    assert answer.status_code == 413
    assert "NEPTUNE_MAX_BATCH_SIZE_BYTES" in sentence(answer)


def test_a_large_body_below_the_limit_is_taken(target: Target, client: httpx.Client) -> None:
    text = "x" * (5 * MIB)
    content = orjson.dumps([{"path": "large", "assignString": {"value": text}}])
    answers = [client.post(OPERATIONS, params={"experimentId": target.run_id}, content=content) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/backend/v1/clients/config"),
        ("GET", "/api/backend/v1/authorization/oauth-token"),
        ("POST", "/auth/protocol/openid-connect/token"),
        ("POST", OPERATIONS),
        ("POST", f"{FILES}/upload"),
        ("GET", "/api/health"),
        ("POST", "/nowhere"),
    ],
)
def test_strangers_fill_no_memory(stranger: httpx.Client, method: str, path: str) -> None:
    tracemalloc.start()
    try:
        content = _pieces(8 * MIB, b"x" * 4096)
        answer = stranger.request(method, path, content=content, headers={"X-Neptune-Api-Token": TOKEN[:-9]})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status_code in {200, 400, 401, 404, 405, 413}
    assert peak < 2 * MIB


def test_operations_without_a_body_read_none(target: Target, client: httpx.Client) -> None:
    answer = client.post("/api/leaderboard/v1/ping", params={"experimentId": target.run_id}, content=b"1" * MIB)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b"[" * 2000 + b"]" * 2000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b"[" + b"[]," * 100_000 + b"[]]",
        b"[" + b"{}," * 100_000 + b"{}]",
    ],
)
def test_bodies_that_grow_in_memory_are_refused(
    target: Target, client: httpx.Client, content: bytes, sentence: Sentence
) -> None:
    answer = client.post(OPERATIONS, params={"experimentId": target.run_id}, content=content)
    assert answer.status_code in {400, 413}
    assert len(sentence(answer)) < 500


def test_text_with_many_commas_is_no_growth(execute: Execute) -> None:
    table = '1,2,3\n[]{}\\"' * 20_000
    assert execute([{"path": "table", "assignString": {"value": table}}]).json() == []


@pytest.mark.parametrize(
    "item",
    [
        [[[[[[1]]]]]] * 500,
        {"path": "x" * 100_000},
        {"path": "x" * 100_000, "deleteAttribute": {}},
        {"path": "x" * 100_000, "deleteFiles": {"filePaths": ["a"]}},
        {"path": "x", "assignArtifact": {"hash": "y" * 100_000}},
        {"path": "x" * 100_000, "assignFloat": {"value": "y" * 100_000}},
        {"path": "x", **{"y" * 1000 + str(number): 1 for number in range(1000)}},
        {"path": "x", "assignFloat": {"value": {"a": [[[]]] * 10_000}}},
    ],
)
def test_refusals_are_short_whatever_was_sent(execute: Execute, item: Any) -> None:
    answer = execute([item])
    assert answer.status_code == 200
    assert len(answer.json()) == 1
    assert len(answer.content) < 2500


def test_refusals_are_told_to_a_limit(execute: Execute) -> None:
    answer = execute(
        [
            {"path": "x", "logFloats": {"entries": [{"step": 1, "timestampMilliseconds": 1, "value": value}]}}
            for value in range(1500)
        ]
    )
    assert len(answer.json()) == 1001
    assert "499 more" in answer.json()[-1]["errorDescription"]


def test_a_commit_is_no_place_for_deep_values(client: httpx.Client, sentence: Sentence) -> None:
    project = client.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()["id"]
    deep: Any = {}
    for _ in range(300):
        deep = {"commit": deep}
    body = {"projectIdentifier": project, "parentId": project, "type": "run", "gitInfo": deep}
    answer = client.post("/api/leaderboard/v1/experiment", json=body)
    assert answer.status_code == 400
    assert "gitInfo" in sentence(answer)


def test_many_tags_and_many_paths_in_one_operation_are_answered(execute: Execute) -> None:
    tags = [f"tag{number}" for number in range(40_000)]
    assert execute([{"path": "sys/tags", "insertStrings": {"values": tags}}]).json() == []
    assert execute([{"path": "sys/tags", "removeStrings": {"values": tags}}]).json() == []
    paths = ["x" * 60_000, "%" * 3000, *tags[:2000]]
    answer = execute([{"path": "files", "deleteFiles": {"filePaths": paths}}])
    assert answer.status_code == 200
    assert len(answer.json()) == 1


@pytest.mark.parametrize("milliseconds", [2**62, -(2**62), 253_402_300_800_000, -62_135_596_800_001])
def test_no_moment_makes_a_run_unreadable(
    target: Target, client: httpx.Client, execute: Execute, milliseconds: int
) -> None:
    answer = execute([{"path": "moment", "assignDatetime": {"valueMilliseconds": milliseconds}}])
    assert len(answer.json()) == 1
    wanted = {"experimentId": target.run_id}
    assert client.get("/api/leaderboard/v1/experiment/attributes", params=wanted).status_code == 200


@pytest.mark.parametrize("moment", [253_402_300_799_999, -62_135_596_800_000])
def test_the_first_and_the_last_moment_are_kept(
    target: Target, client: httpx.Client, execute: Execute, moment: int
) -> None:
    assert execute([{"path": "edge", "assignDatetime": {"valueMilliseconds": moment}}]).json() == []
    wanted = {"experimentId": target.run_id, "attribute": "edge"}
    assert client.get("/api/leaderboard/v1/attributes/datetime", params=wanted).status_code == 200


@pytest.mark.parametrize(
    "number",
    ["-1", "9" * 19, "9" * 5000, "1e3", "\N{ARABIC-INDIC DIGIT THREE}" * 30, "0x1", " 1", "", "\N{SUPERSCRIPT TWO}"],
)
def test_numbers_of_a_query_are_small_whole_ones(
    target: Target, client: httpx.Client, number: str, sentence: Sentence
) -> None:
    wanted = {"experimentId": target.run_id, "attribute": "none", "index": number}
    answer = client.get("/api/leaderboard/v1/attributes/imageseries/value", params=wanted)
    assert answer.status_code in {400, 404}
    assert sentence(answer)


def test_a_file_above_the_limit_is_refused_and_leaves_nothing(target: Target, client: httpx.Client) -> None:
    params = {"experimentIdentifier": target.run_id, "attribute": "file", "ext": "bin"}
    for content in (b"x" * (MIB + 1), _pieces(2 * MIB, b"x" * 1000)):
        assert client.post(f"{FILES}/upload", params=params, content=content).status_code == 413
    assert client.post(f"{FILES}/multipart/start", params={**params, "totalLength": str(MIB + 1)}).status_code == 413
    assert list((target.settings.file_root / "staging").glob("*")) == []


@pytest.mark.parametrize(
    "header", ["bytes=0-" + "9" * 5000 + "/1", "bytes=9-0/1", "bytes=a-b/c", "bytes=0-99/100", "bytes=-/"]
)
def test_a_part_of_another_length_than_announced_is_refused(
    target: Target, client: httpx.Client, header: str, sentence: Sentence
) -> None:
    params = {"experimentIdentifier": target.run_id, "attribute": "part", "ext": "bin"}
    started = client.post(f"{FILES}/multipart/start", params={**params, "totalLength": "5"}).json()
    part = {**params, "uploadId": started["uploadId"], "uploadPartIdx": "0"}
    answer = client.post(f"{FILES}/multipart/part", params=part, content=b"12345", headers={"X-Range": header})
    assert answer.status_code == 400
    assert sentence(answer)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip"])
def test_packed_bodies_are_refused_and_never_unpacked(
    target: Target, client: httpx.Client, encoding: str, sentence: Sentence
) -> None:
    content = gzip.compress(b"[" + b" " * MIB + b"]")
    headers = {"Content-Encoding": encoding}
    answer = client.post(OPERATIONS, params={"experimentId": target.run_id}, content=content, headers=headers)
    assert answer.status_code == 415
    assert "Content-Encoding" in sentence(answer)


def test_uploads_side_by_side_are_streamed(target: Target) -> None:
    """Twelve files at once may take no more memory than a fraction of their bytes."""
    process = psutil.Process()
    size = target.settings.max_file_bytes
    before = process.memory_info().rss

    def upload(number: int) -> int:
        with httpx.Client(base_url=target.url, timeout=60, headers={"Authorization": target.bearer}) as http:
            params = {"experimentIdentifier": target.run_id, "attribute": f"side{number}", "ext": "bin"}
            return http.post(f"{FILES}/upload", params=params, content=_pieces(size, b"x" * 16_384)).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(upload, range(24))) == {200}
    assert process.memory_info().rss - before < 24 * MIB
