import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from neptune_yolo import read
from neptune_yolo.read import checkpoints
from neptune_yolo.read.api import ReadApi
from tests.service import PROJECT

MAP = "metrics/mAP50(B)"


@pytest.fixture
def three(open_run: Callable[..., Any], tmp_path: Path) -> list[str]:
    """Identifiers of three runs, of which the second was the best one once."""
    (tmp_path / "best.pt").write_bytes(b"no model")
    names = []
    for number, values in enumerate(([0.1, 0.5], [0.9, 0.4], [0.2, 0.7])):
        run = open_run(name=f"run {number}", tags=["even"] if number % 2 == 0 else [])
        run["lr0"] = 0.01 * (number + 1)
        run["batch"] = 16 if number else 8.5
        run["amp"] = number == 1
        run["when"] = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        run["mixed"] = "text" if number else 3
        run[MAP].extend(values, steps=[1, 2])
        run["train/box_loss"].extend([3.0, 2.0 - number], steps=[1, 2])
        if number < 2:
            run["weights/best"].upload(str(tmp_path / "best.pt"))
        run["log"].append("one\n")
        run.sync()
        names.append(run["sys/id"].fetch())
    return names


def test_runs_as_a_frame_of_pandas(three: list[str]) -> None:
    frame = read.runs(columns=[f"max({MAP})", "metrics/*", "lr0", "batch", "amp", "when", "mixed", "no/such"])
    assert isinstance(frame, pd.DataFrame)
    assert frame["sys/id"].tolist() == three[::-1]
    assert frame[f"max({MAP})"].tolist() == [0.7, 0.9, 0.5]
    assert frame[MAP].tolist() == [0.7, 0.4, 0.5]
    assert frame["batch"].tolist() == [16.0, 16.0, 8.5]
    assert frame["amp"].tolist() == [False, True, False]
    assert frame["when"].dt.year.tolist() == [2026] * 3
    assert str(frame["sys/creation_time"].dtype) == "datetime64[ms, UTC]"
    assert frame["mixed"].tolist() == ["text", "text", 3]
    assert frame["no/such"].isna().all()
    assert frame["sys/tags"].tolist() == [["even"], [], ["even"]]


def test_runs_as_a_frame_of_polars(three: list[str]) -> None:
    frame = read.runs('(sys/tags:stringSet CONTAINS "even")', frame="polars", limit=5)
    assert isinstance(frame, pl.DataFrame)
    assert frame["sys/id"].to_list() == [three[2], three[0]]
    assert frame["mixed"].to_list() == ["text", "3"]
    assert frame["sys/creation_time"].dtype == pl.Datetime("ms", "UTC")
    assert frame["amp"].dtype == pl.Boolean
    assert "log" not in frame.columns


def test_wide_attributes_come_in_portions(api: ReadApi, open_run: Callable[..., Any]) -> None:
    run = open_run()
    run["wide"] = {f"{number:03d}": number for number in range(450)}
    run.sync()
    open_run()["wide/007"] = 1.5
    frame = read.runs(columns=["wide/*"], api=api)
    assert frame.shape == (2, 456)
    assert frame.iloc[1, 6:].tolist() == list(range(450))
    assert str(frame["wide/008"].dtype) == "Int64"


def test_series_of_several_runs(three: list[str]) -> None:
    frame = read.series([MAP, "train/*"])
    assert frame.columns.tolist() == ["run", "path", "step", "time", "value"]
    assert len(frame) == 12
    wide = read.series([MAP, "train/*"], three[:2], wide=True)
    assert wide["run"].tolist() == [three[0]] * 2 + [three[1]] * 2
    assert wide[MAP].tolist() == [0.1, 0.5, 0.9, 0.4]
    same = read.series([MAP, "train/*"], three[:2], wide=True, frame="polars")
    assert same[MAP].to_list() == wide[MAP].tolist()
    assert same["train/box_loss"].to_list() == [3.0, 2.0, 3.0, 1.0]
    (piece, *_) = read.iter_series(MAP, three[1])
    assert np.array_equal(piece.values, [0.9, 0.4])
    assert read.series("no/such", three).empty
    for paths in (MAP, "no/such"):
        with pytest.raises(read.ReadError, match=r"existing run.* got .*YOL-99"):
            read.series(paths, [three[0], "YOL-99"])
    assert [point.value for point in read.texts(three[0], "log")] == ["one\n"]
    assert [run.sys_id for run, _ in read.iter_runs(limit=2)] == three[:0:-1]


def test_the_best_run_is_found_by_the_best_value_it_ever_had(three: list[str]) -> None:
    best = read.best_run(MAP)
    assert (best.run.sys_id, best.value) == (three[1], 0.9)
    assert read.best_run(MAP, nql='(sys/tags:stringSet CONTAINS "even")').run.sys_id == three[2]
    assert read.best_run("train/box_loss", minimize=True).value == 0.0
    assert read.best_run("train/box_loss", minimize=True, having="weights/best").run.sys_id == three[1]
    assert read.best_run("lr0").run.sys_id == three[2]
    with pytest.raises(read.ThingNotFoundError, match="no/metric"):
        read.best_run("no/metric")
    with pytest.raises(read.ThingNotFoundError, match="weights/last"):
        read.best_checkpoint(MAP, checkpoint="weights/last")
    with pytest.raises(read.RequestRefusedError, match="number"):
        read.best_run("sys/name")


def test_a_checkpoint_is_kept_by_its_content(three: list[str], tmp_path: Path) -> None:
    path = read.best_checkpoint(MAP)
    assert path.read_bytes() == b"no model"
    assert path.is_relative_to(checkpoints.cache_folder())
    before = path.stat().st_mtime_ns
    assert read.best_checkpoint(MAP, nql=f'(sys/id:string = "{three[0]}")') == path
    assert path.stat().st_mtime_ns == before
    path.write_bytes(b"damaged!")
    assert read.best_checkpoint(MAP).read_bytes() == b"no model"
    assert read.best_checkpoint(MAP, folder=tmp_path / "here") == tmp_path / "here" / f"{three[1]}-best.pt"


def test_yolo_loads_the_best_checkpoint(open_run: Callable[..., Any], tmp_path: Path) -> None:
    from ultralytics import YOLO

    YOLO("yolo11n.yaml").save(tmp_path / "made.pt")
    run = open_run()
    run[MAP].append(0.5)
    run["weights/best"].upload(str(tmp_path / "made.pt"))
    run.sync()
    model = YOLO(read.best_checkpoint(MAP, project=PROJECT))
    assert model.task == "detect"
    assert len(model.names) == 80


def test_importing_is_light() -> None:
    heavy = ("torch", "ultralytics", "neptune", "numpy", "pandas", "polars", "httpx", "msgspec")
    code = f"import sys; from neptune_yolo import read; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_all_names_are_there_and_sorted() -> None:
    assert sorted(read.__all__) == read.__all__
    for name in read.__all__:
        assert getattr(read, name).__name__ == name
    with pytest.raises(AttributeError, match="nothing"):
        _ = read.nothing
