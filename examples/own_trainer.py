"""A trainer of one's own: the methods that begin with ``log_`` say what is logged, and are made to be extended.

    python examples/own_trainer.py [epochs]

On the command line: neptune-yolo train --trainer examples/own_trainer.py:DiscreetTrainer model=yolo11n.yaml data=...
"""

import sys
from pathlib import Path
from typing import Any

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings
from neptune_yolo.demo.digits import make_digits

EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 6


class DiscreetTrainer(NeptuneDetectionTrainer):
    """Shows no picture of the data to others, watches the weights, and writes a verdict."""

    neptune = NeptuneSettings(project="local/examples", name="own trainer", tags=["discreet"])

    def log_setup(self) -> None:
        """Extend what is logged before the first epoch."""
        super().log_setup()
        self.run["custom/trainable_parameters"] = sum(p.numel() for p in self.model.parameters() if p.requires_grad)

    def log_epoch(self, metrics: dict[str, Any], step: int) -> None:
        """Extend what is logged of an epoch: steps are epochs, also after a resume."""
        super().log_epoch(metrics, step)
        norms = [float(p.detach().norm()) for p in self.model.parameters()]
        self.run["custom/weight_norm"].append(sum(norms) / len(norms), step=step)

    def log_plot(self, file: Path, data: Any) -> None:
        """Leave out the plots that show pictures of the data set; curves and matrices go to the run as ever."""
        if not file.name.startswith(("train_batch", "val_batch")):
            super().log_plot(file, data)

    def log_end(self, outcome: Any) -> None:
        """Extend what is logged at the end, which comes after an error or Ctrl+C too."""
        super().log_end(outcome)
        best = self.best_fitness or 0.0
        self.run["custom/verdict"] = f"{outcome.state}: {'keep' if best > 0.5 else 'train longer'}"  # noqa: PLR2004


if __name__ == "__main__":
    digits = make_digits(Path("digits"), train=32, val=16, size=64)
    YOLO("yolo11n.yaml").train(data=str(digits), epochs=EPOCHS, imgsz=64, trainer=DiscreetTrainer)
