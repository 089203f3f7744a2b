"""Ultralytics' callbacks beside the trainer: they see the same trainer, and so its run.

    python examples/callbacks_beside.py [epochs]

Good for what should work with any trainer. Where the run itself is the point, a subclass is simpler: own_trainer.py.
"""

import sys
import time
from pathlib import Path
from typing import Any

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings
from neptune_yolo.demo.digits import make_digits

EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 6


def remember_size(trainer: Any) -> None:
    """Write a single value once the model is there."""
    trainer.run["custom/images"] = len(trainer.train_loader.dataset)


def log_momentum(trainer: Any) -> None:
    """Append to a series; `trainer.step` is the step of the present epoch, also after a resume."""
    group = trainer.optimizer.param_groups[0]
    momentum = group["betas"][0] if "betas" in group else group["momentum"]
    trainer.run["custom/momentum"].append(momentum, step=trainer.step)


def log_checkpoint_time(trainer: Any) -> None:
    """Append without a step of one's own: the point's number is its step."""
    trainer.run["custom/checkpoint_age"].append(time.time() - trainer.last.stat().st_mtime)


def main() -> None:
    """Train on handwritten digits with three callbacks. Where logging is off, they write to a stand-in."""
    model = YOLO("yolo11n.yaml")
    model.add_callback("on_train_start", remember_size)
    model.add_callback("on_train_epoch_end", log_momentum)
    model.add_callback("on_model_save", log_checkpoint_time)
    settings = NeptuneSettings(project="local/examples", name="callbacks")
    data = make_digits(Path("digits"), train=32, val=16, size=64)
    trainer = NeptuneDetectionTrainer.with_settings(settings)
    model.train(data=str(data), epochs=EPOCHS, imgsz=64, plots=False, trainer=trainer)


if __name__ == "__main__":
    main()
