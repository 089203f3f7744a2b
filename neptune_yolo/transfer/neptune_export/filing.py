"""Files of an export: where they are, what is in a file set, and what is refused."""

import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from neptune_yolo.transfer.exceptions import ValueRefusedError
from neptune_yolo.transfer.neptune_export.finding import FoundRun
from neptune_yolo.transfer.neptune_export.layout import FILE_SET_ARCHIVE_SUFFIX, ExportedKind

MAX_PICTURE_BYTES = 32 * 1024 * 1024
"""Largest file of a series, as in the Neptune client: the server has it in memory several times."""

MAX_LIST_BYTES = 32 * 1024 * 1024
"""Largest list of an artifact's files."""

FREE_BYTES = 1024**3
MAX_RATIO = 200
"""A ZIP archive may unpack to ``FREE_BYTES`` whatever its size, and to ``MAX_RATIO`` times its size beyond."""

MAX_MEMBERS = 200_000
_ENCRYPTED = 1


@dataclass(frozen=True)
class Member:
    """A file of a file set.

    Attributes:
        path: Within the set.
        size_bytes: As its folder or archive says.
        open: Opens it.
    """

    path: str
    size_bytes: int
    open: Callable[[], IO[bytes]]


def find_file(run: FoundRun, path: str) -> Path:
    """Return the file or folder that a table names.

    Args:
        run: Whose table.
        path: As the table has it, relative to the folder of the project's files.

    Raises:
        ValueRefusedError: If it is not there, or not inside of that folder.
    """
    if run.files is None:
        raise ValueRefusedError("the folder of files was not found: name it by --files")
    plain = path.replace("\\", "/")
    root = run.files.resolve()
    roots = [root] if run.kind is ExportedKind.RUN else [root / run.kind.value, root]
    if "\x00" in plain or PurePosixPath(plain).is_absolute() or ".." in PurePosixPath(plain).parts or not plain:
        raise ValueRefusedError(f"its path leads out of the folder of files: {path[:200]!r}")
    for start in roots:
        try:
            found = (start / plain).resolve(strict=True)
        except (OSError, RuntimeError):  # not there, or links in a circle
            continue
        if not found.is_relative_to(root):
            raise ValueRefusedError(f"a link in its path leads out of the folder of files: {path[:200]!r}")
        return found
    raise ValueRefusedError(f"there is no file {path[:200]!r} in the folder of files")


def require_file(found: Path) -> Path:
    """Return an ordinary file; a pipe or a device could be read for ever.

    Raises:
        ValueRefusedError: If it is something else.
    """
    if not stat.S_ISREG(found.stat().st_mode):
        raise ValueRefusedError("it is no ordinary file")
    return found


def require_picture(found: Path) -> Path:
    """Return an ordinary file that can be one of a series.

    Raises:
        ValueRefusedError: If it is too large, or empty, which the server does not take.
    """
    size_bytes = require_file(found).stat().st_size
    if not 0 < size_bytes <= MAX_PICTURE_BYTES:
        raise ValueRefusedError(f"a file of a series has 1 to {MAX_PICTURE_BYTES} bytes, this one has {size_bytes}")
    return found


def read_list(found: Path) -> Any:
    """Return the list of an artifact's files.

    Raises:
        ValueRefusedError: If it is no JSON, or too large.
        OSError: If it cannot be read.
    """
    size_bytes = require_file(found).stat().st_size
    if size_bytes > MAX_LIST_BYTES:
        raise ValueRefusedError(f"a list of files has at most {MAX_LIST_BYTES} bytes, this one has {size_bytes}")
    try:
        return json.loads(found.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueRefusedError(f"the list of its files is no JSON ({error})") from error


def members(found: Path, refuse: Callable[[str, str], None]) -> Iterator[Member]:
    """Yield the files of a file set: those of the archive that the exporter downloaded, else those of the folder.

    Args:
        found: Folder, or archive.
        refuse: Is told the path of each file that is left out, and why.

    Raises:
        ValueRefusedError: If the archive cannot be read, or unpacks to too much.
        OSError: If the folder cannot be read.
    """
    archive = _archive_in(found)
    if archive is None:
        yield from _in_folder(found, refuse)
        return
    try:
        with zipfile.ZipFile(archive) as opened:
            yield from _in_archive(opened, archive.stat().st_size, refuse)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValueRefusedError(f"its archive {archive.name} cannot be read ({error})") from error


def _archive_in(found: Path) -> Path | None:
    """Return the one archive that a file set is, None if it has files of its own."""
    if found.is_file():
        return found if zipfile.is_zipfile(found) else None
    inside = list(found.iterdir())
    is_one = len(inside) == 1 and inside[0].suffix == FILE_SET_ARCHIVE_SUFFIX and not inside[0].is_symlink()
    return inside[0] if is_one and zipfile.is_zipfile(inside[0]) else None


def _in_folder(found: Path, refuse: Callable[[str, str], None]) -> Iterator[Member]:
    if found.is_file():
        yield Member(found.name, require_file(found).stat().st_size, lambda: found.open("rb"))
        return
    for folder, folders, names in os.walk(found):
        folders.sort()
        for name in sorted(names):
            file = Path(folder) / name
            path = file.relative_to(found).as_posix()
            if not _is_readable(path):
                refuse(path.encode(errors="replace").decode(), "its name is no text")
            elif file.is_symlink() or not stat.S_ISREG(file.stat().st_mode):
                refuse(path, "it is a link, or no ordinary file")
            else:
                yield Member(path, file.stat().st_size, lambda file=file: file.open("rb"))  # type: ignore[misc]


def _in_archive(archive: zipfile.ZipFile, packed_bytes: int, refuse: Callable[[str, str], None]) -> Iterator[Member]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    size_bytes = sum(entry.file_size for entry in entries)
    limit = max(FREE_BYTES, MAX_RATIO * packed_bytes)
    if size_bytes > limit or len(entries) > MAX_MEMBERS:
        raise ValueRefusedError(
            f"its archive has {len(entries)} files of {size_bytes} bytes, more than the {MAX_MEMBERS} files and "
            f"{limit} bytes that are unpacked"
        )
    for entry in entries:
        path = entry.filename.replace("\\", "/")
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or ":" in parts[0] or not _is_readable(path):
            refuse(path[:200], "its path leads out of the file set")
        elif stat.S_ISLNK(entry.external_attr >> 16) or entry.flag_bits & _ENCRYPTED:
            refuse(path[:200], "it is a link, or encrypted")
        else:
            yield Member("/".join(parts), entry.file_size, lambda entry=entry: archive.open(entry))  # type: ignore[misc]


def _is_readable(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in path
