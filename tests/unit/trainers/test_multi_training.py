from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ultralytics.cfg import get_save_dir

from neptune_yolo.exceptions import SettingsError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.trainers import multi_training
from neptune_yolo.trainers.multi_training import settings_of_one
from neptune_yolo.trainers.session import TrainingFacts


def of_one(settings: NeptuneSettings, common: Path, name: str, **facts: Any) -> tuple[NeptuneSettings, TrainingFacts]:
    """Return what becomes of the settings in a training as Ultralytics' MultiTrainer starts it."""
    arguments = SimpleNamespace(project=str(common), name=name, task="detect")
    common.mkdir(parents=True, exist_ok=True)
    return settings_of_one(settings, TrainingFacts(common / name, name, str(common), **facts), arguments)


def test_each_data_set_has_its_own_run_under_one_group_tag(tmp_path: Path) -> None:
    settings = NeptuneSettings(name="night", group_tags=["g"], custom_run_id="mine")
    first, second = (of_one(settings, tmp_path / "multitrain", name)[0] for name in ("a", "b"))
    assert (first.name, second.name) == ("night (a)", "night (b)")
    assert first.group_tags == second.group_tags
    given, chosen = first.group_tags
    assert given == "g"
    assert chosen.startswith("multitrain-")
    assert first.custom_run_id != second.custom_run_id
    assert first.custom_run_id == of_one(settings, tmp_path / "multitrain", "a")[0].custom_run_id
    other = of_one(settings, tmp_path / "multitrain-2", "a")[0]
    assert other.group_tags != first.group_tags


def test_an_identifier_of_the_environment_is_not_shared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert of_one(NeptuneSettings(), tmp_path / "multitrain", "a")[0].custom_run_id is None
    monkeypatch.setenv("NEPTUNE_CUSTOM_RUN_ID", "shared")
    identifiers = {of_one(NeptuneSettings(), tmp_path / "multitrain", name)[0].custom_run_id for name in "ab"}
    assert len(identifiers - {None, "shared"}) == 2


def test_one_run_for_all_data_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="with_id"):
        of_one(NeptuneSettings(with_id="YOL-1"), tmp_path / "multitrain", "a")
    with pytest.raises(SettingsError, match="run=") as caught:
        of_one(NeptuneSettings(run=object()), tmp_path / "multitrain", "a")
    assert "own" in str(caught.value)
    resumed = NeptuneSettings(with_id="YOL-1")
    assert of_one(resumed, tmp_path / "multitrain", "a", checkpoint=Path("last.pt"))[0].with_id == "YOL-1"


@pytest.mark.parametrize(("project", "expected"), [("team/traffic", "team/traffic"), ("", None)])
def test_the_project_that_the_user_gave_is_found_again(project: str, expected: str | None) -> None:
    given = SimpleNamespace(project=project, task="detect", mode="train", exist_ok=True, name=None)
    assert multi_training._given_project(get_save_dir(given, name="multitrain"), "detect") == expected


def test_other_trainings_are_left_alone(tmp_path: Path) -> None:
    settings = NeptuneSettings(name="night")
    for project in (tmp_path / "runs", None, "team/traffic"):
        arguments = SimpleNamespace(project=project and str(project), task="detect")
        facts = TrainingFacts(tmp_path / "runs" / "train", "train", "team/traffic")
        assert settings_of_one(settings, facts, arguments) == (settings, facts)
    assert list(tmp_path.rglob("neptune_group.txt")) == []
