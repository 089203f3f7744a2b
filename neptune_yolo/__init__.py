"""Ultralytics YOLO trainers that log to Neptune, and a Neptune-compatible server to log to."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neptune_yolo.exceptions import NeptuneYoloError
    from neptune_yolo.kfold import kfold_datasets
    from neptune_yolo.policies import CheckpointPolicy, DatasetHash, DatasetPolicy, PredictionPolicy
    from neptune_yolo.resuming import resume_run
    from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable
    from neptune_yolo.trainers import (
        NeptuneClassificationTrainer,
        NeptuneDepthTrainer,
        NeptuneDetectionTrainer,
        NeptuneOBBTrainer,
        NeptunePoseTrainer,
        NeptuneRTDETRTrainer,
        NeptuneSegmentationTrainer,
        NeptuneSemanticSegmentationTrainer,
        NeptuneWorldTrainer,
        NeptuneWorldTrainerFromScratch,
        NeptuneYOLOEPEFreeTrainer,
        NeptuneYOLOEPESegTrainer,
        NeptuneYOLOEPETrainer,
        NeptuneYOLOESegTrainer,
        NeptuneYOLOESegTrainerFromScratch,
        NeptuneYOLOESegVPTrainer,
        NeptuneYOLOETrainer,
        NeptuneYOLOETrainerFromScratch,
        NeptuneYOLOEVPTrainer,
        neptune_trainer,
        neptune_trainer_for,
    )
    from neptune_yolo.tuning import TuneResult, tune

__all__ = [
    "CheckpointPolicy",
    "DatasetHash",
    "DatasetPolicy",
    "Mode",
    "NeptuneClassificationTrainer",
    "NeptuneDepthTrainer",
    "NeptuneDetectionTrainer",
    "NeptuneOBBTrainer",
    "NeptunePoseTrainer",
    "NeptuneRTDETRTrainer",
    "NeptuneSegmentationTrainer",
    "NeptuneSemanticSegmentationTrainer",
    "NeptuneSettings",
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
    "NeptuneYoloError",
    "OnUnreachable",
    "PredictionPolicy",
    "TuneResult",
    "kfold_datasets",
    "neptune_trainer",
    "neptune_trainer_for",
    "resume_run",
    "tune",
]

_HOMES = {
    "CheckpointPolicy": "neptune_yolo.policies",
    "DatasetHash": "neptune_yolo.policies",
    "DatasetPolicy": "neptune_yolo.policies",
    "Mode": "neptune_yolo.settings",
    "NeptuneClassificationTrainer": "neptune_yolo.trainers",
    "NeptuneDepthTrainer": "neptune_yolo.trainers",
    "NeptuneDetectionTrainer": "neptune_yolo.trainers",
    "NeptuneOBBTrainer": "neptune_yolo.trainers",
    "NeptunePoseTrainer": "neptune_yolo.trainers",
    "NeptuneRTDETRTrainer": "neptune_yolo.trainers",
    "NeptuneSegmentationTrainer": "neptune_yolo.trainers",
    "NeptuneSemanticSegmentationTrainer": "neptune_yolo.trainers",
    "NeptuneSettings": "neptune_yolo.settings",
    "NeptuneWorldTrainer": "neptune_yolo.trainers",
    "NeptuneWorldTrainerFromScratch": "neptune_yolo.trainers",
    "NeptuneYOLOEPEFreeTrainer": "neptune_yolo.trainers",
    "NeptuneYOLOEPESegTrainer": "neptune_yolo.trainers",
    "NeptuneYOLOEPETrainer": "neptune_yolo.trainers",
    "NeptuneYOLOESegTrainer": "neptune_yolo.trainers",
    "NeptuneYOLOESegTrainerFromScratch": "neptune_yolo.trainers",
    "NeptuneYOLOESegVPTrainer": "neptune_yolo.trainers",
    "NeptuneYOLOETrainer": "neptune_yolo.trainers",
    "NeptuneYOLOETrainerFromScratch": "neptune_yolo.trainers",
    "NeptuneYOLOEVPTrainer": "neptune_yolo.trainers",
    "NeptuneYoloError": "neptune_yolo.exceptions",
    "OnUnreachable": "neptune_yolo.settings",
    "PredictionPolicy": "neptune_yolo.policies",
    "TuneResult": "neptune_yolo.tuning",
    "kfold_datasets": "neptune_yolo.kfold",
    "neptune_trainer": "neptune_yolo.trainers",
    "neptune_trainer_for": "neptune_yolo.trainers",
    "resume_run": "neptune_yolo.resuming",
    "tune": "neptune_yolo.tuning",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that the server and the command line start without torch."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
