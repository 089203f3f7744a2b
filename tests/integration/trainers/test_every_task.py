"""Each trainer, trained for real on data of its task, and read back: a process and a server for a few of them.

The text encoders of World and YOLOE are the only parts that are not Ultralytics' own: their weights are downloaded.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo import trainers
from neptune_yolo.tracking.prediction_data import from_json
from neptune_yolo.transfer.ultralytics_runs.folders import FolderKind, FoundFolder
from neptune_yolo.transfer.ultralytics_runs.importing import read_folder

pytestmark = pytest.mark.training

FOLDER = Path(__file__).parent
TIMEOUT_SECONDS = 300
READ_ALL = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import reading_program
PARTS = ("train", "val", "metrics", "lr", "final", "training", "weights", "Mosaic", "Validation", "Plots")
def is_wanted(path):
    part, _, below = path.partition("/")
    if part == "predictions":
        return below.startswith("data/") or below in ("names/0", "pictures/0")
    return part in PARTS and not below.startswith(("series/", "data/", "charts/", "per_class/"))
for run_id in json.loads(sys.argv[3]):
    folder = Path(sys.argv[2]) / run_id
    folder.mkdir()
    reading_program.main("local/yolo", run_id, folder, is_wanted)
"""
GROUPS = {
    "without texts": {
        "segment": "NeptuneSegmentationTrainer",
        "pose": "NeptunePoseTrainer",
        "obb": "NeptuneOBBTrainer",
        "rtdetr": "NeptuneRTDETRTrainer",
        "classify": "NeptuneClassificationTrainer",
        "semantic": "NeptuneSemanticSegmentationTrainer",
        "depth": "NeptuneDepthTrainer",
    },
    "with texts": {
        "world": "NeptuneWorldTrainer",
        "world from scratch": "NeptuneWorldTrainerFromScratch",
        "yoloe": "NeptuneYOLOETrainer",
        "yoloe from scratch": "NeptuneYOLOETrainerFromScratch",
        "yoloe visual": "NeptuneYOLOEVPTrainer",
        "yoloe probing": "NeptuneYOLOEPETrainer",
        "yoloe without prompts": "NeptuneYOLOEPEFreeTrainer",
        "yoloe-seg": "NeptuneYOLOESegTrainer",
        "yoloe-seg from scratch": "NeptuneYOLOESegTrainerFromScratch",
        "yoloe-seg visual": "NeptuneYOLOESegVPTrainer",
        "yoloe-seg probing": "NeptuneYOLOEPESegTrainer",
    },
}
"""Case of the program -> trainer; the cases of a group are trained by one process, which costs seconds to start."""

PLOTS = {
    "segment": ("BoxPR_curve", "BoxF1_curve", "MaskPR_curve", "MaskF1_curve", "confusion_matrix", "labels", "results"),
    "pose": ("BoxPR_curve", "BoxF1_curve", "PosePR_curve", "PoseF1_curve", "confusion_matrix", "labels", "results"),
    "semantic": ("labels", "results"),
}
METRICS = {
    "segment": {"precision(B)", "recall(B)", "mAP50(B)", "mAP50-95(B)"}
    | {"precision(M)", "recall(M)", "mAP50(M)", "mAP50-95(M)"},
    "pose": {"precision(B)", "recall(B)", "mAP50(B)", "mAP50-95(B)"}
    | {"precision(P)", "recall(P)", "mAP50(P)", "mAP50-95(P)"},
    "classify": {"accuracy_top1", "accuracy_top5"},
    "semantic": {"mIoU", "pixel_acc"},
    "depth": {"delta1", "delta2", "delta3", "abs_rel", "rmse", "silog"},
}


@dataclass(frozen=True)
class Trainings:
    """What the program left: what it says of each case, its output, and the runs as read by another process."""

    cases: dict[str, dict[str, Any]]
    output: str
    folder: Path

    def run(self, name: str) -> dict[str, dict[str, Any]]:
        file = self.folder / "read" / self.cases[name]["run_id"] / "run.json"
        content: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        return content

    def rows(self, name: str) -> list[dict[str, str]]:
        with (Path(self.cases[name]["save_dir"]) / "results.csv").open(encoding="utf-8") as file:
            return [{key.strip(): value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


def run_program(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def train_all(names: Iterable[str], folder: Path) -> Trainings:
    output = run_program(folder, str(FOLDER / "task_program.py"), str(folder), *names)
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    run_ids = [case["run_id"] for case in cases.values() if "run_id" in case]
    (folder / "read").mkdir()
    run_program(folder, "-c", READ_ALL, str(FOLDER), str(folder / "read"), json.dumps(run_ids))
    return Trainings(cases, output, folder)


def test_no_trainer_is_left_out() -> None:
    """All but the one for detection, which has its own tests."""
    public = {name for name in trainers.__all__ if "Trainer" in name} - {"NeptuneTrainerMixin"}
    tested = [trainer for group in GROUPS.values() for trainer in group.values()]

    assert sorted([*tested, "NeptuneDetectionTrainer"]) == sorted(public)


@pytest.mark.parametrize("group", ["without texts", pytest.param("with texts", marks=pytest.mark.thorough)])
def test_a_training_of_each_task_is_in_its_run(group: str, tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    trainings = train_all(GROUPS[group], tmp_path / "tasks")
    assert list(trainings.cases) == list(GROUPS[group])
    for name, case in trainings.cases.items():
        assert "error" not in case, f"{name}: {case['error']}"
        assert case["trainer"] == GROUPS[group][name]
        run = trainings.run(name)
        assert run["training/status"]["value"] == "completed"
        assert run["training/epochs_completed"]["value"] == case["epochs"]
        assert "training/log_errors" not in run, run["training/log_errors"]
        check_scalars(run, trainings.rows(name), case)
        check_checkpoints(run, Path(case["save_dir"]), case)
        check_plots(run, Path(case["save_dir"]), PLOTS.get(name, ()))
        check_predictions(run, case["task"])
        check_import(run, Path(case["save_dir"]))
    assert "errors of logging" not in trainings.output
    assert "not sent yet" not in trainings.output


def check_scalars(run: dict[str, Any], rows: list[dict[str, str]], case: dict[str, Any]) -> None:
    """Every scalar of results.csv, which has six digits, is a point of a series, and there are no others beside."""
    assert len(rows) == case["epochs"]
    columns = [column for column in rows[0] if column not in ("epoch", "time")]
    for column in columns:
        points = [[step, f"{value:.6g}"] for step, value in run[column]["value"]]
        assert points == [[float(row["epoch"]), row[column]] for row in rows], column
    train, val = below(run, "train/"), below(run, "val/")
    assert train == val == set(case["loss_names"])
    metrics = {column.removeprefix("metrics/") for column in columns if column.startswith("metrics/")}
    assert metrics >= METRICS.get(case["name"], {"mAP50(B)", "mAP50-95(B)"})
    assert below(run, "metrics/") == metrics | {"fitness"}
    final = {path.removeprefix("final/"): run[path]["value"] for path in run if path.startswith("final/metrics/")}
    assert final == pytest.approx({key: value for key, value in case["final"].items() if key.startswith("metrics/")})
    assert len(final) == len(metrics)


def check_import(run: dict[str, Any], save_dir: Path) -> None:
    """An import of the folder gives the same series, the fitness included; the table has six digits."""
    folder = read_folder(FoundFolder(save_dir, save_dir.name, FolderKind.TRAINING))
    for prefix in ("train/", "val/", "metrics/", "lr/"):
        assert below(run, prefix) == {path.removeprefix(prefix) for path in folder.series if path.startswith(prefix)}
        for path in (path for path in folder.series if path.startswith(prefix)):
            points = [[point.step, f"{point.value:.5g}"] for point in folder.series[path]]
            assert points == [[step, f"{value:.5g}"] for step, value in run[path]["value"]], path
    assert folder.values["training/status"] == "completed"


def below(run: dict[str, Any], prefix: str) -> set[str]:
    return {path.removeprefix(prefix) for path in run if path.startswith(prefix)}


def check_checkpoints(run: dict[str, Any], save_dir: Path, case: dict[str, Any]) -> None:
    """The files of the run are those on disk as the training left them, and Ultralytics loads them."""
    for name in ("best", "last"):
        uploaded = Path(run[f"weights/{name}"]["value"])
        assert uploaded.read_bytes() == (save_dir / "weights" / f"{name}.pt").read_bytes()
    assert case["tasks_of_checkpoints"] == [case["task"]] * 2


def check_plots(run: dict[str, Any], save_dir: Path, names: tuple[str, ...]) -> None:
    uploaded = {Path(value["value"]).read_bytes() for value in run.values() if value["type"] == "File"}
    pictures = [file for file in save_dir.iterdir() if file.suffix in (".png", ".jpg")]
    assert [file.name for file in pictures if file.read_bytes() not in uploaded] == []
    assert [name for name in names if f"Plots/{name}" not in run] == []
    assert bool(names) == bool(pictures)


def check_predictions(run: dict[str, Any], task: str) -> None:
    """The eight validation images, in the first epoch and with best.pt, in the words of the task."""
    assert len(run["predictions/pictures/0"]["value"]) == 2
    for name, epoch in (("epoch_0001", 1), ("final", None)):
        file = Path(run[f"predictions/data/{name}"]["value"])
        data = from_json(file.read_text(encoding="utf-8"))
        assert (data.task, data.final, len(data.images)) == (task, epoch is None, 8)
        assert data.images[0].file == run["predictions/names/0"]["value"]
        for image in data.images:
            assert (image.width, image.height, image.picture_scale) == (64, 64, 1)
            results = (image.classification, image.semantic, image.depth)
            assert [result is not None for result in results] == [task == t for t in ("classify", "semantic", "depth")]
            assert bool(image.ground_truth) == (not any(results))
            for truth in image.ground_truth:
                shapes = {"segment": truth.polygons, "pose": truth.keypoints, "obb": truth.corners}
                assert {t for t, shape in shapes.items() if shape} == {task} & shapes.keys()
