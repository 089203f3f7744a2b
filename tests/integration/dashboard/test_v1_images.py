"""Picture series in the read API: their points in pages, and one picture by its step."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from neptune.types import File
from PIL import Image

RUN = "/api/v1/projects/local/yolo/runs/YOL-1"
SERIES = "Validation/series/batch"


def _picture(shade: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 6), (shade, 0, 255 - shade)).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def pictures(init_run: Callable[..., Any]) -> dict[float, bytes]:
    """A run with a series, by its steps."""
    contents = {1: _picture(1), 2.5: _picture(2), 4: _picture(3)}
    run = init_run()
    for step, content in contents.items():
        run[SERIES].append(File.from_content(content), step=step, name=f"step {step}", description="a batch")
    run["value"] = 1
    run.wait()
    return contents


def _ask(client: httpx.Client, what: str, headers: dict[str, str] | None = None, **asked: Any) -> httpx.Response:
    return client.get(f"{RUN}/{what}", params={"path": SERIES, **asked}, headers=headers)


def test_points_come_in_pages_without_their_bytes(bearer: httpx.Client, pictures: dict[float, bytes]) -> None:
    whole = _ask(bearer, "images").json()
    page = _ask(bearer, "images", offset=1, limit=1).json()

    assert whole["total"] == page["total"] == 3
    assert [point["step"] for point in whole["points"]] == [1, 2.5, 4]
    assert page["points"] == whole["points"][1:2]
    point = page["points"][0]
    assert point["logged_ms"] > 0
    assert {name: point[name] for name in ("name", "description", "media_type", "size_bytes", "sha256")} == {
        "name": "step 2.5",
        "description": "a batch",
        "media_type": "image/png",
        "size_bytes": len(pictures[2.5]),
        "sha256": hashlib.sha256(pictures[2.5]).hexdigest(),
    }


def test_a_picture_comes_by_its_step_and_is_not_sent_twice(bearer: httpx.Client, pictures: dict[float, bytes]) -> None:
    answer = _ask(bearer, "image", step=2.5)
    again = _ask(bearer, "image", {"If-None-Match": f'"other", W/{answer.headers["etag"]}'}, step=2.5)
    another = _ask(bearer, "image", {"If-None-Match": answer.headers["etag"]}, step=4)

    assert (answer.status_code, answer.content) == (200, pictures[2.5])
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "private" in answer.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")
    assert (another.status_code, another.content) == (200, pictures[4])


@pytest.mark.parametrize(
    ("what", "asked", "status", "words"),
    [
        ("image", {"step": 2}, 404, "step 2"),
        ("image", {"step": 1, "path": "value"}, 404, "imageSeries"),
        ("images", {"path": "value"}, 404, "imageSeries"),
        ("image", {}, 400, "step"),
        ("image", {"step": "x"}, 400, "step"),
        ("images", {"limit": 0}, 400, "limit"),
        ("images", {"offset": -1}, 400, "offset"),
    ],
)
def test_what_is_not_there_or_can_not_be_is_refused_with_a_sentence(
    bearer: httpx.Client, pictures: dict[float, bytes], what: str, asked: dict[str, Any], status: int, words: str
) -> None:
    assert pictures
    answer = _ask(bearer, what, **asked)

    assert answer.status_code == status
    assert words in answer.json()["message"]


@pytest.mark.parametrize("step", ["nan", "inf", "-inf", "1e400"])
def test_a_step_that_is_no_number_is_not_found(bearer: httpx.Client, pictures: dict[float, bytes], step: str) -> None:
    assert pictures
    assert _ask(bearer, "image", step=step).status_code in {400, 404}
