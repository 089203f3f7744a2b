"""``train(data=[...])``: each data set has a run of its own, also those that Ultralytics skips."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.training

FOLDER = Path(__file__).parent


@pytest.mark.thorough
def test_each_data_set_has_a_run_with_its_true_state(digits: Path, tmp_path: Path, read_run: Any) -> None:
    for name in ("first", "second"):
        shutil.copytree(digits.parent, tmp_path / name)
    data = [str(tmp_path / "first" / "data.yaml"), str(tmp_path / "second" / "data.yaml"), str(tmp_path / "none.yaml")]
    arguments = {
        "data": data,
        "epochs": 1,
        "imgsz": 64,
        "batch": 8,
        "device": "cpu",
        "plots": False,
        "project": str(tmp_path / "runs"),
    }
    program = [sys.executable, str(FOLDER / "several_program.py"), json.dumps(arguments)]
    done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(Path("results.json").read_text(encoding="utf-8"))
    assert results == {"first": True, "second": False, "none": False}
    runs = [read_run(f"YOL-{number}") for number in (1, 2, 3)]
    assert [run["sys/name"] for run in runs] == ["sweep (first)", "sweep (second)", "sweep (none)"]
    assert [run["training/status"] for run in runs] == ["completed", "failed", "failed"]
    assert "not with this data set" in runs[1]["training/reason"]
    assert "none.yaml" in runs[2]["training/reason"]
    assert [len(run.series().get("train/box_loss", [])) for run in runs] == [1, 1, 0]
    (tags,) = {tuple(run["sys/group_tags"]) for run in runs}
    assert len(tags) == 2
    assert "night" in tags
    assert runs[0]["sys/tags"] == ["mine"]
