"""Log more than the trainer does: extend one of its methods, and write to the run."""

from typing import Any

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings


class GapTrainer(NeptuneDetectionTrainer):
    """Logs how much larger the validation loss is than the training loss."""

    neptune = NeptuneSettings(tags=["gap"], description="Watches for overfitting.")

    def save_metrics(self, metrics: dict[str, Any]) -> None:
        """Extend `save_metrics`, which is called once at the end of each epoch."""
        super().save_metrics(metrics)
        self.run["custom/gap"].append(metrics["val/box_loss"] - metrics["train/box_loss"], step=self.epoch + 1)


if __name__ == "__main__":
    YOLO("yolo11n.pt").train(data="coco8.yaml", epochs=10, trainer=GapTrainer)
