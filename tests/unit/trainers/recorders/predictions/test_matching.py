from typing import Any

import numpy as np
import pytest
import torch
from ultralytics.models.yolo.detect import DetectionValidator

from neptune_yolo.trainers.recorders.predictions.matching import match

YES, NO = True, False


def test_each_right_prediction_gets_the_best_free_object_of_its_class() -> None:
    iou = np.array([[0.9, 0.8, 0.0, 0.55], [0.6, 0.7, 0.0, 0.9], [0.0, 0.0, 0.3, 0.0]])
    same = np.array([[YES, YES, YES, NO], [YES, YES, YES, NO], [YES, YES, YES, NO]])

    pairs = match(np.array([YES, YES, NO, NO]), iou, same)

    assert pairs.truths.tolist() == [0, 1, -1, -1]
    assert pairs.predictions.tolist() == [0, 1, -1]
    assert pairs.ious.tolist() == pytest.approx([0.9, 0.7, 0.3, 0.9])  # the last one: of whatever class


@pytest.mark.parametrize(("truths", "predictions"), [(0, 0), (0, 3), (2, 0)])
def test_nothing_matches_nothing(truths: int, predictions: int) -> None:
    empty = np.zeros((truths, predictions))
    pairs = match(np.zeros(predictions, dtype=bool), empty, empty.astype(bool))
    assert pairs.truths.tolist() == [-1] * predictions
    assert pairs.predictions.tolist() == [-1] * truths
    assert np.isnan(pairs.ious).all()


def test_every_prediction_that_the_validator_finds_right_gets_an_object(tmp_path: Any) -> None:
    validator = DetectionValidator(save_dir=tmp_path, args={})
    generator = np.random.default_rng(0)
    for _ in range(200):
        truths, predictions = generator.integers(1, 12, 2)
        iou = generator.random((truths, predictions))
        true_classes, classes = generator.integers(0, 2, truths), generator.integers(0, 2, predictions)
        matrix = torch.tensor(iou)
        correct = validator.match_predictions(torch.tensor(classes), torch.tensor(true_classes), matrix).numpy()
        same = true_classes[:, None] == classes
        pairs = match(correct[:, 0], iou, same)
        assert np.array_equal(pairs.truths >= 0, correct[:, 0])
        assert (pairs.predictions >= 0).sum() == correct[:, 0].sum()
        for prediction in np.flatnonzero(pairs.truths >= 0):
            assert pairs.predictions[pairs.truths[prediction]] == prediction
            assert same[pairs.truths[prediction], prediction]
            assert pairs.ious[prediction] >= 0.5
