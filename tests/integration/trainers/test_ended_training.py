"""Whatever ends a training, all that exists by then is in the run, with the true state and the reason."""

import signal
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.training

posix_signals = pytest.mark.skipif(sys.platform == "win32", reason="signals cannot be sent to a process on Windows")


def check_what_exists(training: Any, run: Any, epochs: int) -> None:
    assert run["training/epochs_completed"] == epochs
    assert len(run["train/box_loss"]) == len(training.csv_rows()) == epochs
    for name in ("best", "last"):
        on_disk = training.save_dir / "weights" / f"{name}.pt"
        assert Path(run[f"weights/{name}"]).read_bytes() == on_disk.read_bytes()
    assert Path(run["training/results"]).read_bytes() == (training.save_dir / "results.csv").read_bytes()
    assert Path(run["Plots/labels"]).read_bytes() == (training.save_dir / "labels.jpg").read_bytes()
    for batch in training.save_dir.glob("train_batch*.jpg"):
        assert Path(run[f"Mosaic/{batch.stem}"]).read_bytes() == batch.read_bytes()
    assert "final/metrics/mAP50(B)" not in run
    assert "training/ended_at" in run


@posix_signals
@pytest.mark.parametrize(
    ("number", "code", "reason"),
    [
        pytest.param(signal.SIGINT, None, "KeyboardInterrupt: stopped by Ctrl+C or SIGINT", id="SIGINT"),
        pytest.param(signal.SIGTERM, 143, "SystemExit: stopped by SIGTERM", id="SIGTERM", marks=pytest.mark.thorough),
    ],
)
def test_a_signal_in_the_second_epoch(
    start_training: Any, read_run: Any, number: signal.Signals, code: int | None, reason: str
) -> None:
    training = start_training(pause_before=2, arguments={"plots": True})
    training.wait_until_paused()
    training.process.send_signal(number)
    output = training.finish()

    assert training.process.returncode != 0, output
    assert code is None or training.process.returncode == code
    run = read_run(training.run_id)
    check_what_exists(training, run, epochs=1)
    assert run["training/status"] == "interrupted"
    assert run["training/reason"] == reason
    assert run["sys/failed"] is False


def test_an_exception_in_the_users_own_override(start_training: Any, read_run: Any) -> None:
    training = start_training(trainer="FailingTrainer", arguments={"plots": True})
    training.go_on()
    output = training.finish()

    assert training.process.returncode == 1
    assert "ValueError: the user's own mistake, with an ä" in output
    run = read_run(training.run_id)
    assert run["training/epochs_completed"] == 2
    assert run["training/status"] == "failed"
    assert run["training/reason"] == "ValueError: the user's own mistake, with an ä"
    assert run["sys/failed"] is True
    (traceback,) = [path for path in run.content if path.endswith("/traceback")]
    assert any("the user's own mistake" in line for _, line in run[traceback])
    assert any("training_program.py" in line for _, line in run[traceback])


def test_a_data_set_that_does_not_exist_opens_no_run(start_training: Any) -> None:
    training = start_training(arguments={"data": "no such data.yaml"})
    output = training.finish()

    assert training.process.returncode == 1
    assert "no such data.yaml" in output
    assert "Neptune run" not in output
