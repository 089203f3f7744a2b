"""From an Ultralytics validator to its figures: curves, confusion matrix, values of each class."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from neptune_yolo.tracking.curve_data import (
    BACKGROUND_NAME,
    ClassCurves,
    ClassValues,
    Confusion,
    Figure,
    best_confidence,
)

METRIC_KINDS = (("box", "Box", "B"), ("seg", "Mask", "M"), ("pose", "Pose", "P"))
"""Attribute of Ultralytics' metrics, prefix of its plots, letter behind its metrics' names."""

_UNITS = {"classify": "images", "semantic": "pixels"}
_WORDS = {"Box": "boxes", "Mask": "masks", "Pose": "poses"}


def validation_figures(metrics: Any, confusion_matrix: Any, step: int | None) -> Iterator[Figure]:
    """Give the figures that the last validation has left.

    Args:
        metrics: A validator's metrics; what they do not have is left out.
        confusion_matrix: Its confusion matrix, or None. Detection fills it only where Ultralytics plots.
        step: Epoch of the validation; None for the evaluation of best.pt after the training.

    Raises:
        ValueError: If curves and classes do not belong together.
    """
    for attribute, prefix, _ in METRIC_KINDS:
        if (metric := getattr(metrics, attribute, None)) is not None and len(metric.ap_class_index):
            yield from _curves(metric, prefix, metrics, step)
    matrix = getattr(confusion_matrix, "matrix", None)
    if matrix is not None and np.any(matrix):
        yield _confusion(confusion_matrix, step)
    if hasattr(metrics, "per_class_iou") and len(metrics.ap_class_index):
        yield _values(metrics, step)


def class_names(names: Mapping[int, str], indices: Any) -> tuple[str, ...]:
    """Return the names of classes; a class without a name has its number.

    Args:
        names: Index of a class -> its name.
        indices: Indices of classes `(n,)`.
    """
    return tuple(str(names.get(int(index), index)) for index in indices)


def _curves(metric: Any, prefix: str, metrics: Any, step: int | None) -> Iterator[ClassCurves]:
    indices = np.asarray(metric.ap_class_index, dtype=np.int64)
    best = best_confidence(metric.px, metric.f1_curve)
    at_best = f"at {best:.3f}"
    plots = (
        ("PR", "Precision over recall", "Recall", "Precision", metric.prec_values, "AP50", metric.ap50),
        ("F1", "F1 over confidence", "Confidence", "F1", metric.f1_curve, f"F1 {at_best}", metric.f1),
        ("P", "Precision over confidence", "Confidence", "Precision", metric.p_curve, f"precision {at_best}", metric.p),
        ("R", "Recall over confidence", "Confidence", "Recall", metric.r_curve, f"recall {at_best}", metric.r),
    )
    for short, title, x_label, y_label, y, score_label, scores in plots:
        name = f"{prefix}{short}_curve"
        if np.shape(y) != (len(indices), len(metric.px)):
            raise ValueError(f"{name} must have {len(indices)} rows of {len(metric.px)} values; got {np.shape(y)}")
        yield ClassCurves(
            name=name,
            title=f"{title}, {_WORDS[prefix]}",
            x_label=x_label,
            y_label=y_label,
            x=np.asarray(metric.px),
            y=np.asarray(y),
            class_index=indices,
            class_names=class_names(metrics.names, indices),
            labels=np.asarray(metrics.nt_per_class, dtype=np.int64)[indices],
            score_label=score_label,
            scores=np.asarray(scores),
            best_x=best if x_label == "Confidence" else None,
            step=step,
        )


def _confusion(confusion_matrix: Any, step: int | None) -> Confusion:
    matrix = np.asarray(confusion_matrix.matrix).round().astype(np.int64)
    names = class_names(confusion_matrix.names, range(len(confusion_matrix.names)))
    background = len(matrix) > len(names)
    return Confusion(
        name="confusion_matrix",
        title="Confusion matrix",
        names=(*names, BACKGROUND_NAME) if background else names,
        background=background,
        unit=_UNITS.get(str(confusion_matrix.task), "labels"),
        matrix=matrix,
        step=step,
    )


def _values(metrics: Any, step: int | None) -> ClassValues:
    indices = np.asarray(metrics.ap_class_index, dtype=np.int64)
    return ClassValues(
        name="iou_bar_chart",
        title="Intersection over union of each class",
        value_label="IoU",
        unit="pixels",
        class_index=indices,
        class_names=class_names(metrics.names, indices),
        labels=np.asarray(metrics.nt_per_class)[indices],
        values=np.asarray(metrics.per_class_iou)[indices],
        step=step,
    )
