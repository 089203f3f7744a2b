"""Curves, confusion matrices and values of classes as data: what stands as JSON beside each plot. Pure functions.

Each document is one JSON object with ``schema`` (1), ``kind``, ``name`` (that of the plot file), ``title`` and ``step``
(the epoch of the validation; null for the evaluation of best.pt). By kind there are also:

* ``curves``: ``x_label``, ``y_label``; ``x`` with n values; ``class_index``, ``class_names`` and ``labels`` (number of
  labels) with one value for each class that has labels; ``y`` with one row of n values for each of them; ``mean``, the
  mean of the rows; ``score_label`` and ``scores``, one number for each row; ``best_x``, the confidence of the highest
  mean F1, or null. n is 1000 up to 200 classes; with more classes, x is thinned evenly.
* ``confusion_matrix``: ``names`` of rows and columns, the last one ``background`` if ``background`` is true; ``rows``
  (``predicted``) and ``columns`` (``true``); ``unit`` of the counts; ``matrix``, its rows in order. With more than 1000
  names it has ``cells`` instead: ``[row, column, count]`` of each count above zero.
* ``class_values``: ``value_label``, ``unit`` of the labels, ``mean``; ``class_index``, ``class_names``, ``labels`` and
  ``values`` with one value for each class that has labels.

Numbers are rounded to five decimals; what is not finite is null.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

SCHEMA = 1
BACKGROUND_NAME = "background"
MOST_POINTS = 200_000
"""Most numbers in ``y``; more classes have fewer points each."""
MOST_MATRIX_NAMES = 1000
_FEWEST_POINTS = 101
_DECIMALS = 5
_SMOOTHING_SHARE = 0.1

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ClassCurves:
    """One curve for each class that has labels.

    Args:
        name: Name of the plot file without its ending, such as ``BoxPR_curve``.
        title: What it shows, for people.
        x_label: Name of the x axis.
        y_label: Name of the y axis.
        x: Positions `(n,)` in [0, 1], increasing.
        y: Values `(classes, n)` in [0, 1].
        class_index: Index of each row's class `(classes,)`.
        class_names: Name of each row's class.
        labels: Number of labels of each row's class `(classes,)`.
        score_label: What `scores` are.
        scores: One number for each row `(classes,)`, such as its AP50.
        best_x: Confidence at which the mean F1 is highest; None if x is no confidence.
        step: Epoch of the validation; None for the evaluation of best.pt.
    """

    name: str
    title: str
    x_label: str
    y_label: str
    x: Floats
    y: Floats
    class_index: Integers
    class_names: tuple[str, ...]
    labels: Integers
    score_label: str
    scores: Floats
    best_x: float | None
    step: int | None

    @property
    def mean(self) -> Floats:
        """Mean over the classes at each position `(n,)`; Ultralytics' pictures show it smoothed."""
        return np.asarray(self.y.mean(axis=0))


@dataclass(frozen=True, eq=False)
class Confusion:
    """How often each class was predicted where each class is true.

    Args:
        name: Name of the plot file without its ending.
        title: What it shows, for people.
        names: Names of rows and columns.
        background: Whether the last name stands for the background.
        unit: What is counted, in the plural: labels, images or pixels.
        matrix: Counts `(names, names)`; rows are predicted, columns are true.
        step: Epoch of the validation; None for the evaluation of best.pt.
    """

    name: str
    title: str
    names: tuple[str, ...]
    background: bool
    unit: str
    matrix: Integers
    step: int | None


@dataclass(frozen=True, eq=False)
class ClassValues:
    """One value for each class that has labels.

    Args:
        name: Name of the plot file without its ending.
        title: What it shows, for people.
        value_label: What the values are.
        unit: What is counted as label, in the plural: labels, images or pixels.
        class_index: Index of each class `(classes,)`.
        class_names: Name of each class.
        labels: Number of labels of each class `(classes,)`.
        values: The values `(classes,)` in [0, 1].
        step: Epoch of the validation; None for the evaluation of best.pt.
    """

    name: str
    title: str
    value_label: str
    unit: str
    class_index: Integers
    class_names: tuple[str, ...]
    labels: Integers
    values: Floats
    step: int | None


Figure = ClassCurves | Confusion | ClassValues


def figure_json(figure: Figure) -> str:
    """Return a figure as JSON text; the form is described at the top of this module.

    Args:
        figure: Curves, matrix or values.
    """
    match figure:
        case ClassCurves():
            content = _curves(figure)
        case Confusion():
            content = _matrix(figure)
        case ClassValues():
            content = _values(figure)
    head = {"schema": SCHEMA, "kind": content.pop("kind"), "name": figure.name, "title": figure.title}
    document = {**head, "step": figure.step, **content}
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def best_confidence(confidence: Floats, f1: Floats) -> float:
    """Return the confidence at which Ultralytics reports precision and recall: where the smoothed mean F1 is highest.

    The mean over the classes is smoothed with a box as wide as a tenth of the curve, its ends held.

    Args:
        confidence: Confidences `(n,)`.
        f1: F1 of each class at each of them `(classes, n)`, at least one class.
    """
    width = round(f1.shape[1] * _SMOOTHING_SHARE * 2) // 2 + 1
    held = np.pad(f1.mean(axis=0), width // 2, mode="edge")
    return float(confidence[np.convolve(held, np.ones(width) / width, mode="valid").argmax()])


def _curves(curves: ClassCurves) -> dict[str, Any]:
    kept = _kept_points(*curves.y.shape)
    return {
        "kind": "curves",
        "x_label": curves.x_label,
        "y_label": curves.y_label,
        "best_x": curves.best_x,
        "score_label": curves.score_label,
        "class_index": _whole(curves.class_index),
        "class_names": curves.class_names,
        "labels": _whole(curves.labels),
        "scores": _rounded(curves.scores),
        "x": _rounded(curves.x[kept]),
        "mean": _rounded(curves.mean[kept]),
        "y": _rounded(curves.y[:, kept]),
    }


def _kept_points(classes: int, points: int) -> Integers:
    """Return which positions of the curves are written: all, or as many as the bound allows, evenly spread."""
    wanted = min(points, max(_FEWEST_POINTS, MOST_POINTS // max(classes, 1)))
    return np.unique(np.linspace(0, points - 1, wanted).round().astype(np.int64))


def _matrix(confusion: Confusion) -> dict[str, Any]:
    content = {
        "kind": "confusion_matrix",
        "rows": "predicted",
        "columns": "true",
        "background": confusion.background,
        "unit": confusion.unit,
        "names": confusion.names,
    }
    counts = _whole(confusion.matrix)
    if len(confusion.names) <= MOST_MATRIX_NAMES:
        return {**content, "matrix": counts}
    rows, columns = np.nonzero(counts)
    return {**content, "cells": np.ascontiguousarray(np.column_stack((rows, columns, counts[rows, columns])))}


def _values(values: ClassValues) -> dict[str, Any]:
    return {
        "kind": "class_values",
        "value_label": values.value_label,
        "unit": values.unit,
        "class_index": _whole(values.class_index),
        "class_names": values.class_names,
        "labels": _whole(values.labels),
        "values": _rounded(values.values),
        "mean": round(float(values.values.mean()), _DECIMALS),
    }


def _rounded(numbers: Floats) -> Floats:
    return np.ascontiguousarray(np.round(numbers.astype(np.float64), _DECIMALS))


def _whole(numbers: Integers) -> Integers:
    return np.ascontiguousarray(numbers.astype(np.int64))
