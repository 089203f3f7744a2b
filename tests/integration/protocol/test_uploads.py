"""Uploads as they travel: parts, archives, and what tries to leave the folder."""

import io
import tarfile
from pathlib import Path
from typing import Any

import httpx
import pytest

PREFIX = "/api/leaderboard/v1/attributes"


@pytest.fixture
def target(run_id: str) -> dict[str, str]:
    return {"experimentIdentifier": run_id, "attribute": "weights/best"}


def _start(bearer: httpx.Client, target: dict[str, str], total: int) -> str:
    answer = bearer.post(f"{PREFIX}/file/multipart/start", params={**target, "ext": "pt", "totalLength": total})
    upload_id: str = answer.json()["uploadId"]
    return upload_id


def _send(bearer: httpx.Client, target: dict[str, str], upload_id: str, index: int, content: bytes) -> httpx.Response:
    first = index * 4
    return bearer.post(
        f"{PREFIX}/file/multipart/part",
        params={**target, "uploadId": upload_id, "uploadPartIdx": index},
        content=content,
        headers={"X-Range": f"bytes={first}-{first + 3}/8"},
    )


def _finish(bearer: httpx.Client, target: dict[str, str], upload_id: str) -> httpx.Response:
    return bearer.post(f"{PREFIX}/file/multipart/finish", params={**target, "uploadId": upload_id})


def _download(bearer: httpx.Client, run_id: str, attribute: str = "weights/best") -> httpx.Response:
    return bearer.get(f"{PREFIX}/file/download", params={"experimentId": run_id, "attribute": attribute})


def _paths(bearer: httpx.Client, run_id: str) -> set[str]:
    answer = bearer.get("/api/leaderboard/v1/experiment/attributes", params={"experimentId": run_id})
    return {attribute["name"] for attribute in answer.json()["attributes"]}


def test_parts_may_come_late_twice_and_in_any_order(
    bearer: httpx.Client, run_id: str, target: dict[str, str], tmp_path: Path
) -> None:
    upload_id = _start(bearer, target, 8)
    _send(bearer, target, upload_id, 1, b"5678")
    _send(bearer, target, upload_id, 0, b"xxxx")
    _send(bearer, target, upload_id, 0, b"1234")
    assert _download(bearer, run_id).status_code == 404
    assert "weights/best" not in _paths(bearer, run_id)
    assert _finish(bearer, target, upload_id).json() == {"errors": []}
    assert _finish(bearer, target, upload_id).json() == {"errors": []}
    answer = _download(bearer, run_id)
    assert answer.content == b"12345678"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="best.pt"'
    assert not list((tmp_path / "files" / "uploads").iterdir())


def test_a_short_part_is_asked_for_again(bearer: httpx.Client, target: dict[str, str]) -> None:
    answer = _send(bearer, target, _start(bearer, target, 8), 0, b"12")
    assert answer.status_code == 400
    assert "Length of stream does not match given range" in answer.text


def test_an_upload_with_a_missing_part_is_not_taken(bearer: httpx.Client, run_id: str, target: dict[str, str]) -> None:
    upload_id = _start(bearer, target, 8)
    _send(bearer, target, upload_id, 1, b"5678")
    assert _finish(bearer, target, upload_id).status_code == 400
    assert _download(bearer, run_id).status_code == 404


def test_parts_of_an_unknown_upload_are_refused(bearer: httpx.Client, target: dict[str, str]) -> None:
    assert _send(bearer, target, "../../../etc", 0, b"1234").status_code == 404


def test_a_file_does_not_take_the_place_of_a_number(bearer: httpx.Client, run_id: str, target: dict[str, str]) -> None:
    bearer.post(
        f"{PREFIX}/operations",
        params={"experimentId": run_id},
        json=[{"path": "weights/best", "assignInt": {"value": 1}}],
    )
    answer = bearer.post(f"{PREFIX}/file/upload", params={**target, "ext": "pt"}, content=b"1234")
    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert "type int" in error["errorDescription"]


@pytest.mark.parametrize("path", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "C:\\out.txt", "..\\out.txt", ""])
def test_paths_that_leave_a_file_set_are_refused(
    bearer: httpx.Client, target: dict[str, str], tmp_path: Path, path: str
) -> None:
    answer = bearer.post(f"{PREFIX}/fileset/upload", params={**target, "subPath": path}, content=b"1234")
    assert answer.status_code == 400
    assert not list(tmp_path.rglob("out.txt"))


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt"])
def test_archives_that_leave_their_folder_are_refused(
    bearer: httpx.Client, run_id: str, tmp_path: Path, name: str
) -> None:
    answer = bearer.post(
        f"{PREFIX}/fileset/tar",
        params={"experimentId": run_id, "attribute": "set", "reset": "False"},
        content=_archive({name: b"1234"}),
    )
    assert answer.status_code == 400
    assert not list(tmp_path.rglob("out.txt"))


def test_links_in_archives_are_passed_over(bearer: httpx.Client, run_id: str) -> None:
    link = tarfile.TarInfo("secrets")
    link.type = tarfile.SYMTYPE
    link.linkname = "/etc/passwd"
    query = {"experimentId": run_id, "attribute": "set", "reset": "True"}
    answer = bearer.post(f"{PREFIX}/fileset/tar", params=query, content=_archive({"a/b.txt": b"1"}, link))
    assert answer.json() == {"errors": []}
    listed = bearer.get(f"{PREFIX}/fileset/ls", params={**query, "path": ""}).json()
    assert [(entry["name"], entry["fileType"], entry["size"]) for entry in listed] == [("a", "directory", 1)]


def test_a_package_that_is_no_archive_is_refused(bearer: httpx.Client, run_id: str) -> None:
    answer = bearer.post(
        f"{PREFIX}/fileset/tar", params={"experimentId": run_id, "attribute": "set"}, content=b"no archive"
    )
    assert answer.status_code == 400
    assert "tar.gz" in answer.json()["title"]


def test_names_that_a_header_cannot_carry_are_made_plain(bearer: httpx.Client, run_id: str) -> None:
    target = {"experimentIdentifier": run_id, "attribute": 'plots/日"\n'}
    assert bearer.post(f"{PREFIX}/file/upload", params={**target, "ext": "png"}, content=b"1").json() == {"errors": []}
    answer = _download(bearer, run_id, target["attribute"])
    assert answer.content == b"1"
    assert "\n" not in answer.headers["Content-Disposition"]


def _archive(files: dict[str, bytes], *others: Any) -> bytes:
    package = io.BytesIO()
    with tarfile.open(fileobj=package, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for other in others:
            archive.addfile(other)
    return package.getvalue()
