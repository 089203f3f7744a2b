"""Trainings on several data sets (``train(data=[a, b])``): each has a run of its own, all have one group tag.

Ultralytics trains them one after the other below a common folder, ``multitrain``, and tells a trainer nothing else of
it: by that folder it is known here.
"""

import os
import re
import uuid
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ultralytics.cfg import get_save_dir

from neptune_yolo import envs
from neptune_yolo.exceptions import SettingsError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.trainers.session import TrainingFacts

_FOLDER = re.compile(r"multitrain(-?\d+)?")
_GROUP_FILE = "neptune_group.txt"
_TAG_CHARACTERS = 8


def is_one_of_several(arguments: Any, folder: Path) -> bool:
    """Return whether a training is one of those on several data sets.

    Args:
        arguments: Its arguments (``trainer.args``).
        folder: Its folder (``trainer.save_dir``).
    """
    common = folder.absolute().parent
    return _FOLDER.fullmatch(common.name) is not None and Path(str(arguments.project or "")) == common


def settings_of_one(
    settings: NeptuneSettings, training: TrainingFacts, arguments: Any
) -> tuple[NeptuneSettings, TrainingFacts]:
    """Return settings and facts for one of the trainings on several data sets; of any other training as they are.

    The name tells the data sets apart, a custom run ID becomes another one for each of them, and ``project=`` is what
    the user gave, in whose place Ultralytics puts the common folder.

    Args:
        settings: The trainer's settings.
        training: What the trainer says of its training.
        arguments: Its arguments (``trainer.args``).

    Raises:
        SettingsError: If the settings name one run for all data sets.
    """
    if not is_one_of_several(arguments, training.folder):
        return settings, training
    common = training.folder.absolute().parent
    given = None if settings.parent else _given_project(common, str(arguments.task))  # a child goes where its parent is
    training = replace(training, ultralytics_project=given)
    changes: dict[str, Any] = {"group_tags": (*settings.group_tags, _group_tag(common))}
    if settings.name is not None:
        changes["name"] = f"{settings.name} ({training.folder.name})"
    if training.checkpoint is None:
        changes["custom_run_id"] = _custom_run_id(settings, training.folder.name)
    return replace(settings, **changes), training


def _custom_run_id(settings: NeptuneSettings, name: str) -> str | None:
    for setting in ("run", "with_id"):
        if getattr(settings, setting) is not None:
            raise SettingsError(
                f"NeptuneSettings({setting}=...) names one run, but each data set of data=[...] has its own. Leave it "
                f"out; the runs have one group tag."
            )
    given = settings.custom_run_id or os.environ.get(envs.NEPTUNE_CUSTOM_RUN_ID)
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{given}/{name}")) if given else None


def _group_tag(common: Path) -> str:
    """Return the group tag of these trainings, which the first of them chooses."""
    file = common / _GROUP_FILE
    try:
        tag = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        tag = ""
    if not tag:
        tag = f"{common.name}-{uuid.uuid4().hex[:_TAG_CHARACTERS]}"
        file.write_text(tag, encoding="utf-8")
    return tag


def _given_project(common: Path, task: str) -> str | None:
    """Return what the user gave as ``project=``, if it is a name within Ultralytics' folder of runs."""
    runs = get_save_dir(SimpleNamespace(project="", task=task, mode="train", name="any", exist_ok=True)).parent
    folder = common.resolve().parent
    if folder == runs or runs not in folder.parents:
        return None
    return folder.relative_to(runs).as_posix()
