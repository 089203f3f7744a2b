"""Trainers made from other trainers, and the right trainer for a model."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import cloudpickle
import pytest
from ultralytics import RTDETR, YOLO, FastSAM
from ultralytics.models.yolo.detect import DetectionTrainer
from ultralytics.models.yolo.segment import SegmentationTrainer
from ultralytics.models.yolo.yoloe import YOLOESegVPTrainer

import neptune_yolo
from neptune_yolo import trainers
from neptune_yolo.exceptions import NeptuneYoloError, SettingsError, TrainerClassError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.trainers.factory import neptune_trainer, neptune_trainer_for
from neptune_yolo.trainers.mixin import NeptuneTrainerMixin

READY = [name for name in trainers.__all__ if name.startswith("Neptune") and name != "NeptuneTrainerMixin"]


class MyTrainer(SegmentationTrainer):
    """A user's own trainer."""

    neptune = NeptuneSettings(tags=["mine"])

    def save_metrics(self, metrics: Any) -> Any:
        return metrics


class Mine(DetectionTrainer):
    """A user's own trainer whose name does not say so."""


@pytest.mark.parametrize("name", READY)
def test_each_ready_trainer_stands_before_the_one_that_it_extends(name: str) -> None:
    """The methods that extend come first, and the name is Ultralytics' own, with "Neptune" before it."""
    trainer = getattr(trainers, name)

    assert trainer.__name__ == name
    assert trainer is getattr(neptune_yolo, name)
    first, second = trainer.__bases__
    assert first is NeptuneTrainerMixin
    assert f"Neptune{second.__name__}" == name
    assert neptune_trainer(second) is trainer


def test_a_trainer_of_ones_own_is_extended() -> None:
    made = neptune_trainer(MyTrainer)

    assert made.__name__ == "NeptuneMyTrainer"
    assert made.__mro__[1:3] == (NeptuneTrainerMixin, MyTrainer)
    assert made.__module__ == MyTrainer.__module__
    assert made.__doc__ == MyTrainer.__doc__
    assert made.neptune.tags == ("mine",)


def test_ultralytics_recognizes_the_class_by_its_name() -> None:
    assert neptune_trainer(Mine).__name__ == "NeptuneMineTrainer"
    assert neptune_trainer(Mine).neptune == NeptuneSettings()


def test_settings_are_those_of_the_class_with_what_is_given_changed() -> None:
    made = neptune_trainer(MyTrainer, project="team/traffic")

    assert issubclass(made, MyTrainer)
    assert made.neptune == NeptuneSettings(tags=["mine"], project="team/traffic")
    assert neptune_trainer(MyTrainer, NeptuneSettings(name="a"), mode="debug").neptune == NeptuneSettings(
        name="a", mode="debug"
    )


def test_a_neptune_trainer_is_returned_as_it_is_or_configured() -> None:
    class Further(neptune_trainer(Mine)):  # type: ignore[misc] # made on the spot
        pass

    assert neptune_trainer(Further) is Further
    configured = neptune_trainer(Further, tags=["night"])
    assert configured.__bases__ == (Further,)
    assert configured.neptune.tags == ("night",)
    assert Further.neptune.tags == ("Ultralytics",)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param("DetectionTrainer", "'DetectionTrainer'", id="name"),
        pytest.param(dict, "<class 'dict'>", id="another class"),
        pytest.param(NeptuneTrainerMixin, "NeptuneTrainerMixin", id="mixin alone"),
        pytest.param(YOLO, "YOLO", id="model class"),
        pytest.param(object(), "an object of the class object", id="object"),
    ],
)
def test_what_is_no_trainer_class_is_refused(given: Any, words: str) -> None:
    with pytest.raises(TrainerClassError, match=r"subclass of ultralytics.engine.trainer.BaseTrainer") as caught:
        neptune_trainer(given)

    assert words in str(caught.value)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, NeptuneYoloError)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("yolo11n.yaml", "NeptuneDetectionTrainer"),
        ("yolo11n-seg.yaml", "NeptuneSegmentationTrainer"),
        ("yolo11n-cls.yaml", "NeptuneClassificationTrainer"),
        ("yolov8n-worldv2.yaml", "NeptuneWorldTrainer"),
        ("yoloe-11n-seg.yaml", "NeptuneYOLOESegTrainer"),
    ],
)
def test_a_model_gets_its_trainer(model: str, expected: str) -> None:
    assert neptune_trainer_for(YOLO(model)) is getattr(trainers, expected)


def test_other_families_of_models_get_theirs() -> None:
    model = RTDETR.__new__(RTDETR)
    model.__dict__["task"] = "detect"

    assert neptune_trainer_for(model) is trainers.NeptuneRTDETRTrainer


def test_each_task_has_a_trainer() -> None:
    found = {task: neptune_trainer_for(task).__name__ for task in YOLO.__new__(YOLO).task_map}

    assert found["detect"] == "NeptuneDetectionTrainer"
    assert found["semantic"] == "NeptuneSemanticSegmentationTrainer"
    assert set(found.values()) <= set(READY)
    assert len(set(found.values())) == len(found) == 7
    assert neptune_trainer_for("pose", tags=["a"]).neptune.tags == ("a",)


def test_what_cannot_be_trained_has_no_trainer() -> None:
    with pytest.raises(SettingsError, match=r"detect.*got 'detection'"):
        neptune_trainer_for("detection")
    model = FastSAM.__new__(FastSAM)
    model.__dict__["task"] = "segment"
    with pytest.raises(TrainerClassError, match="an object of the class FastSAM"):
        neptune_trainer_for(model)


def test_made_classes_survive_the_way_to_another_process(tmp_path: Path) -> None:
    """Here, in a module that can be imported there, and in the program that makes them."""
    local = neptune_trainer(_local_trainer(), project="team/traffic")
    (tmp_path / "mine.py").write_text(
        "from ultralytics.models.yolo.detect import DetectionTrainer\nclass MineTrainer(DetectionTrainer): x = 5\n",
        encoding="utf-8",
    )
    maker = """
import sys, cloudpickle
sys.path.insert(0, sys.argv[1])
from mine import MineTrainer
from neptune_yolo import neptune_trainer
class MainTrainer(MineTrainer):
    y = 6
made = [neptune_trainer(MineTrainer), neptune_trainer(MainTrainer, tags=["b"])]
open(sys.argv[1] + "/made", "wb").write(cloudpickle.dumps(made))
"""
    reader = """
import sys, pickle
sys.path.insert(0, sys.argv[1])
local, vp = pickle.load(open(sys.argv[1] + "/local", "rb"))
imported, main = pickle.load(open(sys.argv[1] + "/made", "rb"))
from mine import MineTrainer
from neptune_yolo import trainers
from neptune_yolo.trainers.mixin import NeptuneTrainerMixin
assert vp is trainers.NeptuneYOLOESegVPTrainer
assert issubclass(imported, MineTrainer) and issubclass(imported, NeptuneTrainerMixin) and issubclass(main, MineTrainer)
print(local.__name__, local.neptune.project, local.z)
print(imported.__name__, imported.x)
print(main.__name__, main.neptune.tags, main.y)
"""
    (tmp_path / "local").write_bytes(cloudpickle.dumps((local, neptune_trainer(YOLOESegVPTrainer))))
    for program in (maker, reader):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], check=False, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr

    assert done.stdout.splitlines()[-3:] == [
        "ConfiguredNeptuneLocalTrainer team/traffic 7",
        "NeptuneMineTrainer 5",
        "ConfiguredNeptuneMainTrainer ('b',) 6",
    ]


def _local_trainer() -> type[Any]:
    class LocalTrainer(DetectionTrainer):
        z = 7

    return LocalTrainer
