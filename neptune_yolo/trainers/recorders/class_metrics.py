"""ClassMetricsRecorder: precision, recall, AP, accuracy or IoU of each class, as series over the epochs."""

from typing import Any

import numpy as np

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.class_metrics import chosen_classes, class_parts, limit_note
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.validation_figures import METRIC_KINDS

_Values = dict[int, dict[str, float]]


class ClassMetricsRecorder:
    """Appends one point to each series of each class with labels, after a validation.

    A point costs the client about 40 microseconds, so the classes are limited: see `tracking.class_metrics`.

    Args:
        logger: Writes into the run.
    """

    def __init__(self, logger: RunLogger) -> None:
        self._logger = logger
        self._parts: dict[int, str] | None = None

    def record(self, validator: Any, step: int) -> None:
        """Append the points of one validated epoch.

        Args:
            validator: An Ultralytics validator that has just run.
            step: Epoch of the validation, from 1.
        """
        values, labels = class_values(validator)
        if not values:
            return
        if self._parts is None:
            self._parts = self._choose(validator, values, labels)
        points = {
            f"{paths.CLASS_METRICS}/{part}/{metric}": value
            for index, part in self._parts.items()
            for metric, value in values.get(index, {}).items()
        }
        self._logger.log_metrics(points, step)

    def _choose(self, validator: Any, values: _Values, labels: dict[int, int]) -> dict[int, str]:
        chosen = chosen_classes(labels, len(next(iter(values.values()))))
        if note := limit_note(len(chosen), len(labels)):
            self._logger.log_values({paths.CLASS_METRICS_LIMIT: note}, "logging the limit of classes")
        return class_parts(validator.names, chosen)


def class_values(validator: Any) -> tuple[_Values, dict[int, int]]:
    """Return the metrics of each class that has labels, and the number of its labels.

    Args:
        validator: An Ultralytics validator that has run.

    Returns:
        Index of a class -> name of a metric -> value, and index -> labels. Empty for tasks without classes.
    """
    metrics = validator.metrics
    if hasattr(metrics, "box"):
        return _detected(metrics)
    if hasattr(metrics, "per_class_iou"):
        return _segmented(metrics)
    if hasattr(metrics, "top1") and validator.confusion_matrix is not None:
        return _classified(validator.confusion_matrix.matrix)
    return {}, {}


def _detected(metrics: Any) -> tuple[_Values, dict[int, int]]:
    values: _Values = {}
    for attribute, _, letter in METRIC_KINDS:
        metric = getattr(metrics, attribute, None)
        if metric is None:
            continue
        columns = zip(metric.ap_class_index, metric.p, metric.r, metric.ap50, metric.ap, strict=True)
        for index, precision, recall, ap50, ap in columns:
            values.setdefault(int(index), {}).update(
                {
                    f"precision({letter})": float(precision),
                    f"recall({letter})": float(recall),
                    f"AP50({letter})": float(ap50),
                    f"AP50-95({letter})": float(ap),
                }
            )
    return values, {index: int(metrics.nt_per_class[index]) for index in values}


def _segmented(metrics: Any) -> tuple[_Values, dict[int, int]]:
    values = {
        int(index): {
            "IoU": float(metrics.per_class_iou[index]),
            "pixel_accuracy": float(metrics.per_class_pixel_accuracy[index]),
        }
        for index in metrics.ap_class_index
    }
    return values, {index: int(metrics.nt_per_class[index]) for index in values}


def _classified(matrix: Any) -> tuple[_Values, dict[int, int]]:
    """Take the accuracy from the confusion matrix, whose columns are the true classes."""
    totals, right = np.asarray(matrix).sum(axis=0), np.diag(matrix)
    present = np.flatnonzero(totals)
    values = {int(index): {"accuracy": float(right[index] / totals[index])} for index in present}
    return values, {int(index): int(totals[index]) for index in present}
