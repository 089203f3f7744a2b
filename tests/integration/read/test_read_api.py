from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from neptune_yolo.exceptions import ApiTokenError, ProjectNameError
from neptune_yolo.read.api import ReadApi, open_api
from neptune_yolo.read.exceptions import AccessRefusedError, RequestRefusedError, ThingNotFoundError
from neptune_yolo.read.file_reader import FilePlace
from neptune_yolo.read.searches import Column, RunSearch
from neptune_yolo.read.series_wire import SeriesPoints
from neptune_yolo.server.domain.api_token import make_api_token
from tests.service import PROJECT, Service, local_service, opening_runs

POINTS = 3000


def _series(run: Any, count: int = POINTS) -> list[float]:
    values = np.sin(np.arange(count) / 50).tolist()
    run["train/loss"].extend(
        values, steps=[i / 4 for i in range(count)], timestamps=[1e9 + 2 * i for i in range(count)]
    )
    run["val/loss"].extend([0.1 + 0.2, 2.5], steps=[0, 1000.5])
    run.sync()
    return values


def test_raw_series_are_whole_whatever_the_size_of_the_pieces(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_service(database_url, tmp_path) as service, opening_runs(service, monkeypatch) as open_run:
        run = open_run()
        values = _series(run)
        name = run["sys/id"].fetch()
        keys = [(name, "val/loss"), (name, "no/such"), (name, "train/loss"), ("NO-1", "x"), (name, "val/loss")]
        with open_api(service.token) as api:
            for chunk_points in (150, 700, POINTS, POINTS + 3, 10_000):
                pieces = list(api.series.raw(PROJECT, keys, after=-1.0, last=740.0, chunk_points=chunk_points))
                _check_pieces(pieces, values[:2961], chunk_points)


def _check_pieces(pieces: list[SeriesPoints], values: list[float], chunk_points: int) -> None:
    assert max(map(len, pieces)) <= chunk_points
    assert [piece.path for piece in pieces] == sorted((piece.path for piece in pieces), reverse=True)
    loss = [piece for piece in pieces if piece.path == "train/loss"]
    assert np.concatenate([piece.values for piece in loss]).tolist() == values
    assert np.concatenate([piece.steps for piece in loss]).tolist() == [i / 4 for i in range(len(values))]
    moments = np.concatenate([piece.times_ms for piece in loss]).tolist()
    assert moments == [int((1e9 + 2 * i) * 1000) for i in range(len(values))]
    short = [piece for piece in pieces if piece.path == "val/loss"]
    assert np.concatenate([piece.values for piece in short]).tolist() == [0.1 + 0.2]


def test_a_part_of_a_series_can_be_read(api: ReadApi, open_run: Callable[..., Any]) -> None:
    run = open_run()
    _series(run)
    keys = [(run["sys/id"].fetch(), "train/loss")]
    pieces = list(api.series.raw(PROJECT, keys, first=10, last=20, chunk_points=7))
    assert np.concatenate([piece.steps for piece in pieces]).tolist() == [10 + i / 4 for i in range(41)]
    (thin,) = api.series.thinned(PROJECT, keys, bins=10)
    assert 10 < len(thin) <= 20 + 2
    assert (thin.in_range, thin.total, len(thin.times_ms)) == (POINTS, POINTS, 0)


def test_runs_are_found_in_pages_and_once(api: ReadApi, open_run: Callable[..., Any]) -> None:
    for number in range(5):
        run = open_run(name=f"run {'abcde'[number]}")
        run["number"] = number
        run["loss"].extend([float(number), 1.0])
        run.sync()
    columns = (Column("number"), Column("loss", "max"), Column("missing"))
    search = RunSearch("number:int > 0", columns=columns, sort=Column("number"), descending=False)
    rows = list(api.search_runs(PROJECT, search, page_size=2))
    assert [row.cells for row in rows] == [[n, max(n, 1.0), None] for n in range(1, 5)]
    assert [row.run.name for row in api.search_runs(PROJECT, search, limit=3, page_size=2)] == [
        "run b",
        "run c",
        "run d",
    ]
    assert [row.run.name for row in api.search_runs(PROJECT, RunSearch(words="RUN E"))] == ["run e"]
    assert [name.path for name in api.attribute_names(PROJECT, "NUM")] == ["number"]


def test_a_run_is_read_with_all_its_kinds_of_attributes(
    api: ReadApi, open_run: Callable[..., Any], tmp_path: Path
) -> None:
    run = open_run(tags=["a", "b"])
    run["long"] = "x" * 3000
    run["log"].extend([f"line {i}" for i in range(25)])
    (tmp_path / "one.txt").write_bytes(b"one" * 100_000)
    run["file"].upload(str(tmp_path / "one.txt"))
    run["set"].upload_files([str(tmp_path / "one.txt")])
    run["artifact"].track_files(str(tmp_path / "one.txt"))
    run.sync()
    name = run["sys/id"].fetch()
    found = {view.path: view for view in api.attributes(PROJECT, name)}
    assert (found["long"].length, len(found["long"].value)) == (3000, 2000)
    assert api.attribute(PROJECT, name, "long").value == "x" * 3000
    assert set(found["sys/tags"].value) == {"a", "b"}
    assert [point.value for point in api.series.texts(PROJECT, name, "log", offset=-2)] == ["line 23", "line 24"]
    assert len(list(api.series.texts(PROJECT, name, "log"))) == 25
    assert b"".join(api.files.stream(FilePlace(PROJECT, name, "file"))) == b"one" * 100_000
    (member,) = api.files.members(PROJECT, name, "set")
    target = tmp_path / "new" / "folder" / "two.txt"
    api.files.download(FilePlace(PROJECT, name, "set", member.path), target)
    assert target.read_bytes() == b"one" * 100_000
    assert list(target.parent.iterdir()) == [target]
    (tracked,) = api.artifact_files(PROJECT, name, "artifact")
    assert (tracked.path, tracked.size_bytes) == ("one.txt", 300_000)
    assert [view.path for view in api.attributes(PROJECT, name, prefix="l")] == ["log", "long"]


def test_runs_go_to_the_trash_and_for_good(api: ReadApi, open_run: Callable[..., Any]) -> None:
    name = open_run()["sys/id"].fetch()
    assert api.trash_runs(PROJECT, [name, "YOL-99"]).changed == [name]
    assert list(api.search_runs(PROJECT, RunSearch())) == []
    assert api.restore_runs(PROJECT, [name]).changed == [name]
    assert api.delete_runs(PROJECT, [name]).changed == []
    api.trash_runs(PROJECT, [name])
    assert api.delete_runs(PROJECT, [name]).changed == [name]


def test_errors_tell_what_is_wrong(
    api: ReadApi, service: Service, open_run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_run()
    with pytest.raises(RequestRefusedError, match="query"):
        list(api.search_runs(PROJECT, RunSearch("this is no (query")))
    with pytest.raises(ThingNotFoundError, match="no/such"):
        list(api.search_runs("no/such", RunSearch()))
    with pytest.raises(ThingNotFoundError, match="YOL-77"):
        api.run(PROJECT, "YOL-77")
    with pytest.raises(RequestRefusedError, match="raw"):
        api.series._ask(PROJECT, {"series": [], "limit": 5})
    assert api.find_project() == PROJECT
    monkeypatch.delenv("NEPTUNE_PROJECT")
    with pytest.raises(RequestRefusedError, match="--project"):
        api.find_project()
    for hostile in ("../x", "a/b/c", "..", "a", "/"):
        with pytest.raises((ProjectNameError, ThingNotFoundError)):
            api.project(hostile)
    for hostile in ("", "..", "a/b"):
        with pytest.raises(RequestRefusedError):
            api.run(PROJECT, hostile)
    with open_api(make_api_token(service.url, "another")) as stranger, pytest.raises(AccessRefusedError):
        stranger.session()
    with pytest.raises(ApiTokenError), open_api("nonsense"):
        pass
