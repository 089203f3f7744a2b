from pathlib import Path

import pytest

from neptune_yolo.tracking.dataset_files import dataset_name, image_files


@pytest.fixture
def images(tmp_path: Path) -> Path:
    for name in ("a/2.JPG", "a/deeper/1.png", "a/notes.txt", "a/.hidden.png", "a/.trash/3.png", "b/4.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_folders_are_searched_to_their_depth(images: Path) -> None:
    found = image_files([images / "a", images / "a" / "deeper", images / "b"], {"jpg", "png"})

    assert found == [str(images / name) for name in ("a/2.JPG", "a/deeper/1.png", "b/4.png")]


def test_a_text_file_lists_images(images: Path) -> None:
    absolute = images / "elsewhere" / "5.png"
    (images / "list.txt").write_text(f"\ufeff./b/4.png\n\n{absolute}\n./a/notes.txt\n", encoding="utf-8")

    assert image_files([images / "list.txt"], {"png"}) == [str(images / "b/4.png"), str(absolute)]


def test_what_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        image_files([tmp_path / "gone"], {"png"})


@pytest.mark.parametrize(
    ("file", "name"),
    [("coco8.yaml", "coco8"), ("sets/digits/data.yaml", "digits"), ("digits/Dataset.yml", "digits")],
)
def test_a_data_set_is_named_by_its_yaml_or_its_folder(file: str, name: str) -> None:
    assert dataset_name(Path(file)) == name
