"""The trainer for classification of whole images."""

from ultralytics.models.yolo.classify import ClassificationTrainer

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneClassificationTrainer(NeptuneTrainerMixin, ClassificationTrainer):
    """Ultralytics' `ClassificationTrainer`, with a Neptune run.

    Pass the class to Ultralytics:
    ``YOLO("yolo11n-cls.pt").train(data="imagenet10", trainer=NeptuneClassificationTrainer)``.
    Its metrics are ``metrics/accuracy_top1`` and ``metrics/accuracy_top5``.
    """
