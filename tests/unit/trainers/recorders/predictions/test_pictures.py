import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from neptune_yolo.trainers.recorders.predictions.pictures import read_picture
from neptune_yolo.trainers.recorders.predictions.selection import ChosenImage

LARGE = np.zeros((100, 2560, 3), dtype=np.uint8)
LARGE[:, :1280] = (250, 120, 10)


@pytest.mark.parametrize("pixels", [LARGE, LARGE[:, :600], LARGE[..., 0]], ids=["large", "small", "grey"])
def test_a_clean_picture_is_the_image_and_no_larger_than_its_bound(pixels: NDArray[np.uint8], tmp_path: Path) -> None:
    file = tmp_path / "ein bild ä.png"
    Image.fromarray(pixels).save(file)
    clean = read_picture(ChosenImage(0, 0, str(file), "a"))
    assert clean is not None
    assert (clean.width, clean.height) == pixels.shape[1::-1]
    assert clean.scale == min(1, 1280 / clean.width)
    picture = Image.open(io.BytesIO(clean.jpeg))
    assert picture.size == (round(clean.width * clean.scale), round(clean.height * clean.scale))
    expected = (250, 120, 10) if pixels.ndim == 3 else (250, 250, 250)
    assert clean.open().getpixel((10, 10)) == pytest.approx(expected, abs=6)


def test_an_image_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    file = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(file, exif=exif)
    clean = read_picture(ChosenImage(0, 0, str(file), "a"))
    assert clean is not None
    assert (clean.width, clean.height) == (20, 40)  # as Ultralytics reads it


def test_a_file_that_is_no_picture_gives_none(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_text("no picture")
    assert read_picture(ChosenImage(0, 0, str(file), "a")) is None
    assert read_picture(ChosenImage(0, 0, str(tmp_path / "none.jpg"), "a")) is None
