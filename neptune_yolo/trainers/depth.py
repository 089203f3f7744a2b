"""The trainer for depth estimation."""

from ultralytics.models.yolo.depth import DepthTrainer

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneDepthTrainer(NeptuneTrainerMixin, DepthTrainer):
    """Ultralytics' `DepthTrainer`, with a Neptune run.

    Pass the class to Ultralytics: ``YOLO("yolo26n-depth.yaml").train(data=..., trainer=NeptuneDepthTrainer)``.
    The checkpoints that are uploaded at the end are the calibrated ones.
    """
