"""``neptune-yolo resume``: the checkpoint comes from the run where the training's folder is not at hand."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.tracking.resume import read_note

pytestmark = pytest.mark.training


def neptune_yolo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "neptune_yolo.cli", *arguments],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=120,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.thorough
def test_it_goes_on_where_there_is_only_the_run(start_training: Any, read_run: Any, tmp_path: Path) -> None:
    training = start_training("a", pause_before=3)
    training.wait_until_paused()
    training.process.send_signal(signal.SIGINT)
    training.finish()
    csv_before = (training.save_dir / "results.csv").read_text(encoding="utf-8")
    shutil.rmtree(training.save_dir)

    done = neptune_yolo("resume", "YOL-1", "--folder", "elsewhere")

    assert done.returncode == 0, done.stdout
    run = read_run("YOL-1")
    assert [step for step, _ in run["metrics/mAP50(B)"]] == [1, 2, 3]
    assert run["training/status"] == "completed"
    assert run["training/resumes/1/from_epoch"] == 3
    csv_after = Path("elsewhere", "results.csv").read_text(encoding="utf-8")
    assert len(csv_after.splitlines()) == 4
    assert csv_after.splitlines()[0] == csv_before.splitlines()[0]
    note = read_note(Path("elsewhere"))
    assert note is not None
    assert (note.run_id, note.last_step) == ("YOL-1", 3)

    again = neptune_yolo("resume", "YOL-1", "--folder", str(tmp_path / "again"))
    assert again.returncode == 1
    assert "its training is complete" in again.stdout
    assert "Traceback" not in again.stdout

    unknown = neptune_yolo("resume", "YOL-99")
    assert unknown.returncode == 1
    assert "There is no run 'YOL-99'" in unknown.stdout
