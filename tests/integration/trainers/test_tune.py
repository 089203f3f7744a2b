"""A search: one run for it, one for each trial, whatever becomes of them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.training

FOLDER = Path(__file__).parent
TIMEOUT_SECONDS = 120
SPACE = {"lr0": (0.001, 0.1), "fliplr": (0.0, 1.0)}


def start_search(digits: Path, tmp_path: Path, **options: Any) -> "subprocess.Popen[str]":
    arguments = {
        "data": str(digits),
        "epochs": 1,
        "imgsz": 64,
        "batch": 8,
        "device": "cpu",
        "plots": False,
        "project": str(tmp_path / "my runs ü"),
        "signs": str(tmp_path),
        "settings": {"tags": ["mine"], "source_files": [], "git_ref": False},
    }
    return subprocess.Popen(
        [sys.executable, str(FOLDER / "search_program.py"), json.dumps(arguments | options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.thorough
def test_failed_interrupted_and_resumed_trials_are_told_apart(digits: Path, tmp_path: Path, read_run: Any) -> None:
    interrupt(start_search(digits, tmp_path, iterations=3, space=SPACE), tmp_path)
    check_interrupted_search(read_run("YOL-1"))
    check_trials(read_run, ["completed", "failed", "interrupted"])

    shutil.rmtree(tmp_path / "my runs ü")  # as on another machine
    (tmp_path / "go").touch()
    search = start_search(digits, tmp_path, resume="YOL-1", project=None, iterations=None)
    output = search.communicate(timeout=TIMEOUT_SECONDS)[0]
    assert search.returncode == 0, output
    assert "errors of logging" not in output
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result == {"folder": str(Path.cwd() / "YOL-1"), "states": ["completed", "failed", "completed"]}
    (tmp_path / "read YOL-1").rename(tmp_path / "read before")
    check_resumed_search(read_run("YOL-1"), read_run("YOL-5"))


def interrupt(search: "subprocess.Popen[str]", signs: Path) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not (signs / "paused").exists():
        assert search.poll() is None, search.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.05)
    search.send_signal(signal.SIGINT)
    output = search.communicate(timeout=TIMEOUT_SECONDS)[0]
    assert "KeyboardInterrupt" in output
    assert search.returncode != 0


def check_interrupted_search(run: Any) -> None:
    assert run["sys/name"] == "tune"
    assert run["training/status"] == "interrupted"
    assert run["sys/tags"] == ["mine"]
    assert [step for step, _ in run["tune/fitness"]] == [1]
    assert [step for step, _ in run["tune/lr0"]] == [1, 2]
    assert run["tune/lr0"][0][1] == 0.01
    assert json.loads(run["tune/space/fliplr"]) == [0.0, 1.0]
    assert [line for _, line in run["tune/trials"]] == [
        "trial 1 (YOL-2): fitness 0.00000",
        "trial 2 (YOL-3): failed, ValueError: the second trial fails, with an ä",
    ]
    assert (run["tune/trials_planned"], run["tune/trials_completed"], run["tune/trials_failed"]) == (3, 1, 1)
    assert (run["tune/best/trial"], run["tune/best/run"]) == (1, "YOL-2")
    assert run["tune/best/hyperparameters/fliplr"] == 0.5
    assert "lr0: 0.01" in Path(run["tune/best_hyperparameters"]).read_text(encoding="utf-8")
    assert run["Configuration/Hyperparameters/optimizer"] == "AdamW"
    assert children(run) == ["YOL-2", "YOL-3", "YOL-4"]


def children(run: Any) -> list[str]:
    return sorted(run.below("lineage/children/"))


def check_trials(read_run: Any, states: list[str]) -> None:
    group_tags = set()
    for number, state in enumerate(states, start=1):
        run = read_run(f"YOL-{number + 1}")
        assert run["training/status"] == state
        assert run["sys/name"] == f"tune trial-{number}"
        assert run["lineage/parent"] == "YOL-1"
        (group_tag,) = run["sys/group_tags"]
        group_tags.add(group_tag)
    assert len(group_tags) == 1


def check_resumed_search(search: Any, trial: Any) -> None:
    assert search["training/status"] == "completed"
    assert search["training/resumes/1/from_epoch"] == 3
    assert [step for step, _ in search["tune/fitness"]] == [1, 3]
    assert [step for step, _ in search["tune/fliplr"]] == [1, 2, 3]
    assert len(search["tune/trials"]) == 3
    assert children(search) == ["YOL-2", "YOL-3", "YOL-4", "YOL-5"]
    assert (trial["training/status"], trial["sys/name"]) == ("completed", "tune trial-3")
    assert (trial["lineage/parent"], trial["sys/group_tags"]) == ("YOL-1", search["sys/group_tags"])
    assert trial["Configuration/Hyperparameters/epochs"] == 1, "what is not given again is as it was"


@pytest.mark.thorough
def test_a_trial_that_cannot_begin_has_a_run_too(digits: Path, tmp_path: Path, read_run: Any) -> None:
    search = start_search(digits, tmp_path, iterations=1, space=SPACE, data="none.yaml")
    output = search.communicate(timeout=TIMEOUT_SECONDS)[0]
    assert search.returncode == 0, output
    parent, trial = read_run("YOL-1"), read_run("YOL-2")
    assert parent["training/status"] == "failed"
    assert "all trials have failed" in parent["training/reason"]
    assert "tune/best/trial" not in parent
    assert children(parent) == ["YOL-2"]
    assert (trial["training/status"], trial["sys/name"]) == ("failed", "tune trial-1")
    assert (trial["lineage/parent"], trial["sys/group_tags"]) == ("YOL-1", parent["sys/group_tags"])
    assert "none.yaml" in trial["training/reason"]


@pytest.mark.thorough
def test_the_example_searches(read_run: Any) -> None:
    example = FOLDER.parents[2] / "examples" / "tune.py"
    done = subprocess.run(
        [sys.executable, str(example), "--iterations", "2", "--epochs", "1", "--pictures", "16"],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
    )
    assert done.returncode == 0, done.stdout
    assert "Best of 2: trial" in done.stdout
    (search_id,) = re.findall(r"Neptune run (\S+) of the search", done.stdout)
    search = read_run(search_id, "local/examples")
    assert search["training/status"] == "completed"
    assert (search["tune/trials_completed"], search["tune/trials_failed"]) == (2, 0)
    trial = read_run(search["tune/best/run"], "local/examples")
    assert (trial["training/status"], trial["lineage/parent"]) == ("completed", search_id)
    assert "custom/trial" in trial, "the trainer of the script itself has trained"
