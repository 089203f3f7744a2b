"""What a data set's YAML names: the data set itself, and its images, as folders or text files with one path a line."""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

_NAMELESS = ("data", "dataset")
"""Names of YAMLs that every data set has; the name of their folder says more."""


def dataset_name(file: Path) -> str:
    """Return the name of a data set by its YAML: ``coco8`` for ``coco8.yaml`` and for ``coco8/data.yaml``."""
    return file.absolute().parent.name if file.stem.lower() in _NAMELESS else file.stem


def image_files(sources: Iterable[Path], endings: Collection[str]) -> list[str]:
    """Return the absolute paths of all images, sorted, each once. Files are listed, not read.

    A text file is read as Ultralytics reads it: a path that begins with ``./`` is relative to the text file. Hidden
    files and folders are left out, as Ultralytics does.

    Args:
        sources: Folders, which are searched to their full depth, and text files.
        endings: Endings of the images' names, in small letters, without the dot.

    Raises:
        OSError: If a source does not exist or cannot be read.
    """
    found = {os.path.abspath(path) for source in sources for path in _paths(source)}  # noqa: PTH100 - many thousands
    return sorted(path for path in found if path.rpartition(".")[-1].lower() in endings)


def _paths(source: Path) -> Iterator[str]:
    if source.is_dir():
        for folder, subfolders, names in os.walk(source):
            subfolders[:] = [name for name in subfolders if not name.startswith(".")]
            yield from (os.path.join(folder, name) for name in names if not name.startswith("."))  # noqa: PTH118
        return
    for line in source.read_text(encoding="utf-8-sig").splitlines():
        if path := line.strip():
            yield str(source.parent / path[2:]) if path.startswith("./") else path
