"""What a run says about data set, machine and family, from real trainings into one run."""

import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.policies import DatasetHash
from neptune_yolo.tracking.attribute_paths import ATTRIBUTES
from neptune_yolo.tracking.dataset_hash import hash_dataset

pytestmark = pytest.mark.training

PROGRAM = Path(__file__).with_name("surroundings_program.py")
OURS = ("dataset/", "environment/", "lineage/")


def test_data_set_surroundings_and_family(tmp_path: Path, read_run: Any) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path), "--api-key", "hunter2"],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=180,
    )
    assert done.returncode == 0, done.stdout
    assert "errors of logging" not in done.stdout
    run = read_run("YOL-1")

    check_counts(run, tmp_path / "digits ä")
    check_versions(run, tmp_path / "digits ä", done.stdout)
    assert run["environment/versions/python"] == platform.python_version()
    assert run["environment/versions/ultralytics"] == metadata.version("ultralytics")
    assert run["environment/device"] == "cpu"
    assert run["environment/working_directory"] == str(Path.cwd())
    assert run["environment/command"].endswith(" --api-key '***'")
    packages = Path(run["environment/packages"]).read_text(encoding="utf-8").splitlines()
    assert f"ultralytics=={metadata.version('ultralytics')}" in packages
    assert run["lineage/parent"] == "YOL-77"
    for path in (path for path in run.content if path.startswith(OURS)):
        assert sum(attribute.matches(path) for attribute in ATTRIBUTES) == 1, path


def check_counts(run: Any, folder: Path) -> None:
    """The counts are those of the label files."""
    assert run["dataset/name"] == "digits ä"
    assert run["dataset/path"] == str(folder)
    assert run["dataset/nc"] == 10
    assert Path(run["dataset/yaml"]).read_bytes() == (folder / "data.yaml").read_bytes()
    for split, images in (("train", 16), ("val", 8)):
        texts = [file.read_text(encoding="utf-8") for file in (folder / "labels" / split).glob("*.txt")]
        classes = [line.split()[0] for text in texts for line in text.splitlines()]
        assert run[f"dataset/{split}/images"] == images
        assert run[f"dataset/{split}/labelled_images"] == images
        assert run[f"dataset/{split}/background_images"] == 0
        assert run[f"dataset/{split}/instances"] == len(classes)
        per_class = run.below(f"dataset/{split}/instances_per_class/")
        assert per_class == {str(digit): classes.count(str(digit)) for digit in range(10)}
    assert run["dataset/train/width/median"] == 64


def check_versions(run: Any, folder: Path, output: str) -> None:
    """The run went on with one label changed: it says so, and since when."""
    files = {
        split: [str(file) for file in folder.glob(f"*/{split}/*") if file.suffix in (".png", ".txt")]
        for split in ("train", "val")
    }
    hashes = hash_dataset(files, DatasetHash.FAST)
    assert hashes.files == 48
    assert run["dataset/hash"] == hashes.whole
    assert run["dataset/val/hash"] == hashes.splits["val"]
    assert run["dataset/former_hash"] not in (hashes.whole, "")
    assert run["dataset/changed_at_epoch"] == 2
    assert output.count("The data set differs") == 1
    assert [step for step, _ in run["train/box_loss"]] == [1, 2]
    assert run.type_of("dataset/files/train") == "Artifact"
