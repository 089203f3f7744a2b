"""A training in a process of its own: python training_program.py '<JSON of the options>'.

It stops at the beginning of the epoch `pause_before` (from 1) until the file `go` appears in the folder `signs`.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer


class CustomMetricsTrainer(NeptuneDetectionTrainer):
    def save_metrics(self, metrics: dict[str, float]) -> None:
        super().save_metrics(metrics)
        self.run["custom/double"].append(2 * metrics["train/box_loss"], step=self.epoch + 1)


class FailingTrainer(NeptuneDetectionTrainer):
    def save_metrics(self, metrics: dict[str, float]) -> None:
        super().save_metrics(metrics)
        if self.epoch == 1:
            raise ValueError("the user's own mistake, with an ä")


TRAINERS = {trainer.__name__: trainer for trainer in (NeptuneDetectionTrainer, CustomMetricsTrainer, FailingTrainer)}
BARE = "DetectionTrainer"
"""Ultralytics' own trainer, for comparison."""


def pause(signs: Path) -> None:
    (signs / "paused").touch()
    while not (signs / "go").exists():
        time.sleep(0.05)


def main(options: dict[str, Any]) -> None:
    model = YOLO("yolo11n.yaml")

    def on_train_epoch_start(trainer: Any) -> None:
        if trainer.epoch + 1 == options.get("pause_before"):
            pause(Path(options["signs"]))

    model.add_callback("on_train_epoch_start", on_train_epoch_start)
    name = options.get("trainer", "NeptuneDetectionTrainer")
    trainer = None if name == BARE else TRAINERS[name].with_settings(**options.get("settings", {}))
    model.train(trainer=trainer, **options["arguments"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
