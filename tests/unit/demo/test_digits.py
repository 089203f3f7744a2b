import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from neptune_yolo.demo.digits import make_digits, read_manifest
from neptune_yolo.demo.exceptions import DigitsArgumentError, DigitsFolderError, MissingDemoPackageError
from neptune_yolo.demo.glyphs import load_glyphs, split_glyphs

TRAIN, VAL, SIZE = 24, 8, 96


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def label_rows(folder: Path, split: str) -> dict[str, list[list[float]]]:
    return {
        path.stem: [[float(value) for value in line.split()] for line in path.read_text().splitlines()]
        for path in sorted((folder / "labels" / split).glob("*.txt"))
    }


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_digits(tmp_path_factory.mktemp("digits"), train=TRAIN, val=VAL, size=SIZE, seed=3).parent


def test_the_same_arguments_make_the_same_bytes(digits: Path, tmp_path: Path) -> None:
    again = make_digits(tmp_path / "again", train=TRAIN, val=VAL, size=SIZE, seed=3).parent

    assert len(digests(digits)) == 2 * (TRAIN + VAL) + 2
    assert digests(again) == digests(digits)


def test_another_process_makes_the_same_bytes(digits: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from neptune_yolo.demo.digits import make_digits; "
        f"make_digits(Path(sys.argv[1]), train={TRAIN}, val={VAL}, size={SIZE}, seed=3)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "other")], check=True, timeout=120)

    assert digests(tmp_path / "other") == digests(digits)


def test_another_seed_makes_other_pictures_and_another_split(digits: Path, tmp_path: Path) -> None:
    other = make_digits(tmp_path / "other", train=TRAIN, val=VAL, size=SIZE, seed=4).parent

    ours, theirs = digests(digits), digests(other)
    pictures = [name for name in ours if name.endswith(".png")]
    assert all(ours[name] != theirs[name] for name in pictures)


def test_more_pictures_begin_with_the_same_ones(digits: Path, tmp_path: Path) -> None:
    longer = make_digits(tmp_path / "longer", train=TRAIN + 4, val=VAL, size=SIZE, seed=3).parent

    ours, theirs = digests(digits), digests(longer)
    assert all(theirs[name] == ours[name] for name in ours if name.startswith(("images/", "labels/")))


def test_train_and_val_glyphs_are_disjoint_and_complete() -> None:
    glyphs = load_glyphs()
    pools = split_glyphs(glyphs, seed=0)

    assert not set(pools["train"]) & set(pools["val"])
    assert sorted([*pools["train"], *pools["val"]]) == list(range(1797))
    assert set(glyphs.digit[pools["val"]]) == set(range(10))


def test_pictures_use_only_the_glyphs_of_their_split(digits: Path) -> None:
    manifest = read_manifest(digits)
    assert manifest is not None
    used = manifest["glyphs"]
    assert isinstance(used, dict)
    pools = split_glyphs(load_glyphs(), seed=3)

    assert used["train"]
    assert used["val"]
    assert set(used["train"]) <= set(pools["train"].tolist())
    assert set(used["val"]) <= set(pools["val"].tolist())


@pytest.mark.parametrize(("split", "count"), [("train", TRAIN), ("val", VAL)])
def test_each_picture_has_its_label_file_and_two_to_five_boxes(digits: Path, split: str, count: int) -> None:
    rows = label_rows(digits, split)
    pictures = {path.stem for path in (digits / "images" / split).glob("*.png")}

    assert len(rows) == count
    assert pictures == set(rows)
    assert all(2 <= len(boxes) <= 5 for boxes in rows.values())
    assert {len(boxes) for boxes in rows.values()} > {2, 3}


def test_boxes_are_whole_pixels_inside_the_picture_and_apart(digits: Path) -> None:
    for boxes in label_rows(digits, "train").values():
        values = np.array(boxes)
        corners = np.hstack([values[:, 1:3] - values[:, 3:5] / 2, values[:, 1:3] + values[:, 3:5] / 2]) * SIZE
        assert np.allclose(corners, np.rint(corners), atol=1e-3)
        corners = np.rint(corners)
        assert (corners >= 0).all()
        assert (corners <= SIZE).all()
        assert (corners[:, 2:] - corners[:, :2] >= 4).all()
        for i, one in enumerate(corners):
            for other in corners[i + 1 :]:
                overlap = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
                assert (overlap <= 0).any()


def test_boxes_hold_the_ink(digits: Path) -> None:
    for stem, boxes in label_rows(digits, "train").items():
        picture = np.asarray(Image.open(digits / "images" / "train" / f"{stem}.png").convert("L"), dtype=float)
        assert picture.shape == (SIZE, SIZE)
        inside = np.zeros((SIZE, SIZE), dtype=bool)
        for _, x, y, width, height in boxes:
            left, top = round((x - width / 2) * SIZE), round((y - height / 2) * SIZE)
            right, bottom = round((x + width / 2) * SIZE), round((y + height / 2) * SIZE)
            box = picture[top:bottom, left:right]
            assert box.max() > np.median(picture) + 40
            inside[top:bottom, left:right] = True
        assert picture[inside].mean() > picture[~inside].mean() + 20


def test_classes_are_the_digits_drawn(digits: Path) -> None:
    config = yaml.safe_load((digits / "data.yaml").read_text(encoding="utf-8"))
    classes = {int(box[0]) for boxes in label_rows(digits, "train").values() for box in boxes}

    assert config["names"] == {digit: str(digit) for digit in range(10)}
    assert classes == set(range(10))


def test_the_folder_can_be_moved(digits: Path, tmp_path: Path) -> None:
    moved = tmp_path / "mövéd away" / "digits"
    shutil.copytree(digits, moved)
    config = yaml.safe_load((moved / "data.yaml").read_text(encoding="utf-8"))

    assert "path" not in config
    assert (moved / config["train"]).is_dir()
    assert str(digits) not in (moved / "data.yaml").read_text(encoding="utf-8")
    before = (moved / "data.yaml").stat().st_mtime_ns
    make_digits(moved, train=TRAIN, val=VAL, size=SIZE, seed=3)
    assert (moved / "data.yaml").stat().st_mtime_ns == before


def test_a_complete_data_set_is_reused_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    first = make_digits(folder, train=3, val=2, size=64)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.png")}

    assert make_digits(folder, train=3, val=2, size=64) == first
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.png")} == times


def test_a_data_set_with_a_lost_file_is_made_again(tmp_path: Path) -> None:
    folder = make_digits(tmp_path / "digits", train=3, val=2, size=64).parent
    complete = digests(folder)
    (folder / "labels" / "train" / "train-00001.txt").unlink()

    make_digits(folder, train=3, val=2, size=64)
    assert digests(folder) == complete


def test_other_arguments_replace_the_data_set(tmp_path: Path) -> None:
    folder = make_digits(tmp_path / "digits", train=5, val=2, size=64).parent
    make_digits(folder, train=2, val=1, size=80)

    pictures = sorted(path.name for path in folder.rglob("*.png"))
    assert pictures == ["train-00000.png", "train-00001.png", "val-00000.png"]
    with Image.open(folder / "images" / "val" / "val-00000.png") as picture:
        assert picture.size == (80, 80)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")

    with pytest.raises(DigitsFolderError, match=r"holds other files \(thesis\.txt\).*Name another, empty folder"):
        make_digits(folder, train=1, val=1, size=64)
    assert (folder / "thesis.txt").read_text() == "years of work"


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DigitsFolderError, match="could not be written"):
        make_digits(tmp_path / "file" / "digits", train=1, val=1, size=64)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param({"train": 0}, "train must be a whole number of at least 1, got 0.", id="no training pictures"),
        pytest.param({"val": -1}, "val must be a whole number of at least 1, got -1.", id="negative count"),
        pytest.param({"size": 32}, "size must be a whole number of at least 48, got 32.", id="too small"),
        pytest.param({"seed": -1}, "seed must be a whole number of at least 0, got -1.", id="negative seed"),
        pytest.param({"train": 2.5}, "train must be a whole number of at least 1, got 2.5.", id="no whole number"),
        pytest.param({"val": True}, "val must be a whole number of at least 1, got True.", id="a truth value"),
    ],
)
def test_unusable_numbers_are_refused_before_anything_is_written(
    tmp_path: Path, arguments: dict[str, int], message: str
) -> None:
    with pytest.raises(DigitsArgumentError, match=f"^{re.escape(message)}$"):
        make_digits(tmp_path / "digits", **arguments)
    assert not (tmp_path / "digits").exists()


def test_without_scikit_learn_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)

    with pytest.raises(MissingDemoPackageError, match=re.escape("pip install 'neptune-yolo[demo]'")):
        make_digits(tmp_path / "digits", train=1, val=1, size=64)
