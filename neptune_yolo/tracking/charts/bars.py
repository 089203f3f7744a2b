"""Geometry of the chart of one value for each class."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from neptune_yolo.tracking.charts.drawing import MOST_CLASSES, largest, short
from neptune_yolo.tracking.curve_data import ClassValues

_ROW = 20.0
_LEFT, _WIDTH = 190.0, 480.0


@dataclass(frozen=True)
class _Bar:
    name: str
    short: str
    value: str
    labels: int
    y: float
    width: float


def bars_context(values: ClassValues) -> dict[str, Any]:
    """Return what the template needs.

    Args:
        values: Values of at least one class.
    """
    shown = largest(values.labels, MOST_CLASSES)
    ordered = shown[np.argsort(-values.values[shown], kind="stable")]
    bars = [
        _Bar(
            name=values.class_names[row],
            short=short(values.class_names[row]),
            value=f"{values.values[row]:.3f}",
            labels=int(values.labels[row]),
            y=number * _ROW,
            width=round(float(np.clip(values.values[row], 0, 1)) * _WIDTH, 1),
        )
        for number, row in enumerate(ordered)
    ]
    mean = float(values.values.mean())
    return {
        "values": values,
        "bars": bars,
        "classes": len(values.class_names),
        "mean": f"{mean:.3f}",
        "mean_x": round(_LEFT + mean * _WIDTH, 1),
        "ticks": [(tick / 5, round(_LEFT + tick / 5 * _WIDTH, 1)) for tick in range(6)],
        "box": {"left": _LEFT, "width": _WIDTH, "row": _ROW, "height": _ROW * len(bars)},
    }
