"""The demo: a detector that learns handwritten digits within a minute or so, logged, and read back from its run."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neptune_yolo.demo.digits import make_digits
from neptune_yolo.demo.exceptions import LowAccuracyError
from neptune_yolo.demo.offline import offline_ultralytics
from neptune_yolo.demo.readback import RunSummary, read_back

PROJECT = "local/demo"
MODEL = "yolo11n.yaml"
DEFAULT_FOLDER = Path("neptune-yolo-demo")
DEFAULT_EPOCHS = 8
DEFAULT_PICTURES = 200
DEFAULT_MAP50 = 0.5


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """What the demo does.

    Attributes:
        folder: Where data, training and settings go; made if it does not exist.
        epochs: Number of epochs. The default reaches an mAP50 of about 0.9.
        seed: Start of all random numbers, of the data's and of the training's.
        pictures: Number of training pictures; a quarter as many (at least 8) are validated on.
        required_map50: The least mAP50, 0 to 1, that counts as success.
    """

    folder: Path = DEFAULT_FOLDER
    epochs: int = DEFAULT_EPOCHS
    seed: int = 0
    pictures: int = DEFAULT_PICTURES
    required_map50: float = DEFAULT_MAP50


def run_demo(options: DemoOptions, say: Callable[[str], None] = print) -> RunSummary:
    """Make the data, train on it, and read the run back through the Neptune client.

    Nothing is downloaded, and nothing is sent to another machine: the run goes to the embedded server.

    Args:
        options: What to do.
        say: Receives the lines to show: what happens, and at the end the table and the link.

    Returns:
        What the run holds.

    Raises:
        DigitsArgumentError: The number of pictures or the seed cannot be used.
        DigitsFolderError: The folder holds something else, or cannot be written.
        MissingDemoPackageError: scikit-learn is not installed.
        DemoSetupError: `ultralytics` is already imported in this process.
        ReadBackError: The run does not hold what the training left on disk.
        LowAccuracyError: The mAP50 is lower than required; raised after everything is shown.
    """
    began = time.monotonic()
    folder = options.folder.absolute()
    val = max(8, options.pictures // 4)
    data = make_digits(folder / "digits", train=options.pictures, val=val, seed=options.seed)
    say(f"Handwritten digits: {options.pictures} pictures to train on, {val} to validate on, in {data.parent}")
    with offline_ultralytics(folder):
        trainer = _train(training_arguments(data, folder, options))
        summary = read_back(PROJECT, str(trainer.run_id), Path(trainer.save_dir))
    for line in summary.lines(time.monotonic() - began):
        say(line)
    if summary.map50 < options.required_map50:
        raise LowAccuracyError(summary.map50, options.required_map50, summary.epochs)
    return summary


def training_arguments(data: Path, folder: Path, options: DemoOptions) -> dict[str, Any]:
    """Return Ultralytics' arguments for a training from scratch on few, small pictures.

    A tiny data set gives few batches an epoch, so that each of them must count: the weights are moved after every
    batch (`nbs` equal to `batch`; the default collects 64 pictures first), the learning rate is warmed up for one
    epoch only, and the pictures are kept as they are: no mosaic, no flips (a mirrored digit is none), little scaling.

    Args:
        data: Path of `data.yaml`.
        folder: The demo's folder; the training goes to `runs/` in it.
        options: Epochs and seed.
    """
    return {
        "data": str(data),
        "epochs": options.epochs,
        "imgsz": 128,
        "batch": 8,
        "nbs": 8,
        "optimizer": "AdamW",
        "lr0": 0.004,
        "warmup_epochs": 1,
        "mosaic": 0.0,
        "fliplr": 0.0,
        "scale": 0.2,
        "translate": 0.05,
        "seed": options.seed,
        "deterministic": True,
        "device": "cpu",
        "workers": 0,
        "amp": False,
        "project": str(folder / "runs"),
        "name": "digits",
    }


def _train(arguments: dict[str, Any]) -> Any:
    """Train with the detection trainer and return it."""
    from ultralytics import YOLO

    from neptune_yolo.settings import NeptuneSettings
    from neptune_yolo.trainers.detection import NeptuneDetectionTrainer

    settings = NeptuneSettings(project=PROJECT, tags=("Ultralytics", "demo"), source_files=(), git_ref=False)
    model = YOLO(MODEL)
    model.train(trainer=NeptuneDetectionTrainer.with_settings(settings), **arguments)
    return model.trainer
