"""Ultralytics' fitness of an epoch, computed from its table, and by it the best epoch. Pure functions.

Formulas: ``fitness`` of the classes in ``ultralytics/utils/metrics.py``. Detection: mAP50-95 in present versions,
0.1 mAP50 + 0.9 mAP50-95 in YOLOv5 and in versions of YOLOv8 and YOLO11 before September 2025; segmentation and pose add
that of their masks or keypoints. Classification: the mean of both accuracies. Semantic segmentation:
mIoU. Depth: delta1.
"""

from collections.abc import Mapping, Sequence

from neptune_yolo.transfer.ultralytics_runs.arguments import Arguments
from neptune_yolo.transfer.ultralytics_runs.table import Epoch

_NEW_ARGUMENT = "compile"
"""Argument that Ultralytics has had since about the time when it began to count mAP50-95 only."""

_NEW_WEIGHTS = (0.0, 1.0)
_OLD_WEIGHTS = (0.1, 0.9)
_KINDS = ("B", "M", "P")


def map_weights(arguments: Arguments) -> tuple[float, float]:
    """Return the weights of mAP50 and mAP50-95 in the fitness of the version that has trained.

    The version itself is written nowhere but in the checkpoints; what arguments there are tells old from new.

    Args:
        arguments: Arguments of the training.
    """
    return _NEW_WEIGHTS if _NEW_ARGUMENT in arguments.values else _OLD_WEIGHTS


def fitness(values: Mapping[str, float], weights: tuple[float, float]) -> float | None:
    """Return the fitness of an epoch; None if it was not validated, or its metrics are not known here.

    Args:
        values: Attribute path -> value of the epoch.
        weights: Weights of mAP50 and mAP50-95.
    """
    if "metrics/accuracy_top1" in values:
        return (values["metrics/accuracy_top1"] + values.get("metrics/accuracy_top5", 0.0)) / 2
    for only in ("metrics/mIoU", "metrics/delta1"):
        if only in values:
            return values[only]
    present = [kind for kind in _KINDS if f"metrics/mAP50-95({kind})" in values]
    if not present:
        return None
    return sum(
        weights[0] * values.get(f"metrics/mAP50({kind})", 0.0) + weights[1] * values[f"metrics/mAP50-95({kind})"]
        for kind in present
    )


def best_index(fitnesses: Sequence[float | None]) -> int | None:
    """Return the index of the epoch that best.pt is of: of equal ones the last, as Ultralytics saves it again.

    Args:
        fitnesses: Fitness of each epoch, or None.
    """
    best: int | None = None
    highest = 0.0
    for index, value in enumerate(fitnesses):
        if value is not None and (best is None or value >= highest):
            best, highest = index, value
    return best


def fitnesses(epochs: Sequence[Epoch], arguments: Arguments) -> list[float | None]:
    """Return the fitness of each epoch, or None.

    Args:
        epochs: Epochs of a training.
        arguments: Its arguments.
    """
    weights = map_weights(arguments)
    return [fitness(epoch.values, weights) for epoch in epochs]
