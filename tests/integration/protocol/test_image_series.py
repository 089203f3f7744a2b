"""Series of pictures: through the real client, and as they travel."""

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from neptune.types import File
from PIL import Image

OpenRun = Callable[..., Any]
Execute = Callable[[list[dict[str, Any]]], list[str]]

PREFIX = "/api/leaderboard/v1/attributes"


def _picture(shade: int, kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 6), (shade, 0, 255 - shade)).save(content, kind)
    return content.getvalue()


def _log(path: str, *points: tuple[float | None, int, bytes], name: str | None = None) -> dict[str, Any]:
    entries = [
        {
            "step": step,
            "timestampMilliseconds": at,
            "value": {"data": base64.b64encode(data).decode(), "name": name, "description": None},
        }
        for step, at, data in points
    ]
    return {"path": path, "logImages": {"entries": entries}}


def _values(bearer: httpx.Client, run_id: str, path: str) -> dict[str, Any]:
    answer = bearer.get(f"{PREFIX}/imageseries/values", params={"experimentId": run_id, "attribute": path})
    values: dict[str, Any] = answer.json()
    return values


def _download(bearer: httpx.Client, run_id: str, path: str, index: int) -> httpx.Response:
    query: dict[str, str | int] = {"experimentId": run_id, "attribute": path, "index": index}
    return bearer.get(f"{PREFIX}/imageseries/value", params=query)


def _stored(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


def test_pictures_come_back_to_the_byte_and_in_their_format(init_run: OpenRun, tmp_path: Path) -> None:
    first, second, third = _picture(1), _picture(2, "JPEG"), _picture(3)
    Path("third.png").write_bytes(third)
    run = init_run()
    run["predictions/one"].append(File.from_content(first), step=1, name="one", description="at the start")
    run["predictions/one"].append(File.from_content(second), step=2.5)
    run["predictions/one"].append(File("third.png"), step=4)
    run["other"].extend([Image.new("L", (4, 4)), Image.new("L", (4, 4), 9)])
    run.wait()
    again = init_run(with_id=run["sys/id"].fetch(), mode="read-only")
    assert again.get_structure()["predictions"]["one"].__class__.__name__ == "FileSeries"
    assert again.exists("predictions/one")
    again["predictions/one"].download("all", progress_bar=False)
    assert {path.name: path.read_bytes() for path in Path("all").iterdir()} == {
        "0.png": first,
        "1.jpeg": second,
        "2.png": third,
    }
    again["predictions/one"].download_last("last")
    assert [(path.name, path.read_bytes()) for path in Path("last").iterdir()] == [("2.png", third)]
    assert len(_stored(tmp_path)) == 5
    assert again["sys/size"].fetch() == sum(path.stat().st_size for path in _stored(tmp_path))


def test_a_series_that_is_replaced_or_deleted_takes_its_pictures_with_it(init_run: OpenRun, tmp_path: Path) -> None:
    run = init_run()
    for step in range(3):
        run["plots/pr"].append(File.from_content(_picture(step)), step=step)
    run["plots/keep"].append(File.from_content(_picture(1)), step=1)
    run.wait()
    assert len(_stored(tmp_path)) == 3
    run["plots/pr"].pop()
    run.wait()
    assert not run.exists("plots/pr")
    assert [path.read_bytes() for path in _stored(tmp_path)] == [_picture(1)]
    run["plots/pr"].append(File.from_content(_picture(5)), step=0)
    run.wait()
    run["plots/pr"].download_last("last")
    assert Path("last/0.png").read_bytes() == _picture(5)


def test_points_keep_step_time_name_and_description(execute: Execute, bearer: httpx.Client, run_id: str) -> None:
    assert execute([_log("pictures", (3, 1000, _picture(1)), (None, 2000, _picture(2, "GIF")), name="batch")]) == []
    values = _values(bearer, run_id, "pictures")
    assert values["totalItemCount"] == 2
    seen = [
        (value["step"], value["timestampMillis"], value["name"], value["contentType"]) for value in values["values"]
    ]
    assert seen == [(3, 1000, "batch", "image/png"), (4, 2000, "batch", "image/gif")]
    answer = _download(bearer, run_id, "pictures", 0)
    assert (answer.headers["Content-Type"], answer.content) == ("image/png", _picture(1))
    attributes = bearer.get("/api/leaderboard/v1/experiment/attributes", params={"experimentId": run_id}).json()
    (series,) = (item for item in attributes["attributes"] if item["name"] == "pictures")
    assert (series["type"], series["imageSeriesProperties"]) == ("imageSeries", {"lastStep": 4})


@pytest.mark.parametrize("step", [None, 3])
def test_a_batch_sent_twice_is_applied_once(
    execute: Execute, bearer: httpx.Client, run_id: str, tmp_path: Path, step: float | None
) -> None:
    batch = [_log("pictures", (step, 1000, _picture(1)))]
    assert execute(batch) == []
    assert execute(batch) == []
    assert _values(bearer, run_id, "pictures")["totalItemCount"] == 1
    assert len(_stored(tmp_path)) == 1


def test_a_point_that_is_stored_already_is_no_error_in_another_batch(execute: Execute) -> None:
    execute([_log("pictures", (1, 1000, _picture(1)))])
    assert execute([_log("pictures", (1, 1000, _picture(1)), (2, 2000, _picture(2)))]) == []
    (error,) = execute([_log("pictures", (2, 2000, _picture(3)))])
    assert "strictly increasing" in error


def test_bad_points_fail_alone_and_leave_no_bytes(
    execute: Execute, bearer: httpx.Client, run_id: str, tmp_path: Path
) -> None:
    assert execute([_log("pictures", (5, 1000, _picture(5)))]) == []
    errors = execute(
        [
            _log("pictures", (4, 2000, _picture(4)), (6, 3000, b""), (7, 4000, _picture(7))),
            {"path": "broken", "logImages": {"entries": [{"step": 1, "timestampMilliseconds": 1, "value": "text"}]}},
            {"path": "broken", "logImages": {"entries": [{"timestampMilliseconds": 1, "value": {"data": "%%"}}]}},
            {"path": "pictures", "logFloats": {"entries": [{"step": 9, "timestampMilliseconds": 1, "value": 1.0}]}},
        ]
    )
    words = ("no bytes", "strictly increasing", "'data'", "base64", "type imageSeries")
    assert [word in error for word, error in zip(words, errors, strict=True)] == [True] * 5
    assert [value["step"] for value in _values(bearer, run_id, "pictures")["values"]] == [5, 7]
    assert len(_stored(tmp_path)) == 2


def test_a_series_is_cleared_and_begun_again_in_one_batch(
    execute: Execute, bearer: httpx.Client, run_id: str, tmp_path: Path
) -> None:
    execute([_log("pictures", (5, 1000, _picture(5)), (6, 1000, _picture(6)))])
    assert execute([{"path": "pictures", "clearImageSeries": {}}, _log("pictures", (0, 2000, _picture(6)))]) == []
    assert _values(bearer, run_id, "pictures")["totalItemCount"] == 1
    assert [path.read_bytes() for path in _stored(tmp_path)] == [_picture(6)]
    assert execute([{"path": "empty", "clearImageSeries": {}}]) == []
    assert _values(bearer, run_id, "empty")["totalItemCount"] == 0


def test_what_no_picture_is_cannot_be_shown_by_a_browser(execute: Execute, bearer: httpx.Client, run_id: str) -> None:
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    execute([_log("pictures", (1, 1, drawing))])
    answer = _download(bearer, run_id, "pictures", 0)
    assert (answer.headers["Content-Type"], answer.content) == ("application/octet-stream", drawing)


@pytest.mark.parametrize(("path", "index", "status"), [("pictures", 1, 404), ("none", 0, 404), ("pictures", -1, 400)])
def test_what_is_not_there_is_said(
    execute: Execute, bearer: httpx.Client, run_id: str, path: str, index: int, status: int
) -> None:
    execute([_log("pictures", (1, 1, _picture(1)))])
    assert _download(bearer, run_id, path, index).status_code == status
