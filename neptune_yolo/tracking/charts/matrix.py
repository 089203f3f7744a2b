"""Geometry of the chart of a confusion matrix: its cells, and the largest confusions as a table."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from neptune_yolo.tracking.charts.drawing import MOST_CLASSES, largest, short
from neptune_yolo.tracking.curve_data import Confusion, Floats, Integers

_MOST_CELLS = 4000
_MOST_ROWS = 15
_MOST_WITH_NUMBERS = 16
_LEVELS = 10
_DARK_LEVEL = 6
_SIDES = ((12, 46.0), (16, 40.0), (30, 26.0), (60, 15.0))
_SMALLEST_SIDE = 10.0
_LETTER = 0.56
"""Width of a letter, as a share of the size of the font."""


@dataclass(frozen=True)
class _Cell:
    x: float
    y: float
    right: bool
    true: str
    predicted: str
    count: int
    of_true: str
    of_predicted: str
    levels: tuple[int, int, int]
    """From 1 to 10: of the largest count, of the column, of the row."""


@dataclass(frozen=True)
class _Row:
    names: tuple[str, ...]
    count: int
    share: str


@dataclass(frozen=True)
class _Table:
    title: str
    headings: tuple[str, ...]
    share: str
    rows: list[_Row]


def matrix_context(confusion: Confusion) -> dict[str, Any]:
    """Return what the template needs.

    Args:
        confusion: A matrix with at least one count above zero.
    """
    shown = _shown(confusion)
    side = next((side for most, side in _SIDES if len(shown) <= most), _SMALLEST_SIDE)
    font = min(12.0, max(7.0, side * 0.62))
    names = [short(confusion.names[index]) for index in shown]
    margin = round(min(26, max(len(name) for name in names)) * font * _LETTER + 26, 1)
    cells, omitted = _cells(confusion, shown, side)
    classes = len(confusion.names) - confusion.background
    return {
        "confusion": confusion,
        "cells": cells,
        "omitted": omitted,
        "labels": [(name, round((number + 0.5) * side, 1)) for number, name in enumerate(names)],
        "side": side,
        "font": round(font, 1),
        "margin": margin,
        "extent": round(side * len(shown), 1),
        "numbers": len(shown) <= _MOST_WITH_NUMBERS,
        "levels": range(1, _LEVELS + 1),
        "dark_level": _DARK_LEVEL,
        "classes": classes,
        "shown": len(shown) - confusion.background,
        "tables": _tables(confusion, classes),
    }


def _shown(confusion: Confusion) -> Integers:
    """Return the classes that are shown: those most often confused, and the background."""
    classes = len(confusion.names) - confusion.background
    if classes <= MOST_CLASSES:
        return np.arange(len(confusion.names))
    wrong = confusion.matrix.sum(axis=0) + confusion.matrix.sum(axis=1) - 2 * np.diag(confusion.matrix)
    chosen = largest(wrong[:classes], MOST_CLASSES)
    return np.append(chosen, classes) if confusion.background else chosen


def _cells(confusion: Confusion, shown: Integers, side: float) -> tuple[list[_Cell], int]:
    """Return the cells that hold something, the largest first if there are too many, and how many are left out."""
    matrix = confusion.matrix[np.ix_(shown, shown)]
    of_true = _shares(confusion.matrix, axis=0)[np.ix_(shown, shown)]
    of_predicted = _shares(confusion.matrix, axis=1)[np.ix_(shown, shown)]
    of_largest = matrix / max(int(matrix.max()), 1)
    filled = np.flatnonzero(matrix)
    kept = filled[largest(matrix.ravel()[filled], _MOST_CELLS)]
    cells = [
        _Cell(
            x=round(column * side, 1),
            y=round(row * side, 1),
            right=bool(row == column),
            true=confusion.names[shown[column]],
            predicted=confusion.names[shown[row]],
            count=int(matrix[row, column]),
            of_true=_percent(of_true[row, column]),
            of_predicted=_percent(of_predicted[row, column]),
            levels=(_level(of_largest[row, column]), _level(of_true[row, column]), _level(of_predicted[row, column])),
        )
        for row, column in zip(*np.unravel_index(kept, matrix.shape), strict=True)
    ]
    return cells, len(filled) - len(kept)


def _tables(confusion: Confusion, classes: int) -> list[_Table]:
    """Return the largest counts beside the diagonal, of all classes: confused, missed, found where nothing is."""
    matrix, names = confusion.matrix, confusion.names
    between = matrix[:classes, :classes].copy()
    np.fill_diagonal(between, 0)
    of_true, of_predicted = _shares(matrix, axis=0), _shares(matrix, axis=1)
    order = np.argsort(-between, axis=None, kind="stable")[:_MOST_ROWS]
    pairs = [(int(row), int(column)) for row, column in zip(*np.unravel_index(order, between.shape), strict=True)]
    confused = [
        _Row((names[column], names[row]), int(between[row, column]), _percent(of_true[row, column]))
        for row, column in pairs
        if between[row, column]
    ]
    tables = [_Table("Most often confused", ("true", "predicted"), "of the true class", confused)]
    if confusion.background:
        missed = _counts(names, matrix[-1, :classes], of_true[-1])
        alarms = _counts(names, matrix[:classes, -1], of_predicted[:, -1])
        tables.append(_Table("Most often missed", ("true",), "of the true class", missed))
        tables.append(_Table("Most often found where there is none", ("predicted",), "of the predictions", alarms))
    return tables


def _counts(names: tuple[str, ...], counts: Integers, shares: Floats) -> list[_Row]:
    order = np.argsort(-counts, kind="stable")[:_MOST_ROWS]
    return [_Row((names[index],), int(counts[index]), _percent(shares[index])) for index in order if counts[index]]


def _shares(matrix: Integers, axis: int) -> Floats:
    return matrix / np.maximum(matrix.sum(axis=axis, keepdims=True), 1)


def _level(share: float) -> int:
    return min(max(math.ceil(share * _LEVELS), 1), _LEVELS)


def _percent(share: float) -> str:
    percent = 100 * float(share)
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.1f} %"  # noqa: PLR2004 - two digits
