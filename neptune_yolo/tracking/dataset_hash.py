"""The hash that tells one version of a data set from another. Pure functions; anybody can compute it again.

The formula. Paths are relative to the deepest folder that holds all files of the data set, written with ``/``, in
UTF-8. Each split (``train``, ``val``, ``test``) has one line for each of its image and label files that exist, in the
order of the paths' bytes::

    fast    <path> NUL <size in bytes> NUL <time of the last change in nanoseconds> LF
    full    <path> NUL <SHA-256 of the content, in hexadecimal> LF

The hash of a split is the SHA-256 of its lines. The hash of the data set is the SHA-256 of one line for each split, in
the order of their names::

    <split> NUL <hash of the split> LF

So neither depends on where the data set lies, on the operating system, or on the order of the files; both change if a
file moves to another split. The fast one also changes if files are copied without their times.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from neptune_yolo.policies import DatasetHash

_FILES_BETWEEN_CHECKS = 200


class HashingStoppedError(Exception):
    """The hash was given up before it was complete, because the training has ended."""


@dataclass(frozen=True)
class DatasetHashes:
    """Hashes of a data set, in hexadecimal.

    Args:
        whole: Of all splits.
        splits: Name of a split -> its hash.
        files: Number of files that were found.
    """

    whole: str
    splits: Mapping[str, str]
    files: int


def hash_dataset(
    files: Mapping[str, Iterable[str]], kind: DatasetHash, is_stopped: Callable[[], bool] = lambda: False
) -> DatasetHashes:
    """Return the hashes of a data set, by the formula of this module.

    Args:
        files: Name of a split -> absolute paths of its image and label files. A file that does not exist, such as the
            label of an image without objects, is left out; one that stands there twice counts once.
        kind: ``fast`` or ``full``.
        is_stopped: Is asked now and then whether to give up. It may sleep, to leave the processor to others.

    Raises:
        HashingStoppedError: If `is_stopped` says so.
        OSError: If a file exists but cannot be read.
    """
    unique = {split: {os.path.abspath(path) for path in paths} for split, paths in files.items()}  # noqa: PTH100 - fast
    base = common_folder(path for paths in unique.values() for path in paths)
    fingerprint = _of_content if kind is DatasetHash.FULL else _of_size_and_time
    splits: dict[str, str] = {}
    found = 0
    for split, paths in unique.items():
        digest = hashlib.sha256()
        for number, (name, path) in enumerate(sorted((_relative(path, base), path) for path in paths)):
            if number % _FILES_BETWEEN_CHECKS == 0 and is_stopped():
                raise HashingStoppedError
            try:
                digest.update(b"%b\0%b\n" % (name, fingerprint(path)))
            except FileNotFoundError:
                continue
            found += 1
        splits[split] = digest.hexdigest()
    whole = hashlib.sha256(b"".join(f"{split}\0{splits[split]}\n".encode() for split in sorted(splits)))
    return DatasetHashes(whole.hexdigest(), splits, found)


def common_folder(paths: Iterable[str]) -> str:
    """Return the deepest folder that holds all files; empty if they lie on several drives, or there are none.

    Args:
        paths: Absolute paths of files.
    """
    folders = {os.path.dirname(path) for path in paths}  # noqa: PTH120 - a third of a second for 120,000 files
    try:
        return os.path.commonpath(folders)
    except ValueError:
        return ""


def _relative(path: str, base: str) -> bytes:
    inside = path[len(base) :].lstrip(os.sep) if base else path
    return os.fsencode(inside.replace(os.sep, "/"))


def _of_size_and_time(path: str) -> bytes:
    status = os.stat(path)  # noqa: PTH116 - 120,000 times
    return b"%d\0%d" % (status.st_size, status.st_mtime_ns)


def _of_content(path: str) -> bytes:
    with open(path, "rb") as stream:  # noqa: PTH123 - as its neighbour
        return hashlib.file_digest(stream, "sha256").hexdigest().encode()
