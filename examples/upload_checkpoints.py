"""Upload checkpoints while training, and keep the newest two on the server.

    python examples/upload_checkpoints.py [epochs]

On the command line: neptune-yolo train ... --checkpoint-every 1 --checkpoint-keep 2 --checkpoint-best
"""

import sys
from pathlib import Path

import neptune
from ultralytics import YOLO

from neptune_yolo import CheckpointPolicy, NeptuneDetectionTrainer, NeptuneSettings
from neptune_yolo.connection import open_connection
from neptune_yolo.demo.digits import make_digits

EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
SETTINGS = NeptuneSettings(
    project="local/examples",
    name="checkpoints",
    # Each upload is of a snapshot, so that no file is torn; the training does not wait for the network. best.pt and
    # last.pt are uploaded at the end in any case; best=True also uploads best.pt whenever it has improved.
    checkpoints=CheckpointPolicy(every=1, keep=2, best=True),
)


def train() -> str:
    """Train on handwritten digits and return the id of the run."""
    data = make_digits(Path("digits"), train=32, val=16, size=64)
    model = YOLO("yolo11n.yaml")
    trainer = NeptuneDetectionTrainer.with_settings(SETTINGS)
    model.train(data=str(data), epochs=EPOCHS, imgsz=64, plots=False, trainer=trainer)
    return str(model.trainer.run_id)


def show(run_id: str) -> None:
    """Print the checkpoints that are on the server, with what stands beside them, and fetch one."""
    connection = open_connection(SETTINGS)
    run = neptune.init_run(with_id=run_id, project=connection.project, api_token=connection.api_token, mode="read-only")
    for name in sorted(run.get_structure()["checkpoints"]):
        facts = {fact: run[f"checkpoints/{name}/{fact}"].fetch() for fact in ("epoch", "size_bytes", "sha256")}
        print(f"weights/{name}: epoch {facts['epoch']}, {facts['size_bytes']} bytes, sha256 {facts['sha256'][:12]}...")
    run[f"weights/epoch_{EPOCHS}"].download("fetched.pt", progress_bar=False)
    run.stop()
    print(f"fetched.pt detects {len(YOLO('fetched.pt').names)} classes.")


if __name__ == "__main__":
    show(train())
