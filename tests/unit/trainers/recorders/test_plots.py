import base64
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders import plots
from neptune_yolo.trainers.recorders.plots import PlotRecorder


def draw(folder: Path, name: str, shade: int) -> Path:
    file = folder / name
    Image.fromarray(np.full((8, 8, 3), shade, np.uint8)).save(file)
    return file


def base64_of(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


def test_a_batch_picture_is_a_file_and_the_beginning_of_a_series(
    logger: RunLogger, written: Callable[[], Any], tmp_path: Path
) -> None:
    recorder = PlotRecorder(logger)
    first, later = draw(tmp_path, "train_batch1.jpg", 0), draw(tmp_path, "train_batch71.jpg", 200)

    recorder.record(first, 1, epoch=0, batches=7)
    recorder.record(later, 11, epoch=10, batches=7)

    run = written()
    assert run.file("Mosaic/train_batch1") == first.read_bytes()
    assert run.file("Mosaic/train_batch71") == later.read_bytes()
    assert run.pictures("Mosaic/series/train_batch_1") == [(1, base64_of(first)), (11, base64_of(later))]


def test_a_plot_that_never_recurs_is_uploaded_once(
    logger: RunLogger, written: Callable[[], Any], tmp_path: Path
) -> None:
    recorder = PlotRecorder(logger)
    recorder.record(draw(tmp_path, "labels.jpg", 1), None, epoch=0, batches=7)
    recorder.record(draw(tmp_path, "BoxPR_curve.png", 2), 3, epoch=2, batches=7)
    newest = draw(tmp_path, "BoxPR_curve.png", 3)
    recorder.record(newest, 3, epoch=2, batches=7)

    run = written()
    assert run.paths("Plots/") == ["Plots/labels", "Plots/BoxPR_curve"]
    assert run.file("Plots/BoxPR_curve") == newest.read_bytes()


@pytest.mark.parametrize("most_kept_bytes", [plots._MOST_KEPT_BYTES, 0])
def test_the_first_picture_of_a_plot_that_recurs_is_not_lost(
    logger: RunLogger,
    written: Callable[[], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    most_kept_bytes: int,
) -> None:
    monkeypatch.setattr(plots, "_MOST_KEPT_BYTES", most_kept_bytes)
    recorder = PlotRecorder(logger)
    contents = []
    for step in (1, 2, 3):
        file = draw(tmp_path, "MaskPR_curve.png", 40 * step)
        contents.append(base64_of(file))
        recorder.record(file, step, epoch=step - 1, batches=7)

    assert written().pictures("Plots/series/MaskPR_curve") == list(zip((1, 2, 3), contents, strict=True))
    assert recorder._kept_bytes == 0


def test_steps_of_a_series_increase_even_if_pictures_come_again_or_late(
    logger: RunLogger, written: Callable[[], Any], tmp_path: Path
) -> None:
    recorder = PlotRecorder(logger, after=1)
    file = draw(tmp_path, "val_batch0_pred.jpg", 9)
    for step in (1, 3, 3, 2, 4):
        recorder.record(file, step, epoch=step - 1, batches=7)

    assert [step for step, _ in written().pictures("Validation/series/val_batch0_pred")] == [3, 4]


def test_pictures_from_threads_while_the_run_is_closed_are_harmless(logger: RunLogger, tmp_path: Path) -> None:
    recorder = PlotRecorder(logger)
    files = [draw(tmp_path, f"plot{number}.png", number) for number in range(4)]

    def record(file: Path) -> None:
        for step in range(1, 10):
            recorder.record(file, step, epoch=step - 1, batches=7)

    threads = [threading.Thread(target=record, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    logger.close(stop_timeout_seconds=5)
    for thread in threads:
        thread.join()

    assert logger.ledger.total == 0
