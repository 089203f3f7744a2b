"""Train without a network, and send the run when there is one.

    python examples/offline_then_sync.py [epochs]

On the command line: neptune-yolo train ... --mode offline, and later, in the same folder, neptune-yolo sync
"""

import subprocess
import sys
from pathlib import Path

from ultralytics import YOLO

from neptune_yolo import Mode, NeptuneDetectionTrainer, NeptuneSettings
from neptune_yolo.demo.digits import make_digits

EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
PROJECT = "local/examples"


def train_offline() -> None:
    """Train with nothing sent: values and files go into the folder .neptune, and no server is asked."""
    settings = NeptuneSettings(project=PROJECT, name="offline first", mode=Mode.OFFLINE)
    data = make_digits(Path("digits"), train=32, val=16, size=64)
    trainer = NeptuneDetectionTrainer.with_settings(settings)
    YOLO("yolo11n.yaml").train(data=str(data), epochs=EPOCHS, imgsz=64, plots=False, trainer=trainer)


def sync() -> None:
    """Send what is in .neptune; any machine may do this that has the folder."""
    # A queue whose process still runs is left alone, because more may come. Here the process is this one, and the
    # training is over.
    command = ["sync", "--project", PROJECT, "--even-if-running"]
    subprocess.run([sys.executable, "-m", "neptune_yolo.cli", *command], check=True)  # noqa: S603 - our own command


if __name__ == "__main__":
    train_offline()
    sync()
