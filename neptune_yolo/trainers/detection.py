"""The trainer for object detection."""

from ultralytics.models.yolo.detect import DetectionTrainer

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneDetectionTrainer(NeptuneTrainerMixin, DetectionTrainer):
    """Ultralytics' `DetectionTrainer`, with a Neptune run.

    Pass the class to Ultralytics: ``YOLO("yolo11n.pt").train(data="coco8.yaml", trainer=NeptuneDetectionTrainer)``.
    Set `neptune` in a subclass, or use `with_settings`, to choose where the run goes; extend its methods and write to
    `run` to log more.
    """
