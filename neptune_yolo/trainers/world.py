"""The trainers for YOLO-World models."""

from ultralytics.models.yolo.world import WorldTrainer
from ultralytics.models.yolo.world.train_world import WorldTrainerFromScratch

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneWorldTrainer(NeptuneTrainerMixin, WorldTrainer):
    """Ultralytics' `WorldTrainer`, with a Neptune run.

    Pass the class to Ultralytics: ``YOLOWorld("yolov8s-world.pt").train(data=..., trainer=NeptuneWorldTrainer)``.
    """


class NeptuneWorldTrainerFromScratch(NeptuneTrainerMixin, WorldTrainerFromScratch):
    """Ultralytics' `WorldTrainerFromScratch`, which trains on several data sets, with a Neptune run."""
