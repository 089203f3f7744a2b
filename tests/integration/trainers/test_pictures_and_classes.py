"""Pictures, curves, metrics of classes and times of one training, read back through the real client."""

import json
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

pytestmark = pytest.mark.training

BATCHES = 2
EPOCHS = 3


def test_pictures_curves_classes_and_times_of_a_training(start_training: Any, read_run: Any) -> None:
    training = start_training(
        arguments={"plots": True, "epochs": EPOCHS, "close_mosaic": 1},
        settings={"batch_losses_every": 3, "tensorboard": True},
    )
    training.go_on()
    output = training.finish()
    assert training.process.returncode == 0, output
    assert "errors of logging" not in output
    run = read_run(training.run_id)

    check_series_of_pictures(run, training.save_dir)
    check_figures(run)
    check_classes(run)
    check_times(run)
    check_standing(run, training.csv_rows())
    steps = [step for step, _ in run["batch/box_loss"]]
    assert steps == [1.5, 3.0]  # the third and the sixth of six batches
    check_event_files(run, training.save_dir)


def check_event_files(run: Any, save_dir: Path) -> None:
    """TensorBoard's own reader finds the series, with the same points, and the arguments."""
    events = EventAccumulator(str(save_dir), size_guidance={"images": 0, "scalars": 0})
    events.Reload()
    tags = events.Tags()
    for path in ("train/box_loss", "metrics/mAP50(B)", "lr/pg0"):
        points = [[event.step, event.value] for event in events.Scalars(path)]
        assert points == [pytest.approx(point) for point in run[path]]
    assert [event.step for event in events.Scalars("batch/box_loss")] == [1500, 3000]
    pictures = run["Mosaic/series/train_batch_0"]
    assert [len(event.encoded_image_string) for event in events.Images("Mosaic/series/train_batch_0")] == [
        Path(file).stat().st_size for file in pictures
    ]
    assert "arguments" in tags["tensors"]


def check_series_of_pictures(run: Any, save_dir: Path) -> None:
    """Batches 0, 2 and 4 are the first of their epochs, 1 and 5 the second; 4 and 5 have no mosaic."""
    for number in (0, 1):
        pictures = [Path(file).stat().st_size for file in run[f"Mosaic/series/train_batch_{number}"]]
        of_epochs = [save_dir / f"train_batch{number + BATCHES * epoch}.jpg" for epoch in range(EPOCHS)]
        assert pictures == [file.stat().st_size for file in of_epochs if file.exists()]
        assert len(pictures) >= 2
    assert len(run["Validation/series/val_batch0_pred"]) == 1
    assert run.below("Plots/series/") == {}


def check_figures(run: Any) -> None:
    names = {"BoxPR_curve", "BoxF1_curve", "BoxP_curve", "BoxR_curve", "confusion_matrix"}
    assert set(run.below("Plots/data/")) == set(run.below("Plots/charts/")) == names
    matrix = json.loads(Path(run["Plots/data/confusion_matrix"]).read_text(encoding="utf-8"))
    assert len(matrix["matrix"]) == len(matrix["names"]) == 11
    curve = json.loads(Path(run["Plots/data/BoxPR_curve"]).read_text(encoding="utf-8"))
    assert curve["step"] is None
    assert len(curve["y"]) == len(curve["class_names"]) == len(curve["labels"])
    assert sum(curve["scores"]) / len(curve["scores"]) == pytest.approx(run["final/metrics/mAP50(B)"], abs=1e-4)
    assert "Evaluation of best.pt" in Path(run["Plots/charts/BoxPR_curve"]).read_text(encoding="utf-8")


def check_classes(run: Any) -> None:
    """The mean over the classes with labels is Ultralytics' own metric."""
    classes = {path.split("/")[0] for path in run.below("metrics/per_class/")}
    assert 5 < len(classes) <= 10
    for metric, name in (("AP50-95(B)", "mAP50-95(B)"), ("recall(B)", "recall(B)")):
        rows = [run[f"metrics/per_class/{each}/{metric}"] for each in classes]
        means = [[points[0][0], sum(value for _, value in points) / len(points)] for points in zip(*rows, strict=True)]
        assert means == [[step, pytest.approx(value, abs=1e-4)] for step, value in run[f"metrics/{name}"]]


def check_times(run: Any) -> None:
    for path in ("epoch/time_seconds", "epoch/images_per_second", "speed/inference", "speed/postprocess"):
        assert [step for step, _ in run[path]] == [1, 2, 3]
        assert all(value > 0 for _, value in run[path])
    assert "epoch/gpu_memory_GiB" not in run


def check_standing(run: Any, rows: list[dict[str, str]]) -> None:
    fitness = [float(row["metrics/mAP50-95(B)"]) for row in rows]
    best = max(epoch for epoch, value in enumerate(fitness, start=1) if value == max(fitness))
    assert run["best/epoch"] == best
    assert run["best/fitness"] == pytest.approx(max(fitness), abs=1e-5)
    assert run["best/metrics/mAP50(B)"] == float(rows[best - 1]["metrics/mAP50(B)"])
    assert run["last/epoch"] == EPOCHS
    assert run["last/val/box_loss"] == float(rows[-1]["val/box_loss"])
    assert [value for _, value in run["metrics/fitness"]] == pytest.approx(fitness, abs=1e-5)
