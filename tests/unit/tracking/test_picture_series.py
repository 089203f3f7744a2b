from pathlib import Path

import pytest

from neptune_yolo.tracking.picture_series import SeriesPoint, series_point


@pytest.mark.parametrize(
    ("name", "step", "epoch", "expected"),
    [
        ("train_batch0.jpg", 1, 0, SeriesPoint("Mosaic/series/train_batch_0", 1, always=True)),
        ("train_batch2.jpg", 1, 0, SeriesPoint("Mosaic/series/train_batch_2", 1, always=True)),
        # mosaic is switched off in the 41st epoch of 7 batches
        ("train_batch281.jpg", 41, 40, SeriesPoint("Mosaic/series/train_batch_1", 41, always=True)),
        # the picture of the first epoch comes when the second one has begun
        ("train_batch2.jpg", 2, 1, SeriesPoint("Mosaic/series/train_batch_2", 1, always=True)),
        # a run that goes on after ten epochs of an earlier training
        ("train_batch1.jpg", 11, 0, SeriesPoint("Mosaic/series/train_batch_1", 11, always=True)),
        ("val_batch0_labels.jpg", 3, 2, SeriesPoint("Validation/series/val_batch0_labels", 3, always=True)),
        ("val_batch2_pred.jpg", 3, 2, SeriesPoint("Validation/series/val_batch2_pred", 3, always=True)),
        ("BoxPR_curve.png", 3, 2, SeriesPoint("Plots/series/BoxPR_curve", 3, always=False)),
        ("MaskPR_curve.png", 3, 2, SeriesPoint("Plots/series/MaskPR_curve", 3, always=False)),
    ],
)
def test_where_a_picture_stands(name: str, step: int, epoch: int, expected: SeriesPoint) -> None:
    assert series_point(Path("runs") / name, step, epoch=epoch, batches=7) == expected


def test_fewer_batches_than_pictures_continue_in_the_next_epoch() -> None:
    point = series_point(Path("train_batch2.jpg"), 2, epoch=1, batches=2)

    assert (point.path, point.step) == ("Mosaic/series/train_batch_0", 2)
