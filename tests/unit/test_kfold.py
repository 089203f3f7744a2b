import itertools
import shutil
from pathlib import Path

import pytest
import yaml

from neptune_yolo.exceptions import FoldsError
from neptune_yolo.kfold import kfold_datasets

IMAGES = [f"train/{number}.png" for number in range(8)] + ["val/a.png", "val/b.jpg"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make(tmp_path / "birds ä")


def make(folder: Path) -> Path:
    for name in (*IMAGES, "test/t.png"):
        (folder / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "images" / name).touch()
    lines = ["train: images/train", "val: images/val", "test: images/test", "names: {0: owl}", "kpt_shape: [4, 2]"]
    (folder / "data.yaml").write_text("\n".join([*lines, "download: https://host/set.zip"]), encoding="utf-8")
    return folder / "data.yaml"


def content(file: Path) -> dict[str, object]:
    loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def listed(file: Path, split: str) -> list[str]:
    return Path(str(content(file)[split])).read_text(encoding="utf-8").splitlines()


def parts(files: list[Path], folder: Path) -> list[list[str]]:
    return [[Path(image).relative_to(folder / "images").as_posix() for image in listed(file, "val")] for file in files]


def test_each_image_is_validated_on_once_and_never_trained_on_then(data: Path, tmp_path: Path) -> None:
    folds = kfold_datasets(data, 3, tmp_path / "folds")

    everything = {str(data.parent / "images" / name) for name in IMAGES}
    validated = [set(listed(fold, "val")) for fold in folds]
    assert sorted(map(len, validated)) == [3, 3, 4]
    assert set.union(*validated) == everything
    for fold, val in zip(folds, validated, strict=True):
        assert set(listed(fold, "train")) == everything - val


def test_the_yaml_of_a_fold(data: Path, tmp_path: Path) -> None:
    folds = kfold_datasets(str(data), 2, str(tmp_path / "folds"))

    assert [fold.relative_to(tmp_path / "folds").as_posix() for fold in folds] == [
        "fold_1/birds ä_fold_1.yaml",
        "fold_2/birds ä_fold_2.yaml",
    ]
    second = content(folds[1])
    assert (second["fold"], second["folds"]) == (2, 2)
    assert second["path"] == str(data.parent)
    assert second["names"] == {0: "owl"}
    assert second["kpt_shape"] == [4, 2]
    assert second["test"] == str(data.parent / "images/test")
    assert "download" not in second


def test_the_same_seed_gives_the_same_folds_wherever_the_data_lies(data: Path, tmp_path: Path) -> None:
    first = parts(kfold_datasets(data, 5, tmp_path / "one"), data.parent)
    elsewhere = tmp_path / "elsewhere" / "set"
    shutil.copytree(data.parent, elsewhere)

    assert parts(kfold_datasets(elsewhere / "data.yaml", 5, tmp_path / "two"), elsewhere) == first
    assert parts(kfold_datasets(data, 5, tmp_path / "three", seed=1), data.parent) != first


def test_splits_of_the_data_set_are_mixed(data: Path, tmp_path: Path) -> None:
    of_val = [
        [name for name in part if name.startswith("val/")]
        for part in itertools.chain.from_iterable(
            parts(kfold_datasets(data, 2, tmp_path / str(seed), seed=seed), data.parent) for seed in range(5)
        )
    ]
    assert any(len(names) == 1 for names in of_val)


@pytest.mark.parametrize("k", [1, 0, -1, True, 2.0, "3"])
def test_a_number_of_folds_that_cannot_be_meant(data: Path, tmp_path: Path, k: int) -> None:
    with pytest.raises(FoldsError, match="whole number from 2"):
        kfold_datasets(data, k, tmp_path / "folds")


def test_more_folds_than_images(data: Path, tmp_path: Path) -> None:
    with pytest.raises(FoldsError, match="11 folds need at least 11 images"):
        kfold_datasets(data, 11, tmp_path / "folds")


def test_no_data_set(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("names: [a]\n", encoding="utf-8")
    with pytest.raises(FoldsError, match=r"x\.yaml is none"):
        kfold_datasets(tmp_path / "x.yaml", 2, tmp_path / "folds")


def test_a_folder_that_cannot_be_written(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FoldsError, match="Name another folder"):
        kfold_datasets(data, 2, tmp_path / "file" / "folds")
