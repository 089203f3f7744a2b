"""The migration page says what is so: its code is valid, its paths are those of the code, its switches Ultralytics'."""

import re
from pathlib import Path

import pytest

from neptune_yolo.tracking.attribute_paths import ATTRIBUTES
from neptune_yolo.transfer.formats.mlflow_names import Keys

FOLDER = Path(__file__).parents[2] / "examples" / "migration"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """Return the rows of the first table below a heading, without its head."""
    lines = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return rows[2:]


def logged(path: str) -> bool:
    """Return whether a trainer logs an attribute of this path."""
    patterns = (re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(attribute.path)) for attribute in ATTRIBUTES)
    return any(re.fullmatch(pattern, path) for pattern in patterns)


def test_code_on_the_page_is_valid() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        compile(block, "README.md", "exec")


def test_programs_of_the_page_are_there() -> None:
    named = set(re.findall(r"\]\((\w+\.py)\)", PAGE))
    assert named == {path.name for path in FOLDER.glob("*.py")}


def test_the_page_is_linked() -> None:
    readme = (FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
    assert "(examples/migration/README.md)" in readme


def test_paths_of_the_table_are_logged_by_the_trainers() -> None:
    paths = [path for row in table("Attribute paths") for path in re.findall(r"`([^`]+)`", row[1])]
    assert len(paths) > 12
    assert [path for path in paths if not path.startswith("sys/") and not logged(path)] == []


@pytest.mark.parametrize("path", ["train/box_loss", "metrics/mAP50(B)", "metrics/mAP50-95(M)", "lr/pg0"])
def test_keys_of_metrics_in_mlflow_are_those_of_the_callback_of_ultralytics(path: str) -> None:
    from ultralytics.utils.callbacks.mlflow import sanitize_dict

    assert list(sanitize_dict({path: 1.0})) == [Keys().key(path)]


def test_the_switches_of_ultralytics_are_what_the_page_says() -> None:
    from ultralytics.utils import SETTINGS

    said = {
        found[0]: found[1]
        for row in table("Beside Ultralytics' own callbacks")
        for found in re.findall(r"(\w+)=(\w+)", row[1])
    }
    assert said == {name: str(SETTINGS.defaults[name]) for name in ("mlflow", "tensorboard", "wandb")}
