"""A training in a process of its own: python training_program.py '<JSON of the options>'.

It stops at the beginning of the epoch `pause_before` (from 1) until the file `go` appears in the folder `signs`.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer, PredictionPolicy


class CustomMetricsTrainer(NeptuneDetectionTrainer):
    def save_metrics(self, metrics: dict[str, float]) -> None:
        super().save_metrics(metrics)
        self.run["custom/double"].append(2 * metrics["train/box_loss"], step=self.epoch + 1)


class FailingTrainer(NeptuneDetectionTrainer):
    def save_metrics(self, metrics: dict[str, float]) -> None:
        super().save_metrics(metrics)
        if self.epoch == 1:
            raise ValueError("the user's own mistake, with an ä")


class CrashingTrainer(NeptuneDetectionTrainer):
    """Dies as by ``kill -9`` in its second epoch, at the point that `crash_at` names."""

    crash_at = ""

    def die_at(self, point: str) -> None:
        if self.epoch == 1 and point == self.crash_at:
            os._exit(9)

    def save_metrics(self, metrics: dict[str, float]) -> None:
        self.die_at("before metrics")
        super().save_metrics(metrics)
        self.die_at("after metrics")

    def save_model(self) -> Any:
        saved = super().save_model()
        self.die_at("after model")
        return saved


class RestartingTrainer(NeptuneDetectionTrainer):
    """Runs out of memory in the middle of its first epoch, and meets a loss that is no number in its second."""

    failed: ClassVar[set[str]] = set()
    loss: Any

    def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        if self.epoch == 0 and self._neptune_batch == 1 and "memory" not in self.failed:
            self.failed.add("memory")
            raise RuntimeError("CUDA out of memory")
        return super().preprocess_batch(batch)

    def run_callbacks(self, event: str) -> None:
        if event == "on_train_epoch_end" and self.epoch == 1 and "number" not in self.failed:
            self.failed.add("number")
            self.loss = self.loss * float("nan")
        super().run_callbacks(event)


KINDS = (NeptuneDetectionTrainer, CustomMetricsTrainer, FailingTrainer, CrashingTrainer, RestartingTrainer)
TRAINERS = {trainer.__name__: trainer for trainer in KINDS}
BARE = "DetectionTrainer"
"""Ultralytics' own trainer, for comparison."""


def pause(signs: Path) -> None:
    (signs / "paused").touch()
    while not (signs / "go").exists():
        time.sleep(0.05)


def main(options: dict[str, Any]) -> None:
    model = YOLO(options.get("model", "yolo11n.yaml"))

    def on_train_epoch_start(trainer: Any) -> None:
        if trainer.epoch + 1 == options.get("pause_before"):
            pause(Path(options["signs"]))

    model.add_callback("on_train_epoch_start", on_train_epoch_start)
    name = options.get("trainer", "NeptuneDetectionTrainer")
    CrashingTrainer.crash_at = options.get("crash_at", "")
    settings = options.get("settings", {})
    if "predictions" in settings:
        settings["predictions"] = PredictionPolicy(**settings["predictions"])
    trainer = None if name == BARE else TRAINERS[name].with_settings(**settings)
    model.train(trainer=trainer, **options["arguments"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
