"""What can be said of a data set from what Ultralytics has loaded already. No file is opened; some are listed."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from ultralytics.data.utils import IMG_FORMATS, img2label_paths

from neptune_yolo.tracking.dataset_files import dataset_name, image_files

_SPLITS = ("train", "val", "test")


@dataclass(frozen=True, kw_only=True)
class LoadedSplit:
    """One split as Ultralytics has loaded it, or as its folder says.

    Args:
        name: ``train``, ``val`` or ``test``.
        datasets: Ultralytics' data sets; several for a World model; none if Ultralytics has not loaded the split.
        sources: Folders and text files that the YAML names.
    """

    name: str
    datasets: tuple[Any, ...]
    sources: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class SplitFacts:
    """Counts of one split.

    Args:
        images: Number of images that the training uses.
        labelled: Number of them with at least one instance; None if they have no instances (masks, depth).
        instances: Number of labelled instances; for classification that of images. None if they have none.
        per_class: Name of a class -> number of its instances; empty if that is not known.
        widths: Smallest, median and largest width in pixels; None if it is not known.
        heights: Smallest, median and largest height in pixels; None if it is not known.
    """

    images: int
    labelled: int | None = None
    instances: int | None = None
    per_class: Mapping[str, int] = field(default_factory=dict)
    widths: tuple[int, int, int] | None = None
    heights: tuple[int, int, int] | None = None


def loaded_splits(trainer: Any) -> list[LoadedSplit]:
    """Return the splits of a trainer's data set: those that are loaded, then those that the YAML names beside them.

    Args:
        trainer: An Ultralytics trainer after its set-up.
    """
    loaders = {"train": trainer.train_loader, str(trainer.args.split or "val"): trainer.test_loader}
    splits = []
    for name in dict.fromkeys((*loaders, *_SPLITS)):
        loader = loaders.get(name)
        sources = _sources(trainer.data.get(name))
        if loader is not None:
            dataset = loader.dataset
            datasets = tuple(getattr(dataset, "datasets", None) or (dataset,))
            splits.append(LoadedSplit(name=name, datasets=datasets, sources=sources))
        elif sources:
            splits.append(LoadedSplit(name=name, datasets=(), sources=sources))
    return splits


def class_names(trainer: Any) -> list[str]:
    """Return the names of a trainer's classes in their order."""
    names = trainer.data.get("names") or {}
    return [str(name) for name in (names.values() if isinstance(names, Mapping) else names)]


def split_facts(split: LoadedSplit, names: list[str]) -> SplitFacts:
    """Return the counts of one split.

    Args:
        split: The split.
        names: Names of the trainer's classes.
    """
    if not split.datasets:
        return SplitFacts(images=len(image_files(split.sources, IMG_FORMATS)))
    if hasattr(split.datasets[0], "samples"):
        return _classification_facts([sample[1] for sample in split.datasets[0].samples], names)
    labels = [label for dataset in split.datasets for label in dataset.labels]
    shapes = np.array([label["shape"] for label in labels if label.get("shape") is not None]).reshape(-1, 2)
    facts = SplitFacts(images=len(labels), heights=_spread(shapes[:, 0]), widths=_spread(shapes[:, 1]))
    if any(_has_no_instances(dataset) for dataset in split.datasets):
        return facts
    counts = [len(label["cls"]) for label in labels]
    return replace(
        facts,
        labelled=sum(1 for count in counts if count),
        instances=sum(counts),
        per_class=_instances_per_class(split.datasets, names),
    )


def split_files(split: LoadedSplit, data: Mapping[str, Any], task: str) -> tuple[list[str], list[str]]:
    """Return the paths of the images of a split and of their labels, which need not exist.

    Args:
        split: The split.
        data: The trainer's data dictionary.
        task: Ultralytics' name of the task.
    """
    if not split.datasets:
        images = image_files(split.sources, IMG_FORMATS)
        return images, [] if task == "classify" else _label_files(images, data, task)
    images, labels = list[str](), list[str]()
    for dataset in split.datasets:
        if hasattr(dataset, "samples"):
            images += [os.fspath(sample[0]) for sample in dataset.samples]
            continue
        images += [os.fspath(file) for file in dataset.im_files]
        one_for_all = getattr(dataset, "json_file", None)
        labels += [os.fspath(one_for_all)] if one_for_all else _loaded_label_files(dataset)
    return images, labels


def root_folder(trainer: Any) -> Path | None:
    """Return the folder of a trainer's data set; None if there is not one."""
    if path := trainer.data.get("path"):
        return Path(path)
    sources = _sources(trainer.data.get("train"))
    return sources[0].parent if len(sources) == 1 else None


def description(trainer: Any) -> tuple[str, str | None]:
    """Return the name of a trainer's data set and its YAML; None if there is none, as for classification.

    Args:
        trainer: An Ultralytics trainer after its set-up.
    """
    given = trainer.args.data
    if isinstance(given, Mapping):  # a World model: several data sets
        plain = yaml.safe_dump(_plain(given), sort_keys=False, allow_unicode=True)
        sets = [Path(str(name)).stem for name in _listed(given.get("train", {}).get("yolo_data", ()))]
        return "+".join(sets) or "custom", plain
    path = Path(str(trainer.data.get("yaml_file") or given))
    if path.suffix.lower() in (".yaml", ".yml") and path.is_file():
        return dataset_name(path), path.read_text(encoding="utf-8")
    return path.name or str(given), None


def _sources(value: object) -> tuple[Path, ...]:
    texts = value if isinstance(value, list | tuple) else [value]
    paths = [Path(text) for text in texts if isinstance(text, str | Path)]
    return tuple(path for path in paths if path.exists())


def _has_no_instances(dataset: Any) -> bool:
    return bool(getattr(dataset, "mask_files", None) or getattr(dataset, "depth_files", None))


def _classification_facts(classes: list[int], names: list[str]) -> SplitFacts:
    counts = np.bincount(np.array(classes, dtype=np.int64), minlength=len(names)).tolist()
    per_class = dict(zip(names, counts, strict=False))
    return SplitFacts(images=len(classes), labelled=len(classes), instances=len(classes), per_class=per_class)


def _instances_per_class(datasets: Iterable[Any], names: list[str]) -> dict[str, int]:
    """Count by name, because each data set of a World model has classes of its own, and texts have none."""
    counts = dict.fromkeys(names, 0)
    for dataset in datasets:
        own = getattr(dataset, "data", {}).get("names")
        classes = [label["cls"].reshape(-1) for label in dataset.labels]
        if not own or not classes:
            continue
        by_number = own if isinstance(own, Mapping) else dict(enumerate(own))
        for number, count in enumerate(np.bincount(np.concatenate(classes).astype(np.int64)).tolist()):
            name = str(by_number.get(number, number))
            if count:
                counts[name] = counts.get(name, 0) + count
    return counts


def _spread(values: Any) -> tuple[int, int, int] | None:
    if not len(values):
        return None
    return int(values.min()), int(np.median(values)), int(values.max())


def _loaded_label_files(dataset: Any) -> list[str]:
    kinds = (getattr(dataset, name, None) for name in ("mask_files", "depth_files", "label_files"))
    return [os.fspath(file) for file in next((files for files in kinds if files), ())]


def _label_files(images: list[str], data: Mapping[str, Any], task: str) -> list[str]:
    """Return where Ultralytics looks for the labels of images that it has not loaded."""
    if task == "depth":
        return img2label_paths(images, "depth", ".png") + img2label_paths(images, "depth", ".npy")
    if task == "semantic" and (folder := data.get("masks_dir")):
        return img2label_paths(images, folder, ".png")
    return img2label_paths(images)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


def _plain(value: object) -> object:
    """Return a value with nothing but what YAML knows."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
