"""The trainer for pose estimation."""

from ultralytics.models.yolo.pose import PoseTrainer

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptunePoseTrainer(NeptuneTrainerMixin, PoseTrainer):
    """Ultralytics' `PoseTrainer`, with a Neptune run.

    Pass the class to Ultralytics:
    ``YOLO("yolo11n-pose.pt").train(data="coco8-pose.yaml", trainer=NeptunePoseTrainer)``.
    Metrics of boxes end in ``(B)``, those of keypoints in ``(P)``; plots begin with ``Box`` and ``Pose``.
    """
