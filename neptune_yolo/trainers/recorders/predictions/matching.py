"""Which prediction belongs to which true object, as the validator matched them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neptune_yolo.tracking.prediction_data import IOU_THRESHOLD

UNMATCHED = -1


@dataclass(frozen=True)
class Matching:
    """Pairs of predictions and true objects.

    Args:
        truths: For each prediction its true object; -1: none.
        predictions: For each true object its prediction; -1: none.
        ious: For each prediction the IoU with its true object, else the largest with any, NaN if there are none.
    """

    truths: NDArray[np.int64]
    predictions: NDArray[np.int64]
    ious: NDArray[np.float64]


def match(
    right: NDArray[np.bool_], iou: NDArray[np.floating], same_class: NDArray[np.bool_], threshold: float = IOU_THRESHOLD
) -> Matching:
    """Pair predictions with true objects.

    Ultralytics' validator says only which predictions are right. It goes through them in falling order of confidence
    and gives each the free true object of its class with the largest IoU; so does this function, for those that it
    found right.

    Args:
        right: Predictions `(n,)` that the validator found right at the threshold, in falling order of confidence.
        iou: The validator's IoU `(m, n)` of true objects and predictions.
        same_class: Whether they have the same class `(m, n)`.
        threshold: Smallest IoU of a pair.
    """
    truths = np.full(right.shape[0], UNMATCHED, dtype=np.int64)
    predictions = np.full(iou.shape[0], UNMATCHED, dtype=np.int64)
    ious = iou.max(axis=0).astype(np.float64) if iou.size else np.full(right.shape[0], np.nan)
    possible = np.where(same_class, iou, 0.0)
    for prediction in np.flatnonzero(right):
        free = np.where(predictions == UNMATCHED, possible[:, prediction], 0.0)
        if free.size and free.max() >= threshold:
            truth = int(free.argmax())
            truths[prediction], predictions[truth] = truth, prediction
            ious[prediction] = iou[truth, prediction]
    return Matching(truths, predictions, ious)
