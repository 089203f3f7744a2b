"""One run in the read API: its head, attributes, files, texts and the wish to end it."""

import hashlib
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from neptune.types import File

from neptune_yolo.server.api.v1.archives import zipped
from neptune_yolo.server.domain.files import Blob, FileEntry
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.exceptions import InvalidRequestError

RUN = "/api/v1/projects/local/yolo/runs/"
PAGE = "<!doctype html><p>Curves</p>"


@pytest.fixture
def idle_after_seconds() -> float:
    return 30.0


@pytest.fixture
def run(init_run: Callable[..., Any]) -> Any:
    return init_run(name="first", description="A run", tags=["b", "a"], custom_run_id="mine")


def _attributes(bearer: httpx.Client, run: Any, **asked: Any) -> dict[str, Any]:
    answer = bearer.get(f"{RUN}{run['sys/id'].fetch()}/attributes", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _file(bearer: httpx.Client, run: Any, headers: dict[str, str] | None = None, **asked: Any) -> httpx.Response:
    return bearer.get(f"{RUN}{run['sys/id'].fetch()}/file", params=asked, headers=headers)


def test_the_head_says_what_people_call_a_run(bearer: httpx.Client, run: Any) -> None:
    run["sys/failed"] = True
    run.wait()

    head = bearer.get(f"{RUN}{run['sys/id'].fetch()}").json()

    assert (head["name"], head["description"], head["tags"]) == ("first", "A run", ["a", "b"])
    assert (head["state"], head["failed"], head["trashed"], head["role"]) == ("running", True, False, "owner")
    assert (head["custom_run_id"], head["type"]) == ("mine", "run")
    assert head["created_ms"] <= head["modified_ms"]


def test_attributes_come_with_their_values(bearer: httpx.Client, run: Any) -> None:
    run["a/float"] = 0.5
    run["a/text"] = "x" * 2001
    run["a/truth"] = False
    run["a/loss"].extend([3.0, 1.0])
    run["b/line"].append("hello")
    run.wait()

    found = {one["path"]: one for one in _attributes(bearer, run, prefix="a/")["attributes"]}

    assert list(found) == ["a/float", "a/loss", "a/text", "a/truth"]
    assert found["a/float"] == {"path": "a/float", "type": "float", "value": 0.5}
    assert (len(found["a/text"]["value"]), found["a/text"]["length"]) == (2000, 2001)
    assert found["a/truth"]["value"] is False
    assert found["a/loss"]["value"] == 1.0
    assert found["a/loss"]["series"] == {
        "count": 2,
        "last_step": 1.0,
        "minimum": 1.0,
        "maximum": 3.0,
        "mean": 2.0,
        "variance": 1.0,
    }
    whole = bearer.get(f"{RUN}{run['sys/id'].fetch()}/attribute", params={"path": "a/text"}).json()
    assert whole["value"] == "x" * 2001


def test_attributes_are_searched_in_any_case_and_in_pages(bearer: httpx.Client, run: Any) -> None:
    run["metrics/mAP50(B)"] = 0.5
    run["metrics/mAP75"] = 0.5
    run.wait()

    found = _attributes(bearer, run, search="MAP", limit=1, offset=1)

    assert found["total"] == 2
    assert [one["path"] for one in found["attributes"]] == ["metrics/mAP75"]


def test_a_file_comes_whole_in_pieces_and_not_at_all_if_it_is_known(bearer: httpx.Client, run: Any) -> None:
    content = bytes(range(256)) * 10
    run["weights/best"].upload(File.from_content(content, extension="pt"))
    run.wait()

    whole = _file(bearer, run, path="weights/best")
    tag = f'"{hashlib.sha256(content).hexdigest()}"'

    assert (whole.content, whole.headers["etag"]) == (content, tag)
    assert whole.headers["content-disposition"] == 'attachment; filename="best.pt"'
    assert _file(bearer, run, {"If-None-Match": f'"x", {tag}'}, path="weights/best").status_code == 304
    for header, first, end in (("bytes=10-19", 10, 20), ("bytes=2550-", 2550, 2560), ("bytes=-5", 2555, 2560)):
        piece = _file(bearer, run, {"Range": header}, path="weights/best")
        assert (piece.status_code, piece.content) == (206, content[first:end])
        assert piece.headers["content-range"] == f"bytes {first}-{end - 1}/2560"
    assert _file(bearer, run, {"Range": "bytes=2560-"}, path="weights/best").status_code == 416
    assert _file(bearer, run, {"Range": "bytes=1-2,5-6"}, path="weights/best").status_code == 200
    assert _file(bearer, run, {"Range": "bytes=1-2", "If-Range": '"old"'}, path="weights/best").status_code == 200


def test_documents_are_sandboxed(bearer: httpx.Client, run: Any) -> None:
    run["charts/curve"].upload(File.from_content(PAGE, extension="html"))
    run["charts/drawing"].upload(File.from_content("<svg/>", extension="svg"))
    run.wait()

    page, drawing = _file(bearer, run, path="charts/curve"), _file(bearer, run, path="charts/drawing")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "sandbox allow-scripts" in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "allow-same-origin" not in page.headers["content-security-policy"]
    assert drawing.headers["content-security-policy"].endswith("sandbox")
    saved = _file(bearer, run, path="charts/curve", download=True)
    assert saved.headers["content-disposition"] == 'attachment; filename="curve.html"'


def test_members_of_a_file_set(bearer: httpx.Client, run: Any, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import neptune\n")
    run["source_code/files"].upload_files([str(tmp_path / "train.py")])
    run.wait()

    url = f"{RUN}{run['sys/id'].fetch()}/file-set"
    (member,) = bearer.get(url, params={"path": "source_code/files"}).json()["members"]
    content = _file(bearer, run, path="source_code/files", member=member["path"])

    assert (member["path"].rsplit("/", 1)[-1], member["size_bytes"]) == ("train.py", 15)
    assert content.text == "import neptune\n"
    assert content.headers["content-type"] == "text/plain; charset=utf-8"
    assert _file(bearer, run, path="source_code/files").status_code == 400
    assert _file(bearer, run, path="source_code/files", member="other.py").status_code == 404


def test_a_file_set_is_saved_as_an_archive(
    bearer: httpx.Client, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = random.Random(0).randbytes(3_000_000)  # more than one piece
    for name, content in (("a/train.py", b"import neptune\n"), ("a/gr\u00fc\u00dfe.txt", b""), ("last.pt", weights)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    run["code"].upload_files(["a/*", "last.pt"])
    run.wait()

    answer = bearer.get(f"{RUN}{run['sys/id'].fetch()}/file-set/archive", params={"path": "code"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    name = f"{run['sys/id'].fetch()}-code.zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["a/gr\u00fc\u00dfe.txt", "a/train.py", "last.pt"]
        assert archive.read("last.pt") == weights


def test_no_path_of_an_archive_leaves_its_folder() -> None:
    entry = FileEntry("../evil.py", "py", Blob(Sha256("0" * 64), 1), 0)

    with pytest.raises(InvalidRequestError, match="inside the file set"):
        list(zipped([entry], lambda _: iter([b"x"])))


def test_texts_come_in_pages_from_either_end(bearer: httpx.Client, run: Any) -> None:
    run["monitoring/stdout"].extend([f"line {number}" for number in range(10)])
    run.wait()
    url = f"{RUN}{run['sys/id'].fetch()}/strings"

    last = bearer.get(url, params={"path": "monitoring/stdout", "offset": -3}).json()
    middle = bearer.get(url, params={"path": "monitoring/stdout", "offset": 4, "limit": 2}).json()
    nothing = bearer.get(url, params={"path": "monitoring/stdout", "offset": 10}).json()

    assert (last["total"], last["offset"]) == (10, 7)
    assert [point["value"] for point in last["points"]] == ["line 7", "line 8", "line 9"]
    assert [point["step"] for point in middle["points"]] == [4.0, 5.0]
    assert nothing["points"] == []


def test_a_running_program_is_asked_to_end(bearer: httpx.Client, run: Any) -> None:
    url = f"{RUN}{run['sys/id'].fetch()}/signals"

    assert bearer.post(url, json={"kind": "stop", "seconds": 60}).status_code == 200
    assert bearer.post(url, json={"kind": "pause"}).status_code == 400
    assert bearer.post(url, json={"kind": "stop", "seconds": -1}).status_code == 400


@pytest.mark.usefixtures("run")
def test_an_unknown_run_is_said_to_be_missing(bearer: httpx.Client) -> None:
    parts = ("", "/attributes", "/attribute?path=a", "/file?path=a", "/file-set?path=a", "/strings?path=a")
    for last in (*parts, "/file-set/archive?path=a"):
        answer = bearer.get(f"{RUN}YOL-999{last}")

        assert answer.status_code == 404
        assert "YOL-999" in answer.json()["message"]
