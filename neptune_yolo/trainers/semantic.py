"""The trainer for semantic segmentation."""

from ultralytics.models.yolo.semantic import SemanticSegmentationTrainer

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneSemanticSegmentationTrainer(NeptuneTrainerMixin, SemanticSegmentationTrainer):
    """Ultralytics' `SemanticSegmentationTrainer`, with a Neptune run.

    Pass the class to Ultralytics:
    ``YOLO("yolo26n-sem.yaml").train(data="cityscapes8.yaml", trainer=NeptuneSemanticSegmentationTrainer)``.
    Its metrics are ``metrics/mIoU`` and ``metrics/pixel_acc``.
    """
