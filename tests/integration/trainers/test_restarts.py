"""Epochs that Ultralytics trains again, after an error of memory or a loss that is no number, are logged once."""

from typing import Any

import pytest

pytestmark = pytest.mark.training


@pytest.mark.thorough
def test_an_epoch_that_is_trained_again_is_logged_once(start_training: Any, read_run: Any) -> None:
    predictions = {"images": 1, "every": 2}
    settings = {"batch_losses_every": 1, "predictions": predictions}
    training = start_training("a", trainer="RestartingTrainer", settings=settings)
    output = training.finish()
    assert training.process.returncode == 0, output
    assert "Reducing to batch=4" in output
    assert "recovering from last.pt" in output

    run = read_run(training.run_id)
    assert [step for step, _ in run["train/box_loss"]] == [1, 2, 3]
    assert [step for step, _ in run["metrics/per_class/1/AP50(B)"]] == [1, 2, 3]
    # 16 images in batches of 8, then of 4; the one batch before the error has a place of its own in the epoch
    assert [step for step, _ in run["batch/box_loss"]] == [0.25 * part for part in range(1, 13)]
    assert run["Configuration/Hyperparameters/batch"] == 4
    assert run["training/status"] == "completed"
    assert "errors of logging" not in output
