"""The trainer for oriented boxes."""

from ultralytics.models.yolo.obb import OBBTrainer

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneOBBTrainer(NeptuneTrainerMixin, OBBTrainer):
    """Ultralytics' `OBBTrainer` for oriented boxes, with a Neptune run.

    Pass the class to Ultralytics: ``YOLO("yolo11n-obb.pt").train(data="dota8.yaml", trainer=NeptuneOBBTrainer)``.
    """
