"""A training from start to end, read back through the real client in a second process."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from neptune_yolo.tracking.attribute_paths import ATTRIBUTES
from neptune_yolo.tracking.hyperparameters import parse_hyperparameters

pytestmark = pytest.mark.training

CLIENTS_OWN = ("sys/", "monitoring/", "source_code/")


def test_everything_that_a_training_leaves_is_in_the_run(start_training: Any, read_run: Any, tmp_path: Path) -> None:
    training = start_training(
        "digits ä b",
        trainer="CustomMetricsTrainer",
        arguments={"plots": True},
        settings={"group_tags": ["group"], "description": "what for"},
    )
    training.go_on()
    output = training.finish()
    assert training.process.returncode == 0, output
    run = read_run(training.run_id)

    assert "errors of logging" not in output
    assert "not sent yet" not in output
    check_scalars(training, run)
    check_hyperparameters(training, run)
    check_files(training, run)
    check_status(training, run)
    check_table_of_paths(run)
    assert run["custom/double"] == [[step, pytest.approx(2 * value)] for step, value in run["train/box_loss"]]
    predict_with(Path(run["weights/best"]), training.save_dir)
    check_import(training, run, read_run, tmp_path / "copied")


NOT_IN_THE_TABLE = ("custom/", "epoch/", "speed/", "metrics/per_class/", "metrics/fitness")


def check_scalars(training: Any, run: Any) -> None:
    """Every scalar of results.csv is a point, and no other of those names exists; the table has six digits."""
    rows = training.csv_rows()
    assert len(rows) == 3
    columns = [name for name in rows[0] if name not in ("epoch", "time")]
    logged = {path: points for path, points in run.series().items() if not path.startswith(NOT_IN_THE_TABLE)}
    assert set(logged) == set(columns)
    for column in columns:
        expected = [[float(row["epoch"]), row[column]] for row in rows]
        assert [[step, f"{value:.6g}"] for step, value in logged[column]] == expected


def check_hyperparameters(training: Any, run: Any) -> None:
    """args.yaml is what Ultralytics itself keeps of its arguments."""
    kept = yaml.safe_load((training.save_dir / "args.yaml").read_text(encoding="utf-8"))
    returned = parse_hyperparameters(run.below("Configuration/Hyperparameters/"))
    kept["workers"] = 0  # Ultralytics sets it after it has written the file
    assert returned == kept
    assert {name: type(value) for name, value in returned.items()} == {n: type(v) for n, v in kept.items()}


NOT_IN_THE_RUN = {"args.yaml", "neptune.json"}


def check_files(training: Any, run: Any) -> None:
    """Every file below save_dir but args.yaml and our own note is in the run, byte for byte."""
    uploaded = {path: Path(run[path]) for path in run.content if run.type_of(path) == "File"}
    by_content = {file.read_bytes() for file in uploaded.values()}
    on_disk = {file for file in training.save_dir.rglob("*") if file.is_file() and file.name not in NOT_IN_THE_RUN}
    assert len(on_disk) >= 15
    assert [str(file) for file in on_disk if file.read_bytes() not in by_content] == []
    for path, name in (
        ("weights/best", "weights/best.pt"),
        ("weights/last", "weights/last.pt"),
        ("training/results", "results.csv"),
        ("Mosaic/train_batch0", "train_batch0.jpg"),
        ("Validation/val_batch0_pred", "val_batch0_pred.jpg"),
        ("Plots/confusion_matrix", "confusion_matrix.png"),
        ("Plots/results", "results.png"),
        ("Plots/labels", "labels.jpg"),
    ):
        assert uploaded[path].suffix == Path(name).suffix
        assert uploaded[path].read_bytes() == (training.save_dir / name).read_bytes()
    architecture = yaml.safe_load(uploaded["Configuration/Model/architecture"].read_text(encoding="utf-8"))
    assert architecture["nc"] == 10


def check_status(training: Any, run: Any) -> None:
    assert run["training/status"] == "completed"
    assert run["training/epochs_completed"] == run["training/epochs_planned"] == 3
    assert run["training/save_dir"] == str(training.save_dir)
    assert run["sys/failed"] is False
    assert run["sys/name"] == training.save_dir.name == "digits ä b"
    assert run["sys/tags"] == ["Ultralytics"]
    assert run["sys/group_tags"] == ["group"]
    assert run["sys/description"] == "what for"
    assert "training/reason" not in run
    assert "training/log_errors" not in run
    assert run["Configuration/Model/model/parameters"] > 2_000_000
    assert run["Configuration/Model/layers"] > 100
    assert run["Configuration/Model/model/GFLOPs"] > 0
    assert run["Configuration/Model/model/speed_PyTorch(ms)"] > 0
    assert "final/metrics/mAP50(B)" in run


def check_table_of_paths(run: Any) -> None:
    """Each path that is not the client's own stands in the table, with its type."""
    types = {
        "Float": "float",
        "Integer": "integer",
        "Boolean": "boolean",
        "String": "string",
        "Datetime": "datetime",
        "FloatSeries": "float series",
        "File": "file",
        "FileSeries": "image series",
    }
    written = [path for path in run.content if not path.startswith((*CLIENTS_OWN, "custom/"))]
    for path in written:
        (attribute,) = [attribute for attribute in ATTRIBUTES if attribute.matches(path)]
        assert types[run.type_of(path)] in attribute.type


NOT_IN_THE_FOLDER = (
    *("Configuration/Model/", "Mosaic/series/", "Plots/series/", "Plots/data/", "Plots/charts/", "custom/", "final/"),
    *("dataset/train/", "dataset/val/", "dataset/hash", "dataset/class_table", "environment/", "monitoring/", "speed/"),
    *("epoch/images_per_second", "metrics/per_class/", "predictions/", "sys/", "source_code/"),
)
OTHER_VALUES = {
    *("Configuration/Hyperparameters/workers", "checkpoints/best/saved_at", "checkpoints/last/saved_at"),
    *("training/started_at", "training/ended_at", "epoch/time_seconds"),  # when it was written, not when it was done
}


def check_import(training: Any, run: Any, read_run: Any, folder: Path) -> None:
    """The folder without our note becomes a run with the same attributes, types and values."""
    shutil.copytree(training.save_dir, folder / training.save_dir.name)
    (folder / training.save_dir.name / "neptune.json").unlink()
    program = [sys.executable, "-m", "neptune_yolo.cli", "import", "ultralytics", str(folder), "--json"]
    done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    (report,) = json.loads(done.stdout)["runs"]
    imported = read_run(report["run"])

    assert {path for path in run.content if not path.startswith(NOT_IN_THE_FOLDER)} - set(imported.content) == set()
    assert {path for path in imported.content if not path.startswith(("sys/", "import/"))} - set(run.content) == set()
    for path in imported.content:
        if path in run and not path.startswith("sys/"):
            assert imported.type_of(path) == run.type_of(path), path
            if path not in OTHER_VALUES:
                assert comparable(imported, path) == comparable(run, path), path
    assert imported["sys/name"] == run["sys/name"]
    assert abs(imported["epoch/time_seconds"][-1][1] - run["epoch/time_seconds"][-1][1]) < 2


def comparable(run: Any, path: str) -> object:
    value, kind = run[path], run.type_of(path)
    if kind == "File":
        return Path(value).read_bytes()
    if kind == "FileSeries":
        return [Path(file).read_bytes() for file in value]
    if kind == "FloatSeries":
        return [[step, f"{number:.5g}"] for step, number in value]
    return f"{value:.5g}" if isinstance(value, float) else value


def predict_with(checkpoint: Path, save_dir: Path) -> None:
    code = "import sys; from ultralytics import YOLO; print(len(YOLO(sys.argv[1]).predict(sys.argv[2], imgsz=64)))"
    picture = next(save_dir.glob("train_batch0.jpg"))
    program = [sys.executable, "-c", code, str(checkpoint), str(picture)]
    done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("1")


@pytest.mark.thorough
def test_epochs_that_were_not_validated_have_no_points(start_training: Any, read_run: Any) -> None:
    training = start_training(arguments={"val": False})
    training.go_on()
    output = training.finish()
    assert training.process.returncode == 0, output
    run = read_run(training.run_id)

    series = run.series()
    assert [step for step, _ in series["train/box_loss"]] == [1, 2, 3]
    assert [step for step, _ in series["lr/pg0"]] == [1, 2, 3]
    assert [step for step, _ in series["metrics/mAP50(B)"]] == [3]  # Ultralytics validates the last epoch always
    assert [step for step, _ in series["val/box_loss"]] == [3]


@pytest.mark.thorough
def test_two_trainings_at_once_share_a_server_and_nothing_else(start_training: Any, read_run: Any) -> None:
    trainings = [start_training(name, arguments={"epochs": 2, "seed": i}) for i, name in enumerate(("one", "two"))]
    for training in trainings:
        training.go_on()
    outputs = [training.finish() for training in trainings]

    assert [training.process.returncode for training in trainings] == [0, 0], outputs
    assert len({training.run_id for training in trainings}) == 2
    for training, name in zip(trainings, ("one", "two"), strict=True):
        run = read_run(training.run_id)
        assert run["sys/name"] == name
        assert run["training/status"] == "completed"
        assert [f"{value:.6g}" for _, value in run["train/box_loss"]] == [
            row["train/box_loss"] for row in training.csv_rows()
        ]
