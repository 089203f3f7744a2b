"""K-fold cross-validation: splits a data set into k folds, each of which is validated on once."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from neptune_yolo.exceptions import FoldsError
from neptune_yolo.tracking.dataset_files import dataset_name, image_files

_SPLITS = ("train", "val")
_FEWEST_FOLDS = 2  # one would leave nothing to train on


def kfold_datasets(data: str | Path, k: int, folder: str | Path, *, seed: int = 0) -> list[Path]:
    """Write k data YAMLs, each of which validates on one part of the images and trains on the others.

    The training and validation images of the data set are dealt out again; its test images stay as they are. Images and
    labels are neither copied nor moved: the YAMLs name text files with the absolute paths of the images. The parts
    differ by one image at most. Which image comes into which part depends on the seed and on its path within the data
    set, not on the place or the order of the files: by SHA-256, so that no random number is drawn. Images that belong
    together, such as the frames of a film, are not kept together.

    Args:
        data: The data set's YAML, or a name that Ultralytics knows, such as ``coco8.yaml``; fetched if it is missing.
        k: Number of folds, from 2 to the number of images.
        folder: Where the YAMLs and lists go; made if it does not exist, overwritten if it holds earlier ones.
        seed: Another seed gives other folds.

    Returns:
        Absolute paths of the YAMLs. They hold the keys of the data set's own, and ``fold`` (from 1) and ``folds``.

    Raises:
        FoldsError: If k is no whole number from 2, there are fewer images than folds, the data set is none, or the
            folder cannot be written.
    """
    _check_number(k)
    content = _checked(data)
    images = _images(content)
    if len(images) < k:
        raise FoldsError(f"{k} folds need at least {k} images; {data} has {len(images)}. Use fewer folds.")
    root = Path(content["path"]).absolute()
    shuffled = sorted(images, key=lambda image: _position(image, root, seed))
    parts = [sorted(shuffled[number::k]) for number in range(k)]
    target, name = Path(folder).absolute(), dataset_name(Path(content.get("yaml_file") or data))
    try:
        return [_write(target, name, content, parts, number) for number in range(k)]
    except OSError as error:
        raise FoldsError(f"The folds cannot be written to {target} ({error}). Name another folder.") from error


def _check_number(k: object) -> None:
    if not isinstance(k, int) or isinstance(k, bool) or k < _FEWEST_FOLDS:
        raise FoldsError(f"The number of folds must be a whole number from {_FEWEST_FOLDS}; got {k!r}.")


def _checked(data: str | Path) -> dict[str, Any]:
    """Return a data set's YAML with absolute paths, as Ultralytics reads it."""
    from ultralytics.data.utils import check_det_dataset

    try:
        content: dict[str, Any] = check_det_dataset(str(data))
    except (OSError, ValueError, SyntaxError, TypeError, AssertionError) as error:
        problem = (
            f"Expected the YAML of a data set with train and val, as Ultralytics reads it; {data} is none: {error}"
        )
        raise FoldsError(problem) from error
    return content


def _images(content: Mapping[str, Any]) -> list[str]:
    from ultralytics.data.utils import IMG_FORMATS

    named = [value for split in _SPLITS for value in _listed(content.get(split))]
    try:
        return image_files([Path(value) for value in named], IMG_FORMATS)
    except OSError as error:
        raise FoldsError(f"The images that the data set names cannot be listed ({error}).") from error


def _position(image: str, root: Path, seed: int) -> bytes:
    """Return where an image stands in the order from which the folds are dealt: the same on every machine."""
    relative = os.path.relpath(image, root).replace(os.sep, "/")
    return hashlib.sha256(f"{seed}\0{relative}".encode(errors="surrogateescape")).digest()


def _write(target: Path, name: str, content: Mapping[str, Any], parts: Sequence[Sequence[str]], number: int) -> Path:
    import yaml

    folder = target / f"fold_{number + 1}"
    folder.mkdir(parents=True, exist_ok=True)
    train = sorted(image for other, part in enumerate(parts) if other != number for image in part)
    fold = {
        **{key: value for key, value in content.items() if key not in ("yaml_file", "download", "minival")},
        "path": str(Path(content["path"]).absolute()),
        "train": str(_write_list(folder / "train.txt", train)),
        "val": str(_write_list(folder / "val.txt", parts[number])),
        "fold": number + 1,
        "folds": len(parts),
    }
    file = folder / f"{name}_fold_{number + 1}.yaml"
    file.write_text(yaml.safe_dump(fold, sort_keys=False, allow_unicode=True), encoding="utf-8", newline="\n")
    return file


def _write_list(file: Path, images: Sequence[str]) -> Path:
    file.write_text("".join(f"{image}\n" for image in images), encoding="utf-8", newline="\n")
    return file


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []
