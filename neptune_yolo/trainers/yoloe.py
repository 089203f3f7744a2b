"""The trainers for YOLOE models: with text prompts, visual prompts or none, for boxes and for masks."""

from ultralytics.models.yolo.yoloe import (
    YOLOEPEFreeTrainer,
    YOLOEPESegTrainer,
    YOLOEPETrainer,
    YOLOESegTrainer,
    YOLOESegTrainerFromScratch,
    YOLOESegVPTrainer,
    YOLOETrainer,
    YOLOETrainerFromScratch,
    YOLOEVPTrainer,
)

from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class NeptuneYOLOETrainer(NeptuneTrainerMixin, YOLOETrainer):
    """Ultralytics' `YOLOETrainer`, with a Neptune run."""


class NeptuneYOLOETrainerFromScratch(NeptuneTrainerMixin, YOLOETrainerFromScratch):
    """Ultralytics' `YOLOETrainerFromScratch`, which trains on several data sets, with a Neptune run."""


class NeptuneYOLOEPETrainer(NeptuneTrainerMixin, YOLOEPETrainer):
    """Ultralytics' `YOLOEPETrainer`, which trains the last layers only (linear probing), with a Neptune run."""


class NeptuneYOLOEPEFreeTrainer(NeptuneTrainerMixin, YOLOEPEFreeTrainer):
    """Ultralytics' `YOLOEPEFreeTrainer` for models without prompts, with a Neptune run."""


class NeptuneYOLOEVPTrainer(NeptuneTrainerMixin, YOLOEVPTrainer):
    """Ultralytics' `YOLOEVPTrainer` for visual prompts, with a Neptune run."""


class NeptuneYOLOESegTrainer(NeptuneTrainerMixin, YOLOESegTrainer):
    """Ultralytics' `YOLOESegTrainer`, with a Neptune run."""


class NeptuneYOLOESegTrainerFromScratch(NeptuneTrainerMixin, YOLOESegTrainerFromScratch):
    """Ultralytics' `YOLOESegTrainerFromScratch`, which trains on several data sets, with a Neptune run."""


class NeptuneYOLOEPESegTrainer(NeptuneTrainerMixin, YOLOEPESegTrainer):
    """Ultralytics' `YOLOEPESegTrainer`, which trains the last layers only (linear probing), with a Neptune run."""


class NeptuneYOLOESegVPTrainer(NeptuneTrainerMixin, YOLOESegVPTrainer):
    """Ultralytics' `YOLOESegVPTrainer` for visual prompts, with a Neptune run."""
