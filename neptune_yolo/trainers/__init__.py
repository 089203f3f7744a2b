"""Ultralytics trainers that log to Neptune. They load torch and Ultralytics, and so on first use only."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neptune_yolo.trainers.detection import NeptuneDetectionTrainer
    from neptune_yolo.trainers.mixin import NeptuneTrainerMixin

__all__ = ["NeptuneDetectionTrainer", "NeptuneTrainerMixin"]


def __getattr__(name: str) -> Any:
    """Import a trainer when it is asked for."""
    if name == "NeptuneDetectionTrainer":
        from neptune_yolo.trainers.detection import NeptuneDetectionTrainer

        return NeptuneDetectionTrainer
    if name == "NeptuneTrainerMixin":
        from neptune_yolo.trainers.mixin import NeptuneTrainerMixin

        return NeptuneTrainerMixin
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
