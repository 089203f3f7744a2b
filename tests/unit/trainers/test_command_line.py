"""Words of ``yolo train``, and one's own trainer by its name."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ultralytics.utils import LOGGER

from neptune_yolo.exceptions import TrainerClassError, TrainingArgumentError
from neptune_yolo.trainers.command_line import load_trainer, read_words
from neptune_yolo.trainers.detection import NeptuneDetectionTrainer

OPTIONS = ("tags", "with-id", "checkpoint-every")

OWN_TRAINER = """
from ultralytics.models.yolo.detect import DetectionTrainer
from neptune_yolo import NeptuneDetectionTrainer

class Logged(NeptuneDetectionTrainer): pass
class BareTrainer(DetectionTrainer): pass
NUMBER = 3
"""


@pytest.fixture
def ultralytics_log() -> Iterator[list[str]]:
    """Everything that Ultralytics prints through its logger."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    LOGGER.addHandler(handler)
    yield lines
    LOGGER.removeHandler(handler)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["model=yolo11n.yaml", "epochs=10", "lr0=1e-3"], {"model": "yolo11n.yaml", "epochs": 10, "lr0": 0.001}),
        (["train", "segment", "data=a.yaml"], {"task": "segment", "data": "a.yaml"}),
        (["mode=train", "task=pose"], {"task": "pose"}),
        (["resume", "model=last.pt"], {"resume": True, "model": "last.pt"}),
        (["resume=True", "model=last.pt"], {"resume": True, "model": "last.pt"}),
        (["resume=last.pt"], {"resume": "last.pt"}),
        (["cache", "val=False", "single_cls=true"], {"cache": True, "val": False, "single_cls": True}),
        (["epochs", "=", "10"], {"epochs": 10}),
        (["epochs=", "10"], {"epochs": 10}),
        (["epochs", "=10"], {"epochs": 10}),
        (["--epochs=10", "--resume"], {"epochs": 10, "resume": True}),
        (["epochs=10,", "batch=4,"], {"epochs": 10, "batch": 4}),
        (["classes=[0,", "1]", "device=0,1"], {"classes": [0, 1], "device": (0, 1)}),
        (["name=007", "project=a/b", "time=None"], {"name": "007", "project": "a/b", "time": None}),
        (["hide_labels=True"], {"show_labels": False}),
        (["data=a=b.yaml"], {"data": "a=b.yaml"}),
        ([], {}),
    ],
    ids=" ".join,
)
def test_words_are_read_as_yolo_reads_them(words: list[str], expected: dict[str, Any]) -> None:
    assert read_words(words, OPTIONS) == expected


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("epoch=5", r"^'epoch' is not a valid YOLO argument\. Similar arguments are i\.e\. \['epochs=100'"),
        ("epochs", r"^'epochs' is an argument of YOLO that needs a value, such as 'epochs=100'\.$"),
        ("epochs=", r"^Expected a value after 'epochs=', got none\.$"),
        ("epochs=ten", r"^'epochs=ten' is of invalid type str"),
        ("lr0=-1", r"^'lr0=-1' is an invalid value"),
        ("sgement", r"^'sgement' is not a valid YOLO argument\. Similar arguments are i\.e\. \['segment'"),
        ("imgsz=[64", r"unmatched '\['"),
        ("cfg=missing.yaml", r"'missing\.yaml' does not exist"),
        ("tags=a", r"'tags' is not a valid YOLO argument\..* Did you mean the option --tags\?$"),
        ("checkpoint_every=5", r" Did you mean the option --checkpoint-every\?$"),
        ("--tgas", r"^--tgas is neither an option of this command nor an argument of YOLO\. Did you mean .* --tags\?"),
        ("predict", r"^This command trains; mode must be 'train', got 'predict'\. Use `yolo predict`\.$"),
        ("mode=val", r"Use `yolo val`"),
        ("task=detection", r"^task must be one of detect, segment, .*; got 'detection'\.$"),
    ],
)
def test_what_is_not_understood_is_one_clear_line(word: str, message: str, ultralytics_log: list[str]) -> None:
    with pytest.raises(TrainingArgumentError, match=message) as caught:
        read_words(["model=yolo11n.yaml", word], OPTIONS)

    assert "\n" not in str(caught.value)
    assert [line for line in ultralytics_log if "yolo TASK MODE ARGS" in line] == []


def test_what_is_forgiven_is_said(ultralytics_log: list[str]) -> None:
    read_words(["--epochs=3,"])

    assert ["'--epochs=3,' needs no" in line for line in ultralytics_log] == [True, True]


def test_a_file_of_arguments_stands_behind_the_words() -> None:
    Path("custom.yaml").write_text("cfg: other.yaml\nepochs: 7\nbatch: 3\nmode: train\ntask: obb\n", encoding="utf-8")

    assert read_words(["epochs=2", "cfg=custom.yaml"]) == {"epochs": 2, "batch": 3, "task": "obb"}
    assert read_words(["cfg=custom.yaml", "task=pose"]) == {"epochs": 7, "batch": 3, "task": "pose"}


def test_a_wrong_name_in_a_file_of_arguments_is_refused() -> None:
    Path("custom.yaml").write_text("epoch: 7\n", encoding="utf-8")

    with pytest.raises(TrainingArgumentError, match="'epoch' is not a valid YOLO argument"):
        read_words(["cfg=custom.yaml"])


@pytest.fixture
def own_module() -> Iterator[str]:
    """A module in the working directory, by its name."""
    path = list(sys.path)
    Path("my_own_trainers.py").write_text(OWN_TRAINER, encoding="utf-8")
    yield "my_own_trainers"
    sys.path[:] = path
    sys.modules.pop("my_own_trainers", None)


@pytest.mark.parametrize("place", ["my_own_trainers", "my_own_trainers.py", "./my_own_trainers.py"])
def test_a_trainer_is_found_by_module_or_file(own_module: str, place: str) -> None:
    found = load_trainer(f"{place}:Logged")

    assert (found.__name__, found.__module__) == ("Logged", own_module)
    assert issubclass(found, NeptuneDetectionTrainer)


def test_a_trainer_that_does_not_log_is_given_a_run(own_module: str) -> None:
    found = load_trainer(f"{own_module}:BareTrainer")

    assert found.__bases__[1].__name__ == "BareTrainer"
    assert found.neptune


def test_an_installed_trainer_is_found() -> None:
    assert load_trainer("neptune_yolo:NeptuneDetectionTrainer") is NeptuneDetectionTrainer


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Logged", "must have the form module:Class or file.py:Class; got 'Logged'"),
        ("my_own_trainers:", "must have the form"),
        ("my_own_trainers:Missing", "names 'Missing', which the module 'my_own_trainers' has not"),
        ("no_such_module:Logged", "names the module 'no_such_module'"),
        ("no_such.module:Logged", r"names the module 'no_such\.module'"),
    ],
)
@pytest.mark.usefixtures("own_module")
def test_a_trainer_that_is_not_there_is_one_clear_line(name: str, message: str) -> None:
    with pytest.raises(TrainingArgumentError, match=message):
        load_trainer(name)


def test_something_else_than_a_trainer_is_refused(own_module: str) -> None:
    with pytest.raises(TrainerClassError):
        load_trainer(f"{own_module}:NUMBER")


@pytest.mark.usefixtures("own_module")
def test_an_import_that_fails_inside_the_module_is_shown_as_it_is() -> None:
    Path("my_own_trainers.py").write_text("import no_such_package_at_all\n", encoding="utf-8")

    with pytest.raises(ModuleNotFoundError, match="no_such_package_at_all"):
        load_trainer("my_own_trainers:Logged")
