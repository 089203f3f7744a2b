from pathlib import Path

import pytest

from neptune_yolo.exceptions import SettingsError, TrainingArgumentError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tuning.command_line import read_space, tune_as_told


def same(settings: NeptuneSettings) -> NeptuneSettings:
    return settings


def test_a_yaml_file_describes_a_space(tmp_path: Path) -> None:
    file = tmp_path / "space.yaml"
    file.write_text("lr0: [0.001, 0.01]\nmomentum: [0.7, 0.98, 0.3]\n", encoding="utf-8")
    assert read_space([str(file)]) == {"lr0": [0.001, 0.01], "momentum": [0.7, 0.98, 0.3]}
    with pytest.raises(SettingsError, match=r"missing\.yaml"):
        read_space(["missing.yaml"])
    file.write_text("just words\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"space\.yaml"):
        read_space([str(file)])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["iterations=many"], "iterations must be a whole number from 1; got 'many'", id="no number"),
        pytest.param(["iterations=0", "model=yolo11n.yaml"], "iterations must be", id="no trial at all"),
        pytest.param(["iteration=3"], "'iteration' is not a valid", id="unknown word"),
        pytest.param(["resume=YOL-5"], "give model= as before", id="resumed without the model"),
        pytest.param(["model=yolo11n.yaml", "resume=YOL_5"], "no such folder", id="resumed from nowhere"),
    ],
)
def test_words_that_cannot_be_meant_are_refused(words: list[str], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        tune_as_told(words, trainer=None, settings_for=same)
    assert message in str(caught.value)
    assert isinstance(caught.value, TrainingArgumentError | SettingsError)
    assert list(Path.cwd().iterdir()) == []
