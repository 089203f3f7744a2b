"""Names of attributes, extensions and files that lead out of their folder or out of their header."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hardening.conftest import Target

FILES = "/api/leaderboard/v1/attributes/file"
SETS = "/api/leaderboard/v1/attributes/fileset"
OUTSIDE = [
    "../x",
    "a/../../x",
    "/etc/passwd",
    "..",
    ".",
    "",
    "C:\\x",
    "c:x",
    "\\\\host\\share\\x",
    "a\\..\\..\\x",
    "a/\x00b",
    "..\\x",
    "x" * 1025,
]
HARMLESS = {
    "./a": "a",
    "a//b": "a/b",
    "a\\b": "a/b",
    "a/./b": "a/b",
    "a..b": "a..b",
    "~/x": "~/x",
    "%2e%2e/x": "%2e%2e/x",
    "a\nb": "a\nb",
    "..a/b": "..a/b",
}


@pytest.mark.parametrize("sub_path", OUTSIDE)
def test_a_file_stays_in_its_set(
    target: Target, client: httpx.Client, sub_path: str, sentence: Callable[[httpx.Response], str]
) -> None:
    before = _all_files(target)
    params = {"experimentIdentifier": target.run_id, "attribute": "set", "subPath": sub_path}
    for answer in (
        client.post(f"{SETS}/upload", params=params, content=b"x"),
        client.post(f"{SETS}/multipart/start", params={**params, "totalLength": "1"}),
    ):
        assert answer.status_code == 400
        assert sentence(answer)
    assert _all_files(target) == before


def test_what_stays_inside_is_listed_and_packed_under_its_plain_name(target: Target, client: httpx.Client) -> None:
    for number, sub_path in enumerate(HARMLESS):
        params = {"experimentIdentifier": target.run_id, "attribute": f"plain{number}", "subPath": sub_path}
        assert client.post(f"{SETS}/upload", params=params, content=b"x").json() == {"errors": []}
        wanted = {"experimentId": target.run_id, "attribute": f"plain{number}"}
        archive = zipfile.ZipFile(io.BytesIO(client.get(f"{SETS}/zip", params=wanted).content))
        assert [name for name in archive.namelist() if not name.endswith("/")] == [HARMLESS[sub_path]]


@pytest.mark.parametrize("extension", ["a/b", "\r\nSet-Cookie: a=b", "x\x00", "\t", "e" * 256])
def test_an_extension_is_one_word(
    target: Target, client: httpx.Client, extension: str, sentence: Callable[[httpx.Response], str]
) -> None:
    params = {"experimentIdentifier": target.run_id, "attribute": "file", "ext": extension}
    answer = client.post(f"{FILES}/upload", params=params, content=b"x")
    assert answer.status_code == 400
    assert sentence(answer)


NAMES = [
    ("dir/name", "png", "name.png"),
    ("a/..", "", "file"),
    ("a/.", "", "file"),
    ("..", "", "file"),
    ("a\r\nSet-Cookie: a=b", "txt", "a__Set-Cookie_ a_b.txt"),
    ('quoted"; filename="../../evil', "sh", "evil.sh"),
    ('quoted" filename=..', "", "quoted_ filename_"),
    ("back\\..\\slash", "txt", "back_.._slash.txt"),
    ("строка", "txt", "______.txt"),
    ("é", "txt", "é.txt"),
    ("stream:x", "txt", "stream_x.txt"),
    ("\N{RIGHT-TO-LEFT OVERRIDE}gpj", "exe", "_gpj.exe"),
    ("x" * 1000, "txt", "x" * 116 + ".txt"),
    ("trailing.", "", "trailing"),
]


@pytest.mark.parametrize(("attribute", "extension", "expected"), NAMES, ids=lambda value: str(value)[:20])
def test_the_client_saves_downloads_under_a_plain_name(
    target: Target, client: httpx.Client, attribute: str, extension: str, expected: str
) -> None:
    params = {"experimentIdentifier": target.run_id, "attribute": attribute, "ext": extension}
    assert client.post(f"{FILES}/upload", params=params, content=b"x").json() == {"errors": []}
    answer = client.get(f"{FILES}/download", params={"experimentId": target.run_id, "attribute": attribute})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert _name_for_the_client(answer) == expected


@pytest.mark.parametrize(
    "attribute",
    ["'; DROP TABLE attributes; --", "a%' OR '1'='1", "\\", "_", "%", "{{7*7}}", "${7*7}", "\ud7ff\U0010ffff"],
)
def test_names_are_never_statements(
    target: Target, client: httpx.Client, execute: Callable[[list[Any]], httpx.Response], attribute: str
) -> None:
    assert execute([{"path": attribute, "assignString": {"value": attribute}}]).json() == []
    wanted = {"experimentId": target.run_id, "attribute": attribute}
    assert client.get("/api/leaderboard/v1/attributes/string", params=wanted).json() == {"value": attribute}
    for identifier in (attribute, f"local/yolo/{attribute}"):
        answer = client.get("/api/leaderboard/v1/experiment", params={"experimentId": identifier})
        assert answer.status_code == 404
    assert client.get("/api/backend/v1/projects2", params={"searchTerm": attribute}).status_code == 200


def test_an_upload_id_is_no_path(target: Target, client: httpx.Client) -> None:
    before = _all_files(target)
    for upload_id in ("..", "../..", "a/b", "\x00", "/etc"):
        params = {
            "experimentIdentifier": target.run_id,
            "attribute": "x",
            "ext": "",
            "uploadId": upload_id,
            "uploadPartIdx": "0",
        }
        assert client.post(f"{FILES}/multipart/part", params=params, content=b"x").status_code in {400, 404}
        assert client.post(f"{FILES}/multipart/finish", params=params).status_code in {400, 404}
    assert _all_files(target) == before


def _name_for_the_client(answer: httpx.Response) -> str:
    """Read the name as the client does."""
    header = answer.headers["Content-Disposition"].encode("latin-1").decode("latin-1")
    return str(header[header.rfind("filename=") + 9 :].strip('"'))


def _all_files(target: Target) -> set[Path]:
    root = target.settings.file_root.parent
    return {path for path in root.rglob("*") if "neptune.db" not in path.name}
