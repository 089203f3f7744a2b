"""Go on with a training on another machine: all that is needed is the id of its run.

Trains on handwritten digits, loses the power before the last epoch and the folder with it, and resumes from the run.

    python examples/resume_by_run_id.py [epochs]

On the command line: neptune-yolo train ... --checkpoint-last, and then neptune-yolo resume EXA-1.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from ultralytics import YOLO

from neptune_yolo import CheckpointPolicy, NeptuneDetectionTrainer, NeptuneSettings, resume_run
from neptune_yolo.demo.digits import make_digits

EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
PROJECT = "local/examples"


def lose_power(trainer: Any) -> None:
    """End the training as its last epoch begins."""
    if trainer.epoch + 1 == EPOCHS:
        raise KeyboardInterrupt


def train_until_power_is_lost(data: Path) -> str:
    """Train, with last.pt uploaded after each epoch, and return the id of the run."""
    settings = NeptuneSettings(project=PROJECT, name="resumed", checkpoints=CheckpointPolicy(last=True))
    model = YOLO("yolo11n.yaml")
    model.add_callback("on_train_epoch_start", lose_power)
    trainer = NeptuneDetectionTrainer.with_settings(settings)
    try:
        model.train(data=str(data), epochs=EPOCHS, imgsz=64, plots=False, trainer=trainer)
    except KeyboardInterrupt:
        print("The power is gone.")
    shutil.rmtree(model.trainer.save_dir)  # the other machine has never had it
    return str(model.trainer.run_id)


def main() -> None:
    """Train the first part here and the rest elsewhere, into one run."""
    data = make_digits(Path("digits"), train=32, val=16, size=64)
    run_id = train_until_power_is_lost(data)
    # Checkpoint and arguments come from the run. What differs here is given as a keyword: data, device, batch...
    resume_run(run_id, project=PROJECT, folder=Path("elsewhere"), data=str(data))
    print(f"{run_id} has all {EPOCHS} epochs.")


if __name__ == "__main__":
    main()
