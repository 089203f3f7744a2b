from typing import Any

import pytest

from neptune_yolo.exceptions import SettingsError
from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable


def test_enums_may_be_given_as_text() -> None:
    settings = NeptuneSettings(mode="offline", on_unreachable="offline")

    assert settings.mode is Mode.OFFLINE
    assert settings.on_unreachable is OnUnreachable.OFFLINE


def test_one_text_stands_for_a_collection_of_one() -> None:
    settings = NeptuneSettings(tags="night", group_tags=["a", "b"], source_files="*.py")

    assert settings.tags == ("night",)
    assert settings.group_tags == ("a", "b")
    assert settings.source_files == ("*.py",)


def test_no_source_files_is_not_the_default() -> None:
    assert NeptuneSettings().source_files is None
    assert NeptuneSettings(source_files=[]).source_files == ()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        pytest.param({"mode": "read-only"}, ["mode", "async, sync, offline, debug", "'read-only'"], id="unknown mode"),
        pytest.param({"mode": ""}, ["mode", "async"], id="empty mode"),
        pytest.param({"on_unreachable": "retry"}, ["raise, offline", "'retry'"], id="unknown reaction"),
        pytest.param({"tags": ["a", 1]}, ["tags", "1"], id="tag that is no text"),
        pytest.param({"group_tags": [""]}, ["group_tags", "''"], id="empty tag"),
        pytest.param({"stop_timeout_seconds": 0}, ["stop_timeout_seconds", "positive"], id="no time to stop"),
        pytest.param({"stop_timeout_seconds": float("inf")}, ["stop_timeout_seconds"], id="endless wait"),
        pytest.param({"connect_timeout_seconds": "5"}, ["connect_timeout_seconds", "'5'"], id="time as text"),
        pytest.param({"with_id": "A-1", "custom_run_id": "x"}, ["with_id", "custom_run_id"], id="two runs named"),
        pytest.param({"custom_run_id": "x" * 37}, ["36"], id="long custom id, which the client would ignore"),
        pytest.param({"run": object(), "project": "a/b"}, ["already open", "project"], id="open run and project"),
    ],
)
def test_what_cannot_be_meant_is_refused(values: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        NeptuneSettings(**values)

    assert all(word in str(caught.value) for word in words)


def test_the_token_is_not_shown() -> None:
    assert "secret" not in repr(NeptuneSettings(api_token="secret"))


def test_how_many_to_keep_needs_to_know_of_what() -> None:
    with pytest.raises(SettingsError, match=r"got keep=2 without every="):
        CheckpointPolicy(keep=2)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"project": 123}, "project must be a text"),
        ({"with_id": ""}, "with_id must be a text that is not empty"),
        ({"parent": 5}, "parent must be a text"),
        ({"tags": 5}, "tags must be a text or several; got 5"),
        ({"tags": None}, "tags must be a text or several; got None"),
        ({"class_metrics": "yes"}, "class_metrics must be True or False"),
        ({"capture_stdout": "x"}, "capture_stdout must be True or False"),
        ({"run": "YOL-1"}, "with_id="),
        ({"register_model": "foo bar"}, "'YOL-DET'"),
    ],
)
def test_values_of_a_wrong_type_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        NeptuneSettings(**settings)
