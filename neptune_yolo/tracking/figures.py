"""Where a plot file of Ultralytics goes in the run. Pure functions."""

import re
from pathlib import Path

from neptune_yolo.tracking import attribute_paths as paths

_TRAINING_BATCH = re.compile(r"train_batch\d+")
_VALIDATION_BATCH = re.compile(r"val_batch\d+_(labels|pred)")


def figure_path(file: Path) -> str:
    """Return the attribute path of a plot.

    ``train_batch0.jpg`` goes to ``Mosaic``, ``val_batch0_pred.jpg`` to ``Validation``, everything else to ``Plots``,
    each under its name without the ending.

    Args:
        file: Path of the plot; only its name matters.
    """
    if _TRAINING_BATCH.fullmatch(file.stem):
        return f"{paths.MOSAIC}/{file.stem}"
    if _VALIDATION_BATCH.fullmatch(file.stem):
        return f"{paths.VALIDATION}/{file.stem}"
    return f"{paths.PLOTS}/{file.stem}"
