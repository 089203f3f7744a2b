"""Predictions of a real training: the same images in every epoch, and a training that does not notice."""

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from neptune_yolo.tracking.prediction_data import PredictionData, PredictionStatus, TruthStatus, from_json

pytestmark = pytest.mark.training

PROGRAM = """
import sys
from pathlib import Path
from ultralytics import YOLO
from neptune_yolo import NeptuneDetectionTrainer
from neptune_yolo.policies import PredictionPolicy

data, project = sys.argv[1:]
policy = PredictionPolicy(images=3, every=2, confidence=0.001, max_boxes=20)
trainer = NeptuneDetectionTrainer.with_settings(predictions=policy, source_files=(), git_ref=False)
for name, chosen in {"bare": None, "with": trainer}.items():
    model = YOLO("yolo11n.yaml")
    model.train(
        trainer=chosen, data=data, project=project, name=name, epochs=2, imgsz=64, rect=True, batch=8, nbs=8,
        optimizer="SGD", lr0=0.02, warmup_epochs=0, device="cpu", plots=False, mosaic=0.0,
    )
(Path(project) / "run_id").write_text(model.trainer.run_id)
"""


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(encoding="utf-8") as file:
        return [{name: value for name, value in row.items() if name.strip() != "time"} for row in csv.DictReader(file)]


def test_predictions_of_the_same_images_and_the_metrics_of_a_bare_training(
    digits: Path, tmp_path: Path, read_run: Any
) -> None:
    project = tmp_path / "runs ä"
    program = [sys.executable, "-c", PROGRAM, str(digits), str(project)]
    done = subprocess.run(
        program,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=120,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stdout
    assert "errors of logging" not in done.stdout
    assert len(rows(project / "with")) == 2
    assert rows(project / "with") == rows(project / "bare")

    run = read_run((project / "run_id").read_text(encoding="utf-8"), below="predictions/")
    data = {
        name: from_json(Path(file).read_text(encoding="utf-8")) for name, file in run.below("predictions/data/").items()
    }
    assert sorted(data) == ["epoch_0001", "epoch_0002", "final"]
    check_images(run, data, digits.parent)
    check_objects(data["final"], digits.parent)


def check_images(run: Any, data: dict[str, PredictionData], folder: Path) -> None:
    """The same images of the data set in each epoch, each with a clean picture, and one drawn for each epoch."""
    (files,) = {tuple(image.file for image in recorded.images) for recorded in data.values()}
    assert len(files) == 3
    for index, file in enumerate(files):
        assert (folder / file).is_file()
        assert run[f"predictions/names/{index}"] == file
        with Image.open(run[f"predictions/images/{index}"]) as clean, Image.open(folder / file) as original:
            assert clean.size == original.size
        drawn = run[f"predictions/pictures/{index}"]
        assert len(drawn) == 3
        assert len({Path(one).read_bytes() for one in drawn}) == 3


def check_objects(data: PredictionData, folder: Path) -> None:
    """Labels stand where the label files have them; a prediction is right if it overlaps one, as its IoU says."""
    assert (data.task, data.final, data.step) == ("detect", True, 2)
    assert sum(len(image.predictions) for image in data.images) > 0
    for image in data.images:
        label = (folder / "labels" / "val" / image.name).with_suffix(".txt")
        lines = [[float(part) for part in line.split()] for line in label.read_text(encoding="utf-8").splitlines()]
        boxes = [
            pytest.approx([(x - w / 2) * 64, (y - h / 2) * 64, (x + w / 2) * 64, (y + h / 2) * 64], abs=0.1)
            for _, x, y, w, h in lines
        ]
        assert [list(truth.box) for truth in image.ground_truth] == boxes
        assert [truth.class_index for truth in image.ground_truth] == [int(line[0]) for line in lines]
        assert len(image.predictions) <= 20
        confidences = [one.confidence for one in image.predictions]
        assert confidences == sorted(confidences, reverse=True)
        right = [one for one in image.predictions if one.status is PredictionStatus.TP]
        assert all(one.iou is not None and one.iou >= 0.5 for one in right)
        found = [truth for truth in image.ground_truth if truth.status is TruthStatus.MATCHED]
        assert len(found) == len(right)
