import math
from collections.abc import Callable
from typing import Any

import pytest

from neptune_yolo.tracking.lineage import add_child, log_child_metrics, parent_values
from neptune_yolo.tracking.opening import OpenedRun

Operations = Callable[[str], list[dict[str, Any]]]


def test_a_child_names_its_parent() -> None:
    assert parent_values("YOL-7") == {"lineage/parent": "YOL-7"}
    assert parent_values(None) == {}


def test_the_parent_collects_its_children(opened: OpenedRun, operations: Operations) -> None:
    for child in ("YOL-8", "YOL-9", None, "YOL-8"):
        add_child(opened.run, child)

    for child in ("YOL-8", "YOL-9"):
        assert {operation["value"] for operation in operations(f"lineage/children/{child}")} == {child}
    assert operations("lineage/children/None") == []


def test_metrics_of_children_are_summed_up(opened: OpenedRun, operations: Operations) -> None:
    children: list[dict[str, object]] = [
        {"metrics/mAP50(B)": 0.5, "val/box_loss": 1, "fitness": math.nan},
        {"metrics/mAP50(B)": 0.9, "name": "x"},
    ]

    means = log_child_metrics(opened.run, children)

    assert means == pytest.approx({"metrics/mAP50(B)": 0.7, "val/box_loss": 1})
    written = {
        name: operations(f"lineage/metrics/mAP50(B)/{name}")[-1]["value"] for name in ("mean", "std", "min", "max")
    }
    assert written == pytest.approx({"mean": 0.7, "std": 0.8 / math.sqrt(8), "min": 0.5, "max": 0.9})
    assert operations("lineage/metrics/val_box_loss/std")[-1]["value"] == 0
