"""Which validation images are shown: evenly spread, or by their names; the same ones in every epoch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from torch.utils.data import RandomSampler

from neptune_yolo.policies import PredictionPolicy


@dataclass(frozen=True)
class ChosenImage:
    """One image that is shown.

    Args:
        index: Its number in attribute paths, from 0.
        position: Its position in the data set.
        source: Its path, exactly as the data set names it.
        file: Its path below the data set's folder, with forward slashes; the bare name if it lies elsewhere.
    """

    index: int
    position: int
    source: str
    file: str

    @property
    def name(self) -> str:
        """Name of the file without its folder."""
        return Path(self.source).name


@dataclass(frozen=True)
class Selection:
    """The images that are shown, and the names that belong to none."""

    images: tuple[ChosenImage, ...]
    unknown: tuple[str, ...] = ()


def choose_images(loader: Any, policy: PredictionPolicy, root: Path | None) -> Selection:
    """Choose images among those that a loader gives to this process.

    Args:
        loader: Loader of the validation set.
        policy: How many, or which.
        root: Folder of the data set, to which names are relative. None: unknown.
    """
    files = image_files(loader.dataset)
    positions = own_positions(loader, len(files))
    unknown: tuple[str, ...] = ()
    if policy.files:
        chosen, unknown = _by_name(files, positions, policy.files)
    else:
        chosen = [positions[place] for place in spread(len(positions), policy.images)]
    folder = root or _folder(loader.dataset)
    images = (ChosenImage(i, at, files[at], _relative(files[at], folder)) for i, at in enumerate(chosen))
    return Selection(tuple(images), unknown)


def image_files(dataset: Any) -> Sequence[str]:
    """Return the path of each image of an Ultralytics data set, in its order; empty if it does not know them."""
    if samples := getattr(dataset, "samples", None):  # classification
        return [str(sample[0]) for sample in samples]
    if parts := getattr(dataset, "datasets", None):
        return list(chain.from_iterable(image_files(part) for part in parts))
    return getattr(dataset, "im_files", None) or []


def own_positions(loader: Any, total: int) -> Sequence[int]:
    """Return the positions of the images that this process validates, in rising order.

    Samplers that share a data set among processes are asked. Those that shuffle are not: they would draw from the
    random numbers of the training, and give all images anyway.
    """
    sampler = getattr(loader, "sampler", None)
    if sampler is None or isinstance(sampler, RandomSampler) or not hasattr(sampler, "num_replicas"):
        return range(total)
    return sorted({int(position) for position in sampler if position < total})


def spread(total: int, number: int) -> list[int]:
    """Return at most `number` places in ``range(total)``: the middle of each of as many equal parts."""
    number = min(number, total)
    return [(2 * part + 1) * total // (2 * number) for part in range(number)]


def _by_name(files: Sequence[str], positions: Iterable[int], names: Iterable[str]) -> tuple[list[int], tuple[str, ...]]:
    """Return the positions of named images, each once, and the names that no image has."""
    by_stem: dict[str, list[int]] = {}
    for position in positions:
        by_stem.setdefault(Path(files[position]).stem, []).append(position)
    chosen: list[int] = []
    unknown: list[str] = []
    for name in names:
        wanted = Path(name)
        stems = (wanted.name, wanted.stem)  # a name without an ending may have a dot in it
        candidates = chain.from_iterable(by_stem.get(stem, ()) for stem in stems)
        found = next((position for position in candidates if _is_named(Path(files[position]), wanted)), None)
        if found is None:
            unknown.append(name)
        elif found not in chosen:
            chosen.append(found)
    return chosen, tuple(unknown)


def _is_named(file: Path, wanted: Path) -> bool:
    """Return whether the last parts of a path are the wanted ones, with or without the ending."""
    count = len(wanted.parts)
    return wanted.parts in (file.parts[-count:], file.with_suffix("").parts[-count:])


def _folder(dataset: Any) -> Path | None:
    root = getattr(dataset, "root", None)  # classification: the folder of the split
    return Path(root).parent if root else None


def _relative(file: str, folder: Path | None) -> str:
    path = Path(file)
    for one in (folder, folder.resolve() if folder else None):
        if one is not None and path.is_relative_to(one):
            return path.relative_to(one).as_posix()
    return path.name
