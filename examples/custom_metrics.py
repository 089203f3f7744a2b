"""Log more than the trainer does: extend one of its methods, and write to the run.

python examples/custom_metrics.py [epochs]
"""

import sys
from pathlib import Path
from typing import Any

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings
from neptune_yolo.demo.digits import make_digits

EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 6


class GapTrainer(NeptuneDetectionTrainer):
    """Logs how much larger the validation loss is than the training loss."""

    neptune = NeptuneSettings(project="local/examples", tags=["gap"], description="Watches for overfitting.")

    def log_epoch(self, metrics: dict[str, Any], step: int) -> None:
        """Extend `log_epoch`, which is called once at the end of each epoch."""
        super().log_epoch(metrics, step)
        self.run["custom/gap"].append(metrics["val/box_loss"] - metrics["train/box_loss"], step=step)


if __name__ == "__main__":
    digits = make_digits(Path("digits"), train=32, val=16, size=64)
    YOLO("yolo11n.yaml").train(data=str(digits), epochs=EPOCHS, imgsz=64, plots=False, trainer=GapTrainer)
