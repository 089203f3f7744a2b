"""A logged training is the training that it would have been without: same seed, same numbers."""

from typing import Any

import pytest

pytestmark = pytest.mark.training


def test_a_seeded_training_gives_the_same_numbers_with_and_without_logging(start_training: Any) -> None:
    bare, logged = (
        start_training(name, trainer=trainer, arguments={"epochs": 2, "mosaic": 1.0, "close_mosaic": 0, "workers": 0})
        for name, trainer in (("bare", "DetectionTrainer"), ("logged", "NeptuneDetectionTrainer"))
    )
    rows = []
    for training in (bare, logged):
        output = training.finish()
        assert training.process.returncode == 0, output
        rows.append([{name: value for name, value in row.items() if name != "time"} for row in training.csv_rows()])
    assert len(rows[0]) == 2
    assert rows[0] == rows[1]
