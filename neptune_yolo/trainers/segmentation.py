"""The trainer for instance segmentation."""

from ultralytics.models.yolo.segment import SegmentationTrainer

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneSegmentationTrainer(NeptuneTrainerMixin, SegmentationTrainer):
    """Ultralytics' `SegmentationTrainer`, with a Neptune run.

    Pass the class to Ultralytics:
    ``YOLO("yolo11n-seg.pt").train(data="coco8-seg.yaml", trainer=NeptuneSegmentationTrainer)``.
    Metrics of boxes end in ``(B)``, those of masks in ``(M)``; plots begin with ``Box`` and ``Mask``.
    """
