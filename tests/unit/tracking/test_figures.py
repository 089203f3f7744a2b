from pathlib import Path

import pytest

from neptune_yolo.tracking.figures import figure_path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("train_batch0.jpg", "Mosaic/train_batch0"),
        ("train_batch1170.jpg", "Mosaic/train_batch1170"),
        ("val_batch0_labels.jpg", "Validation/val_batch0_labels"),
        ("val_batch2_pred.jpg", "Validation/val_batch2_pred"),
        ("BoxPR_curve.png", "Plots/BoxPR_curve"),
        ("confusion_matrix_normalized.png", "Plots/confusion_matrix_normalized"),
        ("labels.jpg", "Plots/labels"),
        ("results.png", "Plots/results"),
        ("train_batches.png", "Plots/train_batches"),
        ("my plot ä.v2.png", "Plots/my plot ä.v2"),
    ],
)
def test_each_plot_has_its_place(name: str, path: str) -> None:
    assert figure_path(Path("runs dir") / name) == path
