"""Trains on a data set, changes one label, and goes on in the same run: python surroundings_program.py <folder>."""

import sys
from pathlib import Path

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer
from neptune_yolo.demo.digits import make_digits
from neptune_yolo.policies import DatasetPolicy


def train(data: Path, folder: Path, trainer: type[NeptuneDetectionTrainer]) -> str | None:
    model = YOLO("yolo11n.yaml")
    arguments = {"epochs": 1, "imgsz": 64, "batch": 8, "device": "cpu", "plots": False, "project": str(folder)}
    model.train(data=str(data), trainer=trainer, **arguments)
    return model.trainer.run_id


def main(folder: Path, *_others: str) -> None:
    data = make_digits(folder / "digits ä", train=16, val=8, size=64)
    quiet = NeptuneDetectionTrainer.with_settings(source_files=(), capture_hardware_metrics=False)
    first = quiet.with_settings(parent="YOL-77", dataset=DatasetPolicy(track_files=True))
    run_id = train(data, folder, first)
    label = data.parent / "labels" / "train" / "train-00003.txt"
    label.write_text("3 0.5 0.5 0.3 0.3\n", encoding="utf-8")
    train(data, folder, quiet.with_settings(with_id=run_id))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
