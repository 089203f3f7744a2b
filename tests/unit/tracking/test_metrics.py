import math

import numpy as np
import pytest

from neptune_yolo.tracking.metrics import epoch_points, final_paths, without_unvalidated


def test_numbers_of_every_kind_become_floats() -> None:
    points = epoch_points({"a": 1, "b": 0.5, "c": np.float32(0.25), "d": np.array([2.0]).reshape(()), "e": True})

    assert points.finite == {"a": 1.0, "b": 0.5, "c": 0.25, "d": 2.0, "e": 1.0}
    assert all(type(value) is float for value in points.finite.values())
    assert points.non_finite == {}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_what_a_series_cannot_hold_is_set_apart(value: float) -> None:
    points = epoch_points({"a": value, "b": 1.0})

    assert points.finite == {"b": 1.0}
    assert points.non_finite == {"a": str(float(value))}


def test_what_is_no_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="could not convert"):
        epoch_points({"a": "high"})


def test_an_epoch_without_validation_keeps_training_and_learning_rates() -> None:
    values = {"train/box_loss": 1, "metrics/mAP50(B)": 0, "val/box_loss": 0, "lr/pg0": 0.1}

    left = without_unvalidated(values, {"metrics/mAP50(B)", "val/box_loss"})

    assert left == {"train/box_loss": 1, "lr/pg0": 0.1}


def test_the_last_evaluation_has_paths_of_its_own() -> None:
    assert final_paths({"metrics/mAP50(B)": 0.5}, "final") == {"final/metrics/mAP50(B)": 0.5}
