"""The trainer for RT-DETR models."""

from ultralytics.models.rtdetr.train import RTDETRTrainer

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneRTDETRTrainer(NeptuneTrainerMixin, RTDETRTrainer):
    """Ultralytics' `RTDETRTrainer`, with a Neptune run.

    Pass the class to Ultralytics: ``RTDETR("rtdetr-l.pt").train(data="coco8.yaml", trainer=NeptuneRTDETRTrainer)``.
    """
