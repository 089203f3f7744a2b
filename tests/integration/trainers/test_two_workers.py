"""A training by several processes, launched as for several GPUs: the process of rank 0 logs, and no other."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.training

FOLDER = Path(__file__).parent
TIMEOUT_SECONDS = 300


ARGUMENTS = {
    "epochs": 2,
    "imgsz": 64,
    "batch": 8,
    "nbs": 8,
    "optimizer": "SGD",
    "device": "cpu",
    "plots": False,
}
SETTINGS = {"tags": ["two", "ä"], "source_files": [], "git_ref": False}


def train_with_two_workers(folder: Path, model: str, arguments: dict[str, Any], settings: dict[str, Any]) -> str:
    signs = folder / "signs"
    signs.mkdir()
    options = {"signs": str(signs), "model": model, "settings": SETTINGS | settings, "arguments": arguments}
    done = subprocess.run(
        [sys.executable, str(FOLDER / "ddp_program.py"), json.dumps(options)],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=TIMEOUT_SECONDS,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_process_of_rank_0_logs_and_the_one_that_started_it_reads(
    digits: Path, tmp_path: Path, read_run: Any, queue_root: Path
) -> None:
    folder = tmp_path / "my runs ü" / "both"
    arguments = ARGUMENTS | {"data": str(digits), "project": str(folder.parent), "name": folder.name}

    output = train_with_two_workers(tmp_path, "yolo11n.yaml", arguments, {"custom_run_id": "both-workers"})

    seen = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (tmp_path / "signs").iterdir()}
    assert set(seen) == {"parent", "rank 0", "rank 1"}
    assert output.count("Neptune run YOL-1 (completed)") == 1

    class_name = "NotedTrainer"
    assert seen["rank 0"] == {"class": class_name, "run": "Run", "run_id": "YOL-1", "tags": ["two", "ä"]}
    assert seen["rank 1"] == {"class": class_name, "run": "NullRun", "run_id": None, "tags": ["two", "ä"]}

    run = read_run("YOL-1")
    check_the_same_as_on_disk(run, folder)
    assert run["sys/custom_run_id"] == "both-workers"
    assert run["sys/tags"] == ["two", "ä"]
    assert run["custom/rank"] == [[1, 0], [2, 0]]
    assert run["training/status"] == "completed"
    assert not list(queue_root.glob("async/*"))

    parent = seen["parent"]
    assert "after the training" in parent["before"]
    assert (parent["run_id"], parent["status"], parent["second run"]) == ("YOL-1", "completed", False)
    assert parent["losses"] == run["train/box_loss"]
    assert parent["same"]
    assert parent["resumed from"] is None


@pytest.mark.thorough
def test_a_training_is_resumed_by_two_workers_into_the_same_run(start_training: Any, tmp_path: Path) -> None:
    failed = start_training(trainer="FailingTrainer")  # in its second epoch, which is logged but not saved
    assert "the user's own mistake" in failed.finish()

    output = train_with_two_workers(
        tmp_path, str(failed.save_dir / "weights" / "last.pt"), {"resume": True, "device": "cpu"}, {}
    )

    assert output.count(f"Neptune run {failed.run_id} (completed)") == 1
    parent = json.loads((tmp_path / "signs" / "parent.json").read_text(encoding="utf-8"))
    assert (parent["run_id"], parent["status"], parent["second run"]) == (failed.run_id, "completed", False)
    assert [step for step, _ in parent["losses"]] == [1, 2, 3]
    assert parent["resumed from"] == 2


def check_the_same_as_on_disk(run: Any, folder: Path) -> None:
    lines = [line.split(",") for line in (folder / "results.csv").read_text(encoding="utf-8").splitlines()]
    columns = [name.strip() for name in lines[0]]
    assert [int(line[0]) for line in lines[1:]] == [1, 2]
    for number, column in enumerate(columns):
        if column not in ("epoch", "time"):
            expected = [[int(line[0]), line[number].strip()] for line in lines[1:]]
            assert [[step, f"{value:.6g}"] for step, value in run[column]] == expected, column
    for name in ("best", "last"):
        assert Path(run[f"weights/{name}"]).read_bytes() == (folder / "weights" / f"{name}.pt").read_bytes()
