import hashlib
import os
import shutil
from pathlib import Path

import pytest

from neptune_yolo.policies import DatasetHash
from neptune_yolo.tracking.dataset_hash import DatasetHashes, HashingStoppedError, hash_dataset

FAST, FULL = DatasetHash.FAST, DatasetHash.FULL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two training images, of which one has a label, and a validation image."""
    folder = tmp_path / "data ä"
    for name, content in (
        ("images/train/b.png", "bb"),
        ("images/train/a.png", "a"),
        ("labels/train/a.txt", "0 .5 .5 .1 .1\n"),
        ("images/val/c.png", "ccc"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, list[str]]:
    names = {
        "val": ["images/val/c.png", "labels/val/c.txt"],
        "train": ["images/train/b.png", "images/train/a.png", "labels/train/b.txt", "labels/train/a.txt"],
    }
    return {split: [str(folder / name) for name in of_split] for split, of_split in names.items()}


def sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def test_the_fast_formula_can_be_computed_again(folder: Path) -> None:
    def line(name: str) -> bytes:
        status = (folder / name).stat()
        return f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode()

    train = sha256(line("images/train/a.png") + line("images/train/b.png") + line("labels/train/a.txt"))
    val = sha256(line("images/val/c.png"))
    whole = sha256(f"train\0{train}\nval\0{val}\n".encode())

    assert hash_dataset(files(folder), FAST) == DatasetHashes(whole, {"train": train, "val": val}, 4)


def test_the_full_formula_can_be_computed_again(folder: Path) -> None:
    def line(name: str) -> bytes:
        return f"{name}\0{sha256((folder / name).read_bytes())}\n".encode()

    train = sha256(line("images/train/a.png") + line("images/train/b.png") + line("labels/train/a.txt"))

    assert hash_dataset(files(folder), FULL).splits["train"] == train


@pytest.mark.parametrize("kind", [FAST, FULL])
def test_a_moved_data_set_and_another_order_give_the_same_hash(folder: Path, kind: DatasetHash) -> None:
    before = hash_dataset(files(folder), kind)
    moved = folder.parent / "elsewhere" / "deeper"
    shutil.move(folder, moved)
    again = {split: [*reversed(paths), paths[0]] for split, paths in files(moved).items()}

    assert hash_dataset(dict(reversed(again.items())), kind) == before


@pytest.mark.parametrize("kind", [FAST, FULL])
@pytest.mark.parametrize("name", ["labels/train/a.txt", "images/val/c.png"])
def test_a_changed_file_changes_the_hash(folder: Path, kind: DatasetHash, name: str) -> None:
    before = hash_dataset(files(folder), kind)
    (folder / name).write_text("other", encoding="utf-8")
    after = hash_dataset(files(folder), kind)

    changed = "val" if "val" in name else "train"
    assert after.whole != before.whole
    assert {split for split in after.splits if after.splits[split] != before.splits[split]} == {changed}


def test_a_copy_without_its_times_differs_for_the_fast_hash_only(folder: Path) -> None:
    before = {kind: hash_dataset(files(folder), kind) for kind in (FAST, FULL)}
    os.utime(folder / "images/val/c.png", ns=(1, 1))

    assert hash_dataset(files(folder), FAST) != before[FAST]
    assert hash_dataset(files(folder), FULL) == before[FULL]


def test_a_new_label_and_another_split_change_the_hash(folder: Path) -> None:
    before = hash_dataset(files(folder), FULL)
    (folder / "labels/train/b.txt").touch()
    with_label = hash_dataset(files(folder), FULL)
    other_split = {"train": files(folder)["train"] + files(folder)["val"], "val": []}

    assert len({before.whole, with_label.whole, hash_dataset(other_split, FULL).whole}) == 3


def test_it_can_be_given_up(folder: Path) -> None:
    asked = []

    def is_stopped() -> bool:
        asked.append(1)
        return len(asked) == 2

    with pytest.raises(HashingStoppedError):
        hash_dataset(files(folder), FULL, is_stopped)


def test_nothing_has_a_hash_too() -> None:
    assert hash_dataset({}, FAST).whole == sha256(b"")
