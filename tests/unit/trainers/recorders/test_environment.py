import os
import platform
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
import torch

from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.environment import (
    RECORDED_VARIABLES,
    EnvironmentRecorder,
    git_values,
    installed_packages,
)

TRAINER = SimpleNamespace(device=torch.device("cpu"))


@pytest.fixture
def recorded(logger: RunLogger, written: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1,0")
    monkeypatch.setenv("WANDB_API_KEY", "correct horse battery")
    monkeypatch.setattr(sys, "orig_argv", ["python", "train.py", "--note=correct horse battery", "token=abc", "x=a b"])
    recorder = EnvironmentRecorder(logger)
    recorder.record(TRAINER)
    recorder.close(30)
    assert logger.ledger.summary() == ""
    return written()


def test_versions_and_machine(recorded: Any) -> None:
    expected = {
        "versions/python": platform.python_version(),
        "versions/torch": torch.__version__,
        "versions/ultralytics": metadata.version("ultralytics"),
        "versions/neptune": metadata.version("neptune"),
        "host": platform.node(),
        "device": "cpu",
        "cpu/logical": psutil.cpu_count(),
        "working_directory": str(Path.cwd()),
        "variables/CUDA_VISIBLE_DEVICES": "1,0",
    }
    assert {name: recorded.value(f"environment/{name}") for name in expected} == expected
    assert recorded.value("environment/memory_gib") == pytest.approx(psutil.virtual_memory().total / 2**30, abs=0.01)
    assert recorded.value("environment/cpu/name")


def test_the_command_line_has_no_secrets(recorded: Any) -> None:
    assert recorded.value("environment/command") == "python train.py '--note=***' 'token=***' 'x=a b'"


def test_no_other_variable_is_recorded(recorded: Any) -> None:
    variables = {path.rpartition("/")[-1] for path in recorded.paths("environment/variables/")}

    assert variables == {name for name in RECORDED_VARIABLES if name in os.environ}
    assert "correct horse" not in str(recorded.operations)


def test_packages_are_listed_in_order(recorded: Any) -> None:
    lines = recorded.file("environment/packages").decode().splitlines()

    assert lines == sorted(lines, key=str.lower)
    assert f"torch=={metadata.version('torch')}" in lines
    assert len(lines) == len(set(lines)) > 50
    assert installed_packages().splitlines() == lines


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    for command in (
        ["init", "--quiet", "--initial-branch=night", str(folder)],
        ["-C", str(folder), "remote", "add", "origin", "https://me:hunter2@host/birds.git"],
        ["-C", str(folder), *("-c", "user.name=x", "-c", "user.email=x"), "commit", "--quiet", "--allow-empty", "-mx"],
    ):
        subprocess.run(["git", *command], check=True)
    return folder


def test_git_branch_commit_and_origin(repository: Path) -> None:
    head = subprocess.run(
        ["git", "-C", str(repository), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    below = repository / "a"
    below.mkdir()

    assert git_values(below) == {
        "git/branch": "night",
        "git/commit": head.stdout.strip(),
        "git/origin": "https://***@host/birds.git",
    }


def test_git_is_left_out_where_there_is_none_or_it_is_not_wanted(
    logger: RunLogger, written: Callable[[], Any], repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert git_values(tmp_path) == {}
    monkeypatch.chdir(repository)

    recorder = EnvironmentRecorder(logger, git=False)
    recorder.record(TRAINER)
    recorder.close(30)

    assert written().paths("environment/git") == []
    assert written().value("environment/working_directory") == str(repository)
