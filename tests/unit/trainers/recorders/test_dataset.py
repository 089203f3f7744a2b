"""The data set's facts from Ultralytics' own data sets; the run is one of the real client, kept on disk."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from ultralytics.cfg import get_cfg
from ultralytics.data.build import build_grounding, build_yolo_dataset
from ultralytics.data.dataset import ClassificationDataset, YOLOConcatDataset
from ultralytics.data.utils import check_cls_dataset, check_det_dataset

from neptune_yolo.policies import DatasetHash, DatasetPolicy
from neptune_yolo.tracking.dataset_hash import hash_dataset
from neptune_yolo.tracking.opening import OpenedRun
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.dataset_facts import class_names, description, loaded_splits, split_facts, split_files
from neptune_yolo.trainers.recorders.dataset import DatasetRecorder, tracked_paths

Operations = Callable[[str], list[dict[str, Any]]]


def picture(path: Path, width: int = 48, height: int = 32) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((height, width, 3), 128, dtype=np.uint8)).save(path)


def label(path: Path, *classes: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{number} 0.5 0.{place + 2} 0.2 0.2\n" for place, number in enumerate(classes)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three training images, one of them without objects; a validation image; two test images, one with a label."""
    folder = tmp_path_factory.mktemp("sets") / "birds ä"
    for name, width, classes in (("a", 48, (0, 1, 1)), ("b", 64, (1,)), ("c", 80, ())):
        picture(folder / f"images/train/deep/{name}.png", width)
        if classes:
            label(folder / f"labels/train/deep/{name}.txt", *classes)
    picture(folder / "images/val/d.png")
    label(folder / "labels/val/d.txt", 0)
    for name in ("e", "f"):
        picture(folder / f"images/test/{name}.png")
    label(folder / "labels/test/e.txt", 1)
    lines = ["train: images/train", "val: images/val", "test: images/test", "names: {0: owl, 1: a/b}"]
    lines += ["fold: 2", "folds: 3", "download: https://me:hunter2@host/set.zip"]
    (folder / "data.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def trainer_of(data: Any, given: Any, task: str, train: Any, val: Any) -> Any:
    """The parts of a trainer that are looked at, around Ultralytics' own data sets."""
    return SimpleNamespace(
        data=data,
        args=SimpleNamespace(data=given, split="val", task=task),
        train_loader=SimpleNamespace(dataset=train),
        test_loader=SimpleNamespace(dataset=val),
    )


@pytest.fixture(scope="module")
def trainer(folder: Path) -> Any:
    file = folder / "data.yaml"
    data = check_det_dataset(str(file))
    arguments = get_cfg(overrides={"imgsz": 64, "task": "detect"})
    sets = [build_yolo_dataset(arguments, data[split], 2, data, mode=split) for split in ("train", "val")]
    return trainer_of(data, str(file), "detect", *sets)


@pytest.fixture
def opened(logger: RunLogger) -> OpenedRun:
    return logger._opened


@pytest.fixture
def operations(written: Callable[[], Any]) -> Operations:
    return lambda path: written().at(path)


def record(logger: RunLogger, trainer: Any, policy: DatasetPolicy | None = None, first_epoch: int = 1) -> None:
    recorder = DatasetRecorder(logger, policy or DatasetPolicy())
    recorder.record(trainer, first_epoch)
    recorder.close(30)
    assert logger.ledger.summary() == ""


def value(operations: Operations, path: str) -> Any:
    return operations(path)[-1]["value"]


def uploaded(opened: OpenedRun, operations: Operations, path: str) -> str:
    (operation,) = operations(path)
    assert opened.queue_folder is not None
    return (opened.queue_folder / "upload_path" / operation["tmp_file_name"]).read_text(encoding="utf-8")


def test_name_classes_and_yaml(
    logger: RunLogger, opened: OpenedRun, operations: Operations, trainer: Any, folder: Path
) -> None:
    record(logger, trainer)

    assert value(operations, "dataset/name") == "birds ä"
    assert value(operations, "dataset/path") == str(folder)
    assert value(operations, "dataset/nc") == 2
    assert json.loads(value(operations, "dataset/classes")) == ["owl", "a/b"]
    assert (value(operations, "dataset/fold"), value(operations, "dataset/folds")) == (2, 3)
    stored = uploaded(opened, operations, "dataset/yaml")
    assert stored == (folder / "data.yaml").read_text(encoding="utf-8").replace("me:hunter2@", "***@")


def test_counts_of_every_split(logger: RunLogger, opened: OpenedRun, operations: Operations, trainer: Any) -> None:
    record(logger, trainer)

    train = {
        "images": 3,
        "labelled_images": 2,
        "background_images": 1,
        "instances": 4,
        "instances_per_class/owl": 1,
        "instances_per_class/a_b": 3,
        "width/min": 48,
        "width/median": 64,
        "width/max": 80,
        "height/max": 32,
    }
    assert {name: value(operations, f"dataset/train/{name}") for name in train} == train
    assert value(operations, "dataset/val/instances_per_class/owl") == 1
    assert value(operations, "dataset/val/instances_per_class/a_b") == 0
    assert value(operations, "dataset/test/images") == 2
    assert operations("dataset/test/instances") == []
    assert uploaded(opened, operations, "dataset/class_table") == "class,train,val\nowl,1,1\na/b,3,0\n"


@pytest.mark.parametrize("kind", [DatasetHash.FAST, DatasetHash.FULL])
def test_the_hash_covers_images_and_labels_of_all_splits(
    logger: RunLogger, operations: Operations, trainer: Any, folder: Path, kind: DatasetHash
) -> None:
    record(logger, trainer, DatasetPolicy(hash=kind))

    files = {
        split: [str(path) for path in folder.glob(f"*/{split}/**/*.*") if path.suffix != ".cache"]
        for split in ("train", "val", "test")
    }
    assert [len(files[split]) for split in files] == [5, 2, 3]
    expected = hash_dataset(files, kind)
    assert value(operations, "dataset/hash") == expected.whole
    assert value(operations, "dataset/hash_kind") == str(kind)
    assert value(operations, "dataset/test/hash") == expected.splits["test"]
    assert operations("dataset/former_hash") == []


def test_no_hash_if_it_is_off(logger: RunLogger, operations: Operations, trainer: Any) -> None:
    record(logger, trainer, DatasetPolicy(hash="off"))

    assert operations("dataset/hash") == operations("dataset/hash_kind") == []
    assert value(operations, "dataset/train/images") == 3


class ContinuedRun:
    """A run that was continued: it has a hash already. An offline run of the client cannot be asked for its values."""

    def __init__(self, run: Any, former: dict[str, str]) -> None:
        self._run = run
        self._former = former

    def exists(self, path: str) -> bool:
        return path in self._former

    def __getitem__(self, path: str) -> Any:
        return SimpleNamespace(fetch=lambda: self._former[path]) if path in self._former else self._run[path]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    def __setitem__(self, path: str, value: Any) -> None:
        self._run[path] = value


@pytest.mark.parametrize(
    ("former", "told"),
    [
        pytest.param({"dataset/hash": "0" * 64, "dataset/hash_kind": "fast"}, True, id="other data"),
        pytest.param({"dataset/hash": "0" * 64, "dataset/hash_kind": "full"}, False, id="hashes of two kinds"),
        pytest.param({"dataset/hash": "same", "dataset/hash_kind": "fast"}, False, id="the same data"),
    ],
)
def test_a_continued_run_tells_if_the_data_has_changed(
    opened: OpenedRun,
    operations: Operations,
    trainer: Any,
    former: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    *,
    told: bool,
) -> None:
    if former["dataset/hash"] == "same":
        files = {split.name: split_files(split, trainer.data, "detect") for split in loaded_splits(trainer)}
        both = {split: [*images, *labels] for split, (images, labels) in files.items()}
        former = {**former, "dataset/hash": hash_dataset(both, DatasetHash.FAST).whole}
    logger = RunLogger(OpenedRun(ContinuedRun(opened.run, former), owned=False))

    record(logger, trainer, first_epoch=4)

    warnings = [entry for entry in caplog.messages if "data set differs" in entry]
    assert len(warnings) == told
    changes = [operation["value"] for operation in operations("dataset/changed_at_epoch")]
    assert changes == ([4] if told else [])
    assert [operation["value"] for operation in operations("dataset/former_hash")] == (["0" * 64] if told else [])


def test_files_are_tracked_on_request(logger: RunLogger, operations: Operations, trainer: Any, folder: Path) -> None:
    record(logger, trainer, DatasetPolicy(hash="off", track_files=True))

    entries = [entry for operation in operations("dataset/files/train") for entry in operation["entries"]]
    assert entries == [
        [str(folder / "images/train"), "images/train"],
        [str(folder / "labels/train"), "labels/train"],
    ]
    tested = [entry for operation in operations("dataset/files/test") for entry in operation["entries"]]
    assert [path for path, _ in tested] == [str(folder / "images/test"), str(folder / "labels/test")]


def test_a_list_of_files_is_tracked_as_their_folders(folder: Path) -> None:
    images = [str(folder / f"images/train/deep/{name}.png") for name in "ab"]
    labels = [str(folder / f"labels/train/deep/{name}.txt") for name in "ba"]

    assert tracked_paths([folder / "data.yaml"], images, labels) == [
        folder / "images/train/deep",
        folder / "labels/train/deep",
    ]


def test_what_takes_too_long_is_given_up(
    opened: OpenedRun,
    operations: Operations,
    trainer: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logger = RunLogger(opened)
    waiting, released = threading.Event(), threading.Event()
    status = os.stat

    def slow(path: Any, **options: Any) -> os.stat_result:
        if threading.current_thread().name == "neptune-yolo-dataset" and str(path).endswith(".png"):
            waiting.set()
            released.wait(20)
        return status(path, **options)

    monkeypatch.setattr(os, "stat", slow)
    recorder = DatasetRecorder(logger, DatasetPolicy())
    recorder.record(trainer)
    assert waiting.wait(20)

    recorder.close(0.05)

    assert "not fully described" in caplog.text
    released.set()
    recorder.close(20)
    assert operations("dataset/train/images")
    assert operations("dataset/hash") == []
    assert logger.ledger.total == 0


def test_classification_counts_images(tmp_path: Path) -> None:
    for name in ("train/cat/1", "train/cat/2", "train/dog/3", "val/dog/4", "test/cat/5"):
        picture(tmp_path / "pets" / f"{name}.png")
    data = check_cls_dataset(str(tmp_path / "pets"))
    arguments = get_cfg(overrides={"imgsz": 32, "task": "classify"})
    sets = [ClassificationDataset(data[split], arguments, names=data["names"]) for split in ("train", "val")]
    trainer = trainer_of(data, str(tmp_path / "pets"), "classify", *sets)

    facts = {split.name: split_facts(split, class_names(trainer)) for split in loaded_splits(trainer)}

    assert description(trainer) == ("pets", None)
    assert facts["train"].per_class == {"cat": 2, "dog": 1}
    assert facts["val"].per_class == {"cat": 0, "dog": 1}
    assert (facts["train"].images, facts["val"].instances, facts["test"].images) == (3, 1, 1)


def test_several_sets_and_texts_are_counted_together(folder: Path, tmp_path: Path, trainer: Any) -> None:
    """A World model's training: boxes with classes of their own, and boxes with texts."""
    picture(tmp_path / "talk/images/1.png")
    annotation = {"image_id": 1, "bbox": [2, 2, 9, 9], "iscrowd": 0, "tokens_positive": [[0, 3]]}
    described = {"id": 1, "height": 32, "width": 48, "file_name": "1.png", "caption": "an owl"}
    talk = tmp_path / "talk.json"
    talk.write_text(json.dumps({"images": [described], "annotations": [annotation]}), encoding="utf-8")
    arguments = get_cfg(overrides={"imgsz": 64, "task": "detect"})
    grounding = build_grounding(arguments, str(tmp_path / "talk/images"), str(talk), 2)
    given = {"train": {"yolo_data": ["birds.yaml", Path("x/lvis.yaml")], "grounding_data": []}, "val": {}}
    data = {"train": ["ignored", {"img_path": "x"}], "val": str(folder / "images/val"), "names": {0: "owl"}}
    both = YOLOConcatDataset([trainer.train_loader.dataset, grounding])
    world = trainer_of(data, given, "detect", both, trainer.test_loader.dataset)

    train, val = loaded_splits(world)
    facts = split_facts(train, class_names(world))

    assert (facts.images, facts.labelled, facts.instances) == (4, 3, 5)
    assert facts.per_class == {"owl": 1, "a/b": 3}
    assert val.name == "val"
    images, labels = split_files(train, data, "detect")
    assert len(images) == 4
    assert labels[-1] == str(talk)
    name, text = description(world)
    assert name == "birds+lvis"
    assert text is not None
    assert "lvis.yaml" in text


@pytest.mark.parametrize("attribute", ["mask_files", "depth_files"])
def test_images_with_masks_or_depth_have_no_instances(attribute: str) -> None:
    labels = [{"im_file": "a.png", "shape": (4, 6), "cls": np.zeros(0)}]
    dataset = SimpleNamespace(labels=labels, im_files=["a.png"], label_files=["a.txt"], **{attribute: ["a_mask.png"]})
    trainer = trainer_of({"names": ["x"]}, "sea.yaml", "semantic", dataset, dataset)

    (train, _) = loaded_splits(trainer)
    facts = split_facts(train, class_names(trainer))

    assert (facts.images, facts.labelled, facts.instances, facts.per_class) == (1, None, None, {})
    assert facts.widths == (6, 6, 6)
    assert split_files(train, trainer.data, "semantic") == (["a.png"], ["a_mask.png"])
