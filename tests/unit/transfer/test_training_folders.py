"""What is read from folders of trainings: all versions, and what is broken."""

import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from neptune_yolo.transfer.ultralytics_runs.columns import column_path
from neptune_yolo.transfer.ultralytics_runs.folders import FolderKind, find_folders
from neptune_yolo.transfer.ultralytics_runs.importing import RunsImport, read_folder
from neptune_yolo.transfer.ultralytics_runs.recorded import RecordedRun
from tests.training_folders import (
    CLASSIFICATION,
    DETECTION,
    NOW_SECONDS,
    PNG,
    SEGMENTATION,
    make_training,
    make_weights,
    make_yolov5,
    set_times,
)

LATER = datetime.fromtimestamp(NOW_SECONDS + 86_400, UTC)


def read(folder: Path) -> RecordedRun:
    (found,) = find_folders(folder).folders
    return read_folder(found, LATER)


def points(run: RecordedRun, path: str) -> list[tuple[int, float | str]]:
    return [(point.step, point.value) for point in run.series[path]]


def test_a_training_is_read_under_the_paths_of_the_trainers(tmp_path: Path) -> None:
    run = read(make_training(tmp_path / "train2"))

    assert run.name == "train2"
    assert run.problems == []
    assert points(run, "train/box_loss") == [(1, 0.102), (2, 0.202), (3, 0.302)]
    assert points(run, "lr/pg1") == [(1, 0.113), (2, 0.213), (3, 0.313)]
    assert points(run, "epoch/time_seconds") == [(1, 10.5), (2, 10.5), (3, 10.5)]
    times = [point.at.timestamp() for point in run.series["train/box_loss"]]
    assert times == [NOW_SECONDS - 21, NOW_SECONDS - 10.5, NOW_SECONDS]
    assert run.started.timestamp() == NOW_SECONDS - 31.5
    assert run.values["training/status"] == "completed"
    assert run.values["training/epochs_completed"] == run.values["training/epochs_planned"] == 3
    assert run.values["best/epoch"] == run.values["last/epoch"] == run.values["checkpoints/best/epoch"] == 3
    assert run.values["checkpoints/best/metrics/mAP50-95(B)"] == run.values["best/metrics/mAP50-95(B)"] == 0.308
    assert run.values["Configuration/Hyperparameters/imgsz"] == 640
    assert run.values["dataset/name"] == "coco8"
    assert set(run.files) == {
        *("weights/best", "weights/last", "training/results", "Mosaic/train_batch0", "Plots/labels", "Plots/results"),
        *("Validation/val_batch0_pred", "Validation/val_batch0_labels"),
    }
    assert run.pictures["Validation/series/val_batch0_pred"][1] == 3


@pytest.mark.parametrize(
    ("options", "fitness"),
    [
        ({"metrics": DETECTION}, 0.1 * 0.307 + 0.9 * 0.308),
        ({"metrics": DETECTION, "arguments": {"compile": False}}, 0.308),
        ({"metrics": SEGMENTATION, "arguments": {"task": "segment"}}, 0.1 * (0.307 + 0.311) + 0.9 * (0.308 + 0.312)),
        ({"metrics": CLASSIFICATION, "arguments": {"task": "classify", "data": "imagenet10"}}, (0.305 + 0.306) / 2),
        ({"metrics": DETECTION, "is_padded": True, "first": 0, "with_time": False}, 0.1 * 0.306 + 0.9 * 0.307),
    ],
    ids=["detect", "detect now", "segment", "classify", "the first versions of YOLOv8"],
)
def test_every_task_and_version_is_read(tmp_path: Path, options: dict[str, object], fitness: float) -> None:
    run = read(make_training(tmp_path / "train", **options))  # type: ignore[arg-type] # keywords of several types

    assert run.problems == []
    assert [step for step, _ in points(run, "metrics/fitness")] == [1, 2, 3]
    assert points(run, "metrics/fitness")[-1][1] == pytest.approx(fitness)
    assert run.values["best/fitness"] == pytest.approx(fitness)
    assert ("epoch/time_seconds" in run.series) == options.get("with_time", True)


@pytest.mark.parametrize("as_text", [False, True], ids=["results.csv", "results.txt"])
def test_yolov5_is_read_under_the_names_of_today(tmp_path: Path, *, as_text: bool) -> None:
    run = read(make_yolov5(tmp_path / "exp", as_text=as_text))

    assert run.problems == []
    assert [step for step, _ in points(run, "train/obj_loss")] == [1, 2, 3]
    assert {f"metrics/{name}" for name in ("precision(B)", "recall(B)", "mAP50(B)", "mAP50-95(B)")} <= set(run.series)
    assert {"val/box_loss", "val/obj_loss", "val/cls_loss"} <= set(run.series)
    assert ("lr/pg0" in run.series) is not as_text
    assert run.values["Configuration/Hyperparameters/batch"] == 16
    assert run.values["Configuration/Hyperparameters/lr0"] == 0.01
    assert run.values["Configuration/Hyperparameters/model"] == "yolov5s.pt"
    assert "Validation/val_batch0_pred" in run.files
    assert run.started.timestamp() == NOW_SECONDS - 5000
    assert run.values["environment/host"] == "gpu-host"
    assert run.values["training/status"] == "completed"


def test_of_equal_epochs_the_last_is_the_best(tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", arguments={"compile": False})
    lines = (folder / "results.csv").read_text(encoding="utf-8").splitlines()
    lines[2], lines[3] = lines[2].replace("0.208", "0.9"), lines[3].replace("0.308", "0.9")
    (folder / "results.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    assert read(folder).values["best/epoch"] == 3


@pytest.mark.parametrize(
    ("column", "path"),
    [
        ("test/loss", "val/loss"),
        ("x/lr2", "lr/pg2"),
        ("lr/0", "lr/pg0"),
        ("metrics/mAP_0.5:0.95(M)", "metrics/mAP50-95(M)"),
        ("metrics/accuracy_top1", "metrics/accuracy_top1"),
        ("train/seg_loss", "train/seg_loss"),
    ],
)
def test_old_columns_have_the_names_of_today(column: str, path: str) -> None:
    assert column_path(column) == path


def test_only_trainings_and_searches_are_found(tmp_path: Path) -> None:
    make_training(tmp_path / "detect" / "train10")
    make_training(tmp_path / "detect" / "train2")
    (tmp_path / "detect" / "val").mkdir()
    (tmp_path / "detect" / "val" / "confusion_matrix.png").write_bytes(PNG)
    (tmp_path / "detect" / "predict").mkdir()
    (tmp_path / "detect" / "predict" / "bus.jpg").write_bytes(PNG)
    (tmp_path / "detect" / "latest").symlink_to(tmp_path / "detect" / "train2")
    (tmp_path / "tune").mkdir()
    (tmp_path / "tune" / "best_hyperparameters.yaml").write_text("lr0: 0.1\n", encoding="utf-8")

    found = find_folders(tmp_path)

    assert [(folder.name, folder.kind) for folder in found.folders] == [
        ("detect/train2", FolderKind.TRAINING),
        ("detect/train10", FolderKind.TRAINING),
        ("tune", FolderKind.SEARCH),
    ]
    assert {skipped.name for skipped in found.skipped} == {"detect/val", "detect/latest"}


def test_what_is_broken_is_told_and_left_out(tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", planned=5)
    lines = (folder / "results.csv").read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("0.202", "nan").replace("0.203", "many")
    (folder / "results.csv").write_text("\n".join([*lines, lines[0], "4,42.0,0.4,0."]), encoding="utf-8")
    (folder / "args.yaml").write_text("task: [unclosed\n", encoding="utf-8")
    (folder / "weights" / "best.pt").unlink()
    (folder / "weights" / "last.pt").write_bytes(b"torn")
    set_times(folder)

    run = read(folder)

    assert points(run, "train/box_loss") == [(1, 0.102), (3, 0.302)]
    assert points(run, "train/cls_loss") == [(1, 0.103), (3, 0.303)]
    assert run.files["weights/last"].name == "last.pt"
    text = "\n".join(run.problems)
    for part in (
        "args.yaml is not readable YAML",
        "line 3 has 'many' for train/cls_loss",
        "line 6 has 4 of 14 values",
        "1 values are nan or inf",
        "there is no weights/best.pt",
        "weights/last.pt is torn",
    ):
        assert part in text


def test_epochs_that_were_trained_again_are_there_once_and_time_goes_on(tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", planned=4)
    text = (folder / "results.csv").read_text(encoding="utf-8").splitlines()
    again = ["3,5.0," + text[3].split(",", 2)[2], "4,15.0," + text[3].split(",", 2)[2]]
    (folder / "results.csv").write_text("\n".join([*text, *again]) + "\n", encoding="utf-8")
    set_times(folder)

    run = read(folder)

    assert [step for step, _ in points(run, "train/box_loss")] == [1, 2, 3, 4]
    assert points(run, "epoch/time_seconds")[-1] == (4, 15.0)
    assert any("1 epochs come again after a restart" in problem for problem in run.problems)


def test_links_out_of_the_folder_and_pipes_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    folder = make_training(tmp_path / "runs" / "train")
    (folder / "picture.png").symlink_to(secret)
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (folder / "weights" / "epoch0.pt").symlink_to("last.pt")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.png")

    run = read(tmp_path / "runs")

    assert secret not in run.files.values()
    assert not {"Plots/picture", "Plots/loop", "Plots/pipe"} & set(run.files)
    assert run.files["weights/epoch_1"].name == "epoch0.pt"
    assert sum("link out of the folder" in problem for problem in run.problems) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: [*a, *a]\n",
        "- a list\n",
        "\x00\x01",
        "a: " + "[" * 2000,
        "save_dir: !!python/object/apply:os.system ['touch loaded']\n",
        "x: " + "y" * 5_000_000,
    ],
    ids=["aliases", "no names", "binary", "deep", "a program", "large"],
)
def test_hostile_arguments_do_nothing(tmp_path: Path, text: str) -> None:
    folder = make_training(tmp_path / "train")
    (folder / "args.yaml").write_text(text, encoding="utf-8")
    set_times(folder)

    run = read(folder)

    assert not Path("loaded").exists()
    assert len(run.series["train/box_loss"]) == 3
    assert "python" in text or any("args.yaml" in problem for problem in run.problems)


def test_a_path_of_the_standard_library_is_read_as_its_text(tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train")
    text = "save_dir: !!python/object/apply:pathlib.PosixPath\n- /\n- runs\n- train\nepochs: 3\n"
    (folder / "args.yaml").write_text(text, encoding="utf-8")

    assert read(folder).values["training/save_dir"] == "/runs/train"


def test_a_training_is_known_again_wherever_it_lies_and_however_long_it_has_become(tmp_path: Path) -> None:
    first = read(make_training(tmp_path / "a" / "train"))
    shutil.copytree(tmp_path / "a" / "train", tmp_path / "b" / "train")
    longer = read(make_training(tmp_path / "b" / "train", epochs=5, arguments={"resume": "last.pt"}))
    other = read(make_training(tmp_path / "c" / "train", arguments={"data": "other.yaml"}))

    assert first.key == longer.key
    assert first.fingerprint != longer.fingerprint
    assert first.key != other.key


def test_copies_are_imported_once(tmp_path: Path) -> None:
    make_training(tmp_path / "a" / "train")
    shutil.copytree(tmp_path / "a" / "train", tmp_path / "b" / "train")

    report = RunsImport(None, "", lambda *_: None).run(tmp_path)

    assert [run.outcome for run in report.runs] == ["new", "skipped"]
    assert "it is a copy of a/train" in report.runs[1].problems[0]


def test_a_training_that_ended_early_says_so(tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", planned=9)
    (folder / "results.png").unlink()

    run = read(folder)

    assert run.values["training/status"] == "interrupted"
    assert "epoch 3 of 9" in str(run.values["training/reason"])


def test_a_training_that_lost_its_patience_is_completed(tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", epochs=5, planned=9, arguments={"patience": 3, "compile": False})
    lines = (folder / "results.csv").read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("0.208", "0.9")  # mAP50-95 of the second epoch
    (folder / "results.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "results.png").unlink()

    run = read(folder)

    assert run.values["best/epoch"] == 2
    assert run.values["last/epoch"] == 5
    assert run.values["training/status"] == "completed"


def test_epochs_without_a_validation_have_no_metrics(tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", arguments={"val": False})
    lines = [line.split(",") for line in (folder / "results.csv").read_text(encoding="utf-8").splitlines()]
    lines[1][5:12] = ["0"] * 7  # as Ultralytics writes before the first validation
    lines[3][5:12] = lines[2][5:12]  # and after one
    (folder / "results.csv").write_text("".join(f"{','.join(line)}\n" for line in lines), encoding="utf-8")

    run = read(folder)

    assert [step for step, _ in points(run, "metrics/mAP50(B)")] == [2]
    assert [step for step, _ in points(run, "val/box_loss")] == [2]
    assert len(run.series["train/box_loss"]) == 3


def test_the_data_set_is_described_only_by_what_describes_one(tmp_path: Path) -> None:
    yaml = tmp_path / "traffic" / "data.yaml"
    yaml.parent.mkdir()
    yaml.write_text("path: /data\ntrain: images\nval: images\nnames: {0: car, 1: bus}\n", encoding="utf-8")
    run = read(make_training(tmp_path / "train", arguments={"data": str(yaml)}))
    assert run.values["dataset/name"] == "traffic"
    assert run.values["dataset/classes"] == '["car", "bus"]'
    assert run.values["dataset/nc"] == 2
    assert run.texts["dataset/yaml"][0].startswith("path: /data")

    for text in ("password: hunter2\n", "names: [a]\npassword: hunter2\n"):
        yaml.write_text(text, encoding="utf-8")
        run = read(tmp_path / "train")
        assert "dataset/yaml" not in run.texts
        assert "data.yaml is no description" in "\n".join(run.problems)


def test_a_search_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "tune"
    folder.mkdir()
    table = "fitness,lr0,momentum\n  0.5,0.01,0.9\n0.7,0.02,0.8\n0.0,0.3,0.7\n0.6,0.0"
    (folder / "tune_results.csv").write_text(table, encoding="utf-8")
    (folder / "best_hyperparameters.yaml").write_text("lr0: 0.02\n", encoding="utf-8")
    (folder / "tune_fitness.png").write_bytes(PNG)
    make_weights(folder, "best")

    run = read(folder)

    assert points(run, "tune/fitness") == [(1, 0.5), (2, 0.7)]
    assert points(run, "tune/lr0") == [(1, 0.01), (2, 0.02), (3, 0.3)]
    assert (run.values["tune/best/trial"], run.values["tune/best/fitness"]) == (2, 0.7)
    assert run.values["tune/best/hyperparameters/momentum"] == 0.8
    assert (run.values["tune/trials_completed"], run.values["tune/trials_failed"]) == (2, 1)
    assert {"tune/results", "tune/best_hyperparameters", "tune/plots/fitness", "weights/best"} <= set(run.files)
    assert run.problems == ["tune_results.csv: line 5 is no trial"]

    (folder / "tune_results.csv").write_text(f"{table}2,0.5\n0.8,0.04,0.9\n", encoding="utf-8")
    assert read(folder).key == run.key
    (folder / "tune_results.csv").write_text(table.replace("0.02", "0.03"), encoding="utf-8")
    assert read(folder).key != run.key


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are no text")
def test_names_that_no_server_takes_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"tr\xffain")
    make_training(folder, arguments={"n" * 2000: 1, "long": "x" * 50_000, "tab\there": 1})
    (folder / os.fsdecode(b"pic\xff.png")).write_bytes(PNG)
    text = (folder / "results.csv").read_text(encoding="utf-8")
    named = text.replace("lr/pg0", "sys/id").replace("lr/pg1", "training/status").replace("train/dfl_loss", "a\u0007b")
    (folder / "results.csv").write_text(named, encoding="utf-8")
    set_times(folder)

    run = read(tmp_path)

    assert run.name == "tr?ain"
    assert all(path.isprintable() and len(path) < 501 and not path.startswith("sys/") for path in run.paths())
    assert "training/status" not in run.series
    assert len(str(run.values["Configuration/Hyperparameters/long"])) == 16_000
    json.dumps([*run.paths(), *map(str, run.values.values()), *run.problems]).encode()
    for part in ("Plots/pic? is left out", "sys/id is left out", "the column of training/status"):
        assert part in str(run.values["import/problems"])
