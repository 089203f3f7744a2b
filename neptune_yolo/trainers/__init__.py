"""Ultralytics trainers that log to Neptune. They load torch and Ultralytics, and so on first use only."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neptune_yolo.trainers.classification import NeptuneClassificationTrainer
    from neptune_yolo.trainers.depth import NeptuneDepthTrainer
    from neptune_yolo.trainers.detection import NeptuneDetectionTrainer
    from neptune_yolo.trainers.factory import neptune_trainer, neptune_trainer_for
    from neptune_yolo.trainers.mixin import NeptuneTrainerMixin
    from neptune_yolo.trainers.oriented_box import NeptuneOBBTrainer
    from neptune_yolo.trainers.pose import NeptunePoseTrainer
    from neptune_yolo.trainers.rtdetr import NeptuneRTDETRTrainer
    from neptune_yolo.trainers.segmentation import NeptuneSegmentationTrainer
    from neptune_yolo.trainers.semantic import NeptuneSemanticSegmentationTrainer
    from neptune_yolo.trainers.world import NeptuneWorldTrainer, NeptuneWorldTrainerFromScratch
    from neptune_yolo.trainers.yoloe import (
        NeptuneYOLOEPEFreeTrainer,
        NeptuneYOLOEPESegTrainer,
        NeptuneYOLOEPETrainer,
        NeptuneYOLOESegTrainer,
        NeptuneYOLOESegTrainerFromScratch,
        NeptuneYOLOESegVPTrainer,
        NeptuneYOLOETrainer,
        NeptuneYOLOETrainerFromScratch,
        NeptuneYOLOEVPTrainer,
    )

__all__ = [
    "NeptuneClassificationTrainer",
    "NeptuneDepthTrainer",
    "NeptuneDetectionTrainer",
    "NeptuneOBBTrainer",
    "NeptunePoseTrainer",
    "NeptuneRTDETRTrainer",
    "NeptuneSegmentationTrainer",
    "NeptuneSemanticSegmentationTrainer",
    "NeptuneTrainerMixin",
    "NeptuneWorldTrainer",
    "NeptuneWorldTrainerFromScratch",
    "NeptuneYOLOEPEFreeTrainer",
    "NeptuneYOLOEPESegTrainer",
    "NeptuneYOLOEPETrainer",
    "NeptuneYOLOESegTrainer",
    "NeptuneYOLOESegTrainerFromScratch",
    "NeptuneYOLOESegVPTrainer",
    "NeptuneYOLOETrainer",
    "NeptuneYOLOETrainerFromScratch",
    "NeptuneYOLOEVPTrainer",
    "neptune_trainer",
    "neptune_trainer_for",
]

_HOMES = {
    "NeptuneClassificationTrainer": "classification",
    "NeptuneDepthTrainer": "depth",
    "NeptuneDetectionTrainer": "detection",
    "NeptuneOBBTrainer": "oriented_box",
    "NeptunePoseTrainer": "pose",
    "NeptuneRTDETRTrainer": "rtdetr",
    "NeptuneSegmentationTrainer": "segmentation",
    "NeptuneSemanticSegmentationTrainer": "semantic",
    "NeptuneTrainerMixin": "mixin",
    "NeptuneWorldTrainer": "world",
    "NeptuneWorldTrainerFromScratch": "world",
    "NeptuneYOLOEPEFreeTrainer": "yoloe",
    "NeptuneYOLOEPESegTrainer": "yoloe",
    "NeptuneYOLOEPETrainer": "yoloe",
    "NeptuneYOLOESegTrainer": "yoloe",
    "NeptuneYOLOESegTrainerFromScratch": "yoloe",
    "NeptuneYOLOESegVPTrainer": "yoloe",
    "NeptuneYOLOETrainer": "yoloe",
    "NeptuneYOLOETrainerFromScratch": "yoloe",
    "NeptuneYOLOEVPTrainer": "yoloe",
    "neptune_trainer": "factory",
    "neptune_trainer_for": "factory",
}


def __getattr__(name: str) -> Any:
    """Import a trainer when it is asked for."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
