"""Geometry of the chart of curves: one line for each class, their mean, and the values under the pointer."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from neptune_yolo.tracking.charts.drawing import MOST_CLASSES, colour, dashes, largest, short, thinned
from neptune_yolo.tracking.curve_data import ClassCurves, Floats, Integers

_LEFT, _TOP, _WIDTH, _HEIGHT = 46.0, 10.0, 600.0, 380.0
_TOLERANCE = 0.4
_PROBES = 41
_TIP_WIDTH = 190.0
_FEW = 12
_HIGHLIGHTED = 8


@dataclass(frozen=True)
class _Line:
    number: int
    name: str
    short: str
    labels: int
    score: str
    points: str
    colour: str
    dashes: str
    checked: bool


@dataclass(frozen=True)
class _Probe:
    x: float
    left: float
    width: float
    tip: float
    position: str
    mean: str
    values: list[str]


def lines_context(curves: ClassCurves) -> dict[str, Any]:
    """Return what the template needs.

    Args:
        curves: Curves of at least one class.
    """
    shown = largest(curves.labels, MOST_CLASSES)
    return {
        "curves": curves,
        "lines": _lines(curves, shown),
        "mean": _path(curves.x, curves.mean),
        "mean_score": _number(float(curves.scores.mean())),
        "probes": [_probe(curves, shown, number) for number in range(_PROBES)],
        "best": None if curves.best_x is None else _to_x(curves.best_x),
        "ticks": [(tick / 5, _to_x(tick / 5), _to_y(tick / 5)) for tick in range(6)],
        "box": {"left": _LEFT, "top": _TOP, "width": _WIDTH, "height": _HEIGHT, "tip": _TIP_WIDTH},
        "classes": len(curves.class_names),
        "few": len(curves.class_names) <= _FEW,
    }


def _lines(curves: ClassCurves, shown: Integers) -> list[_Line]:
    """Return the lines; of many, those with the most labels have the most distinct looks and are ticked."""
    few = len(shown) <= _FEW
    looks = np.arange(len(shown)) if few else np.argsort(np.argsort(-curves.labels[shown], kind="stable"))
    return [
        _Line(
            number=number,
            name=curves.class_names[row],
            short=short(curves.class_names[row]),
            labels=int(curves.labels[row]),
            score=_number(float(curves.scores[row])),
            points=_path(curves.x, curves.y[row]),
            colour=colour(int(looks[number])),
            dashes=dashes(int(looks[number])),
            checked=bool(few or looks[number] < _HIGHLIGHTED),
        )
        for number, row in enumerate(shown)
    ]


def _probe(curves: ClassCurves, shown: Integers, number: int) -> _Probe:
    """Return the values at one of the evenly spread positions, and the strip in which the pointer shows them."""
    position = number / (_PROBES - 1)
    index = int(np.abs(curves.x - position).argmin())
    x, step = _to_x(position), _WIDTH / (_PROBES - 1)
    left, right = max(x - step / 2, _LEFT), min(x + step / 2, _LEFT + _WIDTH)
    return _Probe(
        x=x,
        left=round(left, 1),
        width=round(right - left, 1),
        tip=round(x + 8 if position <= 1 / 2 else x - 8 - _TIP_WIDTH, 1),
        position=f"{position:.3g}",
        mean=_number(float(curves.mean[index])),
        values=[_number(float(value)) for value in curves.y[shown, index]],
    )


def _path(x: Floats, y: Floats) -> str:
    pixels = np.column_stack(
        (_LEFT + np.clip(x, 0, 1) * _WIDTH, _TOP + (1 - np.clip(np.nan_to_num(y), 0, 1)) * _HEIGHT)
    )
    return " ".join(f"{px:.1f},{py:.1f}" for px, py in thinned(pixels, _TOLERANCE))


def _to_x(value: float) -> float:
    return round(_LEFT + value * _WIDTH, 1)


def _to_y(value: float) -> float:
    return round(_TOP + (1 - value) * _HEIGHT, 1)


def _number(value: float) -> str:
    return f"{value:.3f}"
