"""What tells one training from another, wherever its folder lies, and whether anything in a folder has changed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from neptune_yolo.transfer.ultralytics_runs.arguments import Arguments

_LASTING = ("task", "data", "name", "project", "seed")
"""Arguments that a resumed training keeps."""

_HEXADECIMAL_DIGITS = 32


def training_key(folder: Path, arguments: Arguments, first_line: str) -> str:
    """Return what a training is known by: it stays if the folder is moved or copied, and if the training goes on.

    Made of the folder's own name, of arguments that a resumed training keeps, and of the first epoch's line, which
    holds its time and its losses. A folder without epochs is known by its path.

    Args:
        folder: Absolute path of the training's folder.
        arguments: Arguments of the training.
        first_line: The first epoch's line in the table; empty if there is none.
    """
    lasting = {name: arguments.text(name) for name in _LASTING}
    content = [folder.name, lasting, first_line or str(folder)]
    return f"ultralytics-{_digest(json.dumps(content, sort_keys=True).encode())}"


def search_key(folder: Path, first_line: str) -> str:
    """Return what a search is known by, see `training_key`.

    Args:
        folder: Absolute path of the search's folder.
        first_line: The first trials, as text; empty if there are none.
    """
    return f"ultralytics-tune-{_digest(json.dumps([folder.name, first_line or str(folder)]).encode())}"


def fingerprint(files: Iterable[Path], values: Mapping[str, object]) -> str:
    """Return what changes if any file of a folder is added, removed or rewritten, or if more is read from it.

    Args:
        files: The files; names, sizes and times of change count, not contents.
        values: What was read from them.

    Raises:
        OSError: If a file is gone.
    """
    states = [(file.name, (state := file.stat()).st_size, state.st_mtime_ns) for file in files]
    content = [sorted(states), sorted((path, repr(value)) for path, value in values.items())]
    return _digest(json.dumps(content).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HEXADECIMAL_DIGITS]
