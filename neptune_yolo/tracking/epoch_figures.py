"""What an epoch says beyond its losses and metrics: its time, and whether it is the best one. Pure functions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from neptune_yolo.tracking import attribute_paths as paths

_DECIMALS = 6


@dataclass(frozen=True)
class EpochTimes:
    """How long an epoch took.

    Args:
        total_seconds: From its beginning until its scalars are written: training and validation.
        training_seconds: The part before its validation.
        images: Images that it trained with; None if the epoch was cut short.
    """

    total_seconds: float
    training_seconds: float
    images: int | None


def time_points(times: EpochTimes, speed: Mapping[str, float] | None, gpu_gib: float | None) -> dict[str, float]:
    """Return attribute path -> value of the points about time and memory.

    Args:
        times: How long the epoch took.
        speed: Stage of the validation -> milliseconds for one image; None if it was not validated.
        gpu_gib: Memory of the GPU that torch has reserved, in GiB; None without a GPU.
    """
    points = {paths.EPOCH_SECONDS: round(times.total_seconds, _DECIMALS)}
    if times.images is not None and times.training_seconds > 0:
        points[paths.IMAGES_PER_SECOND] = round(times.images / times.training_seconds, _DECIMALS)
    if gpu_gib is not None:
        points[paths.GPU_MEMORY] = round(gpu_gib, _DECIMALS)
    for stage, milliseconds in (speed or {}).items():
        points[f"{paths.SPEED}/{stage}"] = round(float(milliseconds), _DECIMALS)
    return points


def standing(
    metrics: Mapping[str, float], fitness: float | None, step: int, *, is_best: bool
) -> dict[str, float | int]:
    """Return the single values for the table of runs: those of this epoch, and of the best one if this is it.

    Args:
        metrics: Metrics and losses of the epoch's validation, by Ultralytics' names; what is not finite is left out.
        fitness: What Ultralytics compares epochs by; None or not finite: it is left out.
        step: Epoch of the validation.
        is_best: Whether no earlier epoch was better.
    """
    values: dict[str, float] = {name: number for name, number in metrics.items() if math.isfinite(number)}
    if fitness is not None and math.isfinite(fitness):
        values["fitness"] = fitness
    prefixes = (paths.LAST, paths.BEST) if is_best else (paths.LAST,)
    return {f"{prefix}/{name}": value for prefix in prefixes for name, value in (("epoch", step), *values.items())}
