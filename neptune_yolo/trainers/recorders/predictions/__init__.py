"""Ground truth and predictions of chosen validation images, as data and as pictures."""

from neptune_yolo.trainers.recorders.predictions.recorder import PredictionRecorder

__all__ = ["PredictionRecorder"]
