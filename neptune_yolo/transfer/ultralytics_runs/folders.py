"""Finds the folders that Ultralytics has left: trainings, searches, validations. Nothing outside is ever followed."""

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

RESULTS_NAMES = ("results.csv", "results.txt")
ARGUMENT_NAMES = ("args.yaml", "opt.yaml")
SEARCH_NAMES = ("tune_results.csv", "tune_results.ndjson", "best_hyperparameters.yaml")
WEIGHTS = "weights"
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp")

_NOT_ENTERED = (WEIGHTS, "labels", "crops")
_SIGNS_OF_A_VALIDATION = ("confusion_matrix.png", "val_batch0_pred.jpg", "predictions.json")


class FolderKind(StrEnum):
    """What a folder holds."""

    TRAINING = "training"
    SEARCH = "search"
    VALIDATION = "validation"


@dataclass(frozen=True)
class FoundFolder:
    """A folder that Ultralytics has left.

    Args:
        path: Absolute path.
        name: Its path below the folder that is imported, with slashes.
        kind: What it holds.
    """

    path: Path
    name: str
    kind: FolderKind


@dataclass(frozen=True)
class Skipped:
    """Something that is not imported.

    Args:
        name: Path below the folder that is imported, with slashes.
        reason: Why, as a sentence without its full stop.
    """

    name: str
    reason: str


@dataclass
class Found:
    """What lies below a folder.

    Attributes:
        folders: Trainings and searches, by their paths; numbers in names count as numbers.
        skipped: What is not imported.
    """

    folders: list[FoundFolder] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True)
class OwnFiles:
    """The plain files of one folder.

    Args:
        files: Name -> absolute path.
        refused: Names of what is none: links that lead out of the folder, pipes, devices.
    """

    files: dict[str, Path]
    refused: tuple[str, ...] = ()

    def first(self, names: Collection[str]) -> Path | None:
        """Return the first of some files that is there."""
        return next((self.files[name] for name in names if name in self.files), None)


def find_folders(root: Path) -> Found:
    """Return what Ultralytics has left below a folder, the folder itself included.

    Args:
        root: Absolute path of the folder.
    """
    found = Found()
    for folder, subfolders, names in os.walk(root, onerror=lambda error: found.skipped.append(_unreadable(error))):
        path = Path(folder)
        name = path.relative_to(root).as_posix()
        kept = []
        for subfolder in sorted(subfolders):
            if (path / subfolder).is_symlink():
                found.skipped.append(Skipped(_below(name, subfolder), "it is a link; name the folder that it leads to"))
            elif subfolder not in _NOT_ENTERED and not subfolder.startswith("."):
                kept.append(subfolder)
        kind = _kind(set(names), has_weights=WEIGHTS in subfolders)
        subfolders[:] = kept
        if kind is FolderKind.VALIDATION:
            found.skipped.append(
                Skipped(
                    root.name if name == "." else name, "it is a validation without a training: no epochs, no weights"
                )
            )
        elif kind is not None:
            found.folders.append(FoundFolder(path, root.name if name == "." else name, kind))
    found.folders.sort(key=lambda folder: _natural(folder.name))
    return found


def own_files(folder: Path) -> OwnFiles:
    """Return the plain files of a folder; links are followed only within it.

    Args:
        folder: Absolute path of the folder; one that does not exist has no files.
    """
    files: dict[str, Path] = {}
    refused = []
    if not folder.is_dir():
        return OwnFiles({})
    home = folder.resolve()
    for entry in sorted(_entries(folder), key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            continue
        path = Path(entry.path)
        if _is_plain(path, home):
            files[entry.name] = path
        else:
            refused.append(entry.name)
    return OwnFiles(files, tuple(refused))


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        yield from entries


def _is_plain(path: Path, home: Path) -> bool:
    try:
        target = path.resolve(strict=True)
        return target.is_relative_to(home) and stat.S_ISREG(target.stat().st_mode)
    except (OSError, RuntimeError):  # a link to nothing, or to itself
        return False


def _kind(names: set[str], *, has_weights: bool) -> FolderKind | None:
    if names.intersection(SEARCH_NAMES):
        return FolderKind.SEARCH
    has_arguments = bool(names.intersection(ARGUMENT_NAMES))
    if names.intersection(RESULTS_NAMES) and (has_arguments or has_weights):
        return FolderKind.TRAINING
    if has_arguments and has_weights:
        return FolderKind.TRAINING
    return FolderKind.VALIDATION if names.intersection(_SIGNS_OF_A_VALIDATION) else None


def _unreadable(error: OSError) -> Skipped:
    return Skipped(str(error.filename), f"it cannot be read ({error.strerror})")


def _below(name: str, subfolder: str) -> str:
    return subfolder if name == "." else f"{name}/{subfolder}"


def _natural(name: str) -> list[tuple[int, str]]:
    """Return what sorts ``train2`` before ``train10``."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for character in f"{name}/":
        if character.isdecimal():
            digits += character
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((0, character))
    return parts
