"""The server's disk is full while a training runs: the training goes on, and a sync completes the run later."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.server.embedded import EmbeddedServer

pytestmark = [
    pytest.mark.training,
    pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size to stand for a full disk"),
]

LARGEST_FILE_BYTES = 1_000_000
"""A limit of the system on what the server may write to one file, less than a checkpoint."""

START_WITH_LIMIT = f"""
import resource
from neptune_yolo.server.embedded import EmbeddedServer
resource.setrlimit(resource.RLIMIT_FSIZE, ({LARGEST_FILE_BYTES}, resource.RLIM_INFINITY))
EmbeddedServer().ensure_running()
"""


@pytest.mark.thorough
def test_what_does_not_fit_is_sent_when_there_is_room_again(start_training: Any, read_run: Any, sync: Any) -> None:
    subprocess.run([sys.executable, "-c", START_WITH_LIMIT], check=True)
    training = start_training(arguments={"epochs": 2}, settings={"stop_timeout_seconds": 8})
    training.go_on()
    output = training.finish()

    assert training.process.returncode == 0, output
    assert "not sent yet" in output
    assert "neptune-yolo sync" in output
    EmbeddedServer().stop()
    EmbeddedServer().ensure_running()
    sync()

    run = read_run(training.run_id)
    assert run["training/status"] == "completed"
    assert [step for step, _ in run["train/box_loss"]] == [1, 2]
    assert Path(run["weights/best"]).read_bytes() == (training.save_dir / "weights/best.pt").read_bytes()
