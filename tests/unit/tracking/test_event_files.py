"""Event files, read by TensorBoard's own reader."""

import io
import math
import sys
from pathlib import Path

import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from neptune_yolo.exceptions import PackageMissingError
from neptune_yolo.tracking.event_files import EventFiles
from neptune_yolo.tracking.mirror import TensorBoardMirror
from neptune_yolo.tracking.opening import OpenedRun
from neptune_yolo.tracking.run_logger import RunLogger


def read(folder: Path) -> EventAccumulator:
    events = EventAccumulator(str(folder))
    events.Reload()
    return events


def test_scalars_keep_their_steps_moments_and_what_is_not_finite(tmp_path: Path) -> None:
    with EventFiles(tmp_path) as files:
        files.scalar("train/box_loss", 1.5, 1, 1_700_000_000.25)
        files.scalar("train/box_loss", math.nan, 2)

    first, second = read(tmp_path).Scalars("train/box_loss")
    assert (first.step, first.value, first.wall_time) == (1, 1.5, 1_700_000_000.25)
    assert second.step == 2
    assert math.isnan(second.value)


def test_pictures_and_texts_are_kept(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (7, 5)).save(picture, "png")
    with EventFiles(tmp_path) as files:
        files.image("val/picture", picture.getvalue(), 3)
        files.table("arguments", {"lr0": 0.01, "name": "a|b\nc"})

    events = read(tmp_path)
    (image,) = events.Images("val/picture")
    assert (image.step, image.width, image.height, image.encoded_image_string) == (3, 7, 5, picture.getvalue())
    (text,) = events.Tensors("arguments")
    assert text.tensor_proto.string_val[0].decode() == "|name|value|\n|---|---|\n|lr0|0.01|\n|name|a\\|b c|"


def test_what_was_written_in_several_openings_is_one_run(tmp_path: Path) -> None:
    for step in (1, 2):
        with EventFiles(tmp_path) as files:
            files.scalar("loss", float(step), step, 1_700_000_000 + step)

    assert [event.step for event in read(tmp_path).Scalars("loss")] == [1, 2]


def test_nothing_is_made_before_something_is_written(tmp_path: Path) -> None:
    with EventFiles(tmp_path / "run"):
        pass

    assert not (tmp_path / "run").exists()


def test_without_tensorboard_it_is_told_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard.summary.writer.event_file_writer", None)

    with pytest.raises(PackageMissingError, match=r'pip install "neptune-yolo\[tensorboard\]"'):
        EventFiles(tmp_path)


def test_a_mirror_that_fails_harms_neither_run_nor_training(tmp_path: Path, opened: OpenedRun) -> None:
    (tmp_path / "folder").write_text("a file in its place")
    logger = RunLogger(opened, mirror=TensorBoardMirror(tmp_path / "folder"))

    logger.log_metrics({"train/box_loss": 1.5}, step=1)
    logger.log_image("picture", b"no picture", step=1)
    logger.close(10)

    assert "writing to the mirror" in logger.ledger.summary()


def test_unchanged_arguments_are_written_once(tmp_path: Path) -> None:
    mirror = TensorBoardMirror(tmp_path)
    for learning_rate in (0.1, 0.1, 0.2):
        mirror.arguments({"lr0": learning_rate})
    mirror.close()

    assert len(read(tmp_path).Tensors("arguments")) == 2
