"""K-fold cross-validation: one run for the whole, one child for each fold, all under one group tag.

Without arguments it trains on handwritten digits that are made on the spot, so that nothing is downloaded
(`pip install "neptune-yolo[demo]"`). Give it the YAML of your own data set instead:

    python examples/kfold.py --data coco8.yaml --folds 5 --epochs 50
"""

import argparse
from pathlib import Path
from typing import Any

import neptune
from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings, kfold_datasets
from neptune_yolo.connection import open_connection
from neptune_yolo.demo.digits import make_digits
from neptune_yolo.tracking.lineage import add_child, log_child_metrics

PROJECT = "local/kfold"


def main(options: argparse.Namespace) -> None:
    """Train a model for each fold, and write the means of their metrics into the parent's run."""
    work = Path("kfold").absolute()
    data = options.data or make_digits(work / "digits", train=40, val=10, size=64)
    folds = kfold_datasets(data, options.folds, work / "folds", seed=0)

    connection = open_connection(NeptuneSettings(project=PROJECT))
    parent = neptune.init_run(
        project=connection.project,
        api_token=connection.api_token,
        name=f"{options.folds}-fold",
        capture_hardware_metrics=False,
        capture_stdout=False,
        capture_stderr=False,
    )
    parent_id = parent["sys/id"].fetch()
    group = f"kfold {parent_id}"
    parent["sys/group_tags"].add(group)

    metrics = []
    for number, fold in enumerate(folds, start=1):
        trainer = train(fold, options, name=f"fold_{number}", parent=parent_id, group_tags=[group])
        add_child(parent, trainer.run_id)
        metrics.append(trainer.metrics)
    means = log_child_metrics(parent, metrics)
    print(f"{parent_id}: mean mAP50 of {len(folds)} folds: {means['metrics/mAP50(B)']:.3f}")
    parent.stop()


def train(fold: Path, options: argparse.Namespace, **settings: Any) -> Any:
    """Train on all parts but one and return the trainer, whose metrics are those of best.pt on that part."""
    model = YOLO(options.model)
    model.train(
        data=str(fold),
        trainer=NeptuneDetectionTrainer.with_settings(project=PROJECT, **settings),
        epochs=options.epochs,
        imgsz=options.imgsz,
        batch=8,
        device=options.device,
        plots=False,
        project=str(Path("kfold").absolute() / "runs"),
    )
    return model.trainer


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="YAML of a data set; handwritten digits by default")
    parser.add_argument("--model", default="yolo11n.yaml", help="model to begin with")
    parser.add_argument("--folds", type=int, default=3, help="number of folds, from 2")
    parser.add_argument("--epochs", type=int, default=3, help="epochs of each training")
    parser.add_argument("--imgsz", type=int, default=64, help="size of the images in pixels")
    parser.add_argument("--device", default="cpu", help="device, as Ultralytics names it")
    main(parser.parse_args())
