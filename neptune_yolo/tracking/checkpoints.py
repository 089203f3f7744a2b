"""Checkpoint files: whether one is whole."""

import zipfile
from pathlib import Path


def is_complete_checkpoint(file: Path) -> bool:
    """Return whether a checkpoint of torch was written to its end.

    A checkpoint is a zip archive, whose directory comes last: a file that was cut off has none.

    Args:
        file: Checkpoint file.
    """
    return zipfile.is_zipfile(file)
