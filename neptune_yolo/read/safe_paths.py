"""File names for attributes, whose paths anybody may have chosen: nothing gets out of the folder."""

import hashlib
import re
from itertools import count
from pathlib import Path, PurePosixPath

from neptune_yolo.read.exceptions import TargetRefusedError

MAX_PART_BYTES = 150
"""Of a file name; file systems take 255, of which an extension and a mark need some."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows takes for devices."""

_MARK_LENGTH = 8


def safe_relative_path(path: str, extension: str = "") -> PurePosixPath:
    """Return a relative path without ``..`` for an attribute, that any file system takes.

    A part that has to be changed gets a mark of its own at the end, so that two of them stay two.

    Args:
        path: Of the attribute, or within a file set.
        extension: Without the dot; added where the path does not end with it.
    """
    parts = [_safe_part(part) for part in path.split("/") if part] or [_safe_part("")]
    suffix = _FORBIDDEN.sub("_", extension).replace("/", "_").strip(". ")[:32]
    if suffix and not parts[-1].endswith(f".{suffix}"):
        parts[-1] += f".{suffix}"
    return PurePosixPath(*parts)


def _safe_part(part: str) -> str:
    safe = _FORBIDDEN.sub("_", part).rstrip(". ")
    safe = safe.encode("utf-8", "replace").decode()
    if _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    safe = safe.encode()[:MAX_PART_BYTES].decode("utf-8", "ignore") or "_"
    return safe if safe == part else f"{safe}-{_mark(part)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK_LENGTH]


class Places:
    """Gives each file a place in a folder, no two the same, also where capital letters do not count."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def take(self, path: str, extension: str = "") -> Path:
        """Return where the file of an attribute goes.

        Args:
            path: Of the attribute, or what else tells it from all others.
            extension: Without the dot.

        Raises:
            TargetRefusedError: If a link in the folder leads out of it.
        """
        first = safe_relative_path(path, extension)
        relative = first
        for number in count():
            if self._is_free(relative):
                break
            mark = _mark(f"{path}\n{number}")
            relative = PurePosixPath(f"{first.parts[0]}-{mark}", *first.parts[1:])
            if len(first.parts) == 1:
                relative = first.with_name(f"{first.stem}-{mark}{first.suffix}")
        self._files.add(str(relative).casefold())
        self._folders.update(str(parent).casefold() for parent in relative.parents)
        return inside(self._folder, relative)

    def _is_free(self, relative: PurePosixPath) -> bool:
        name = str(relative).casefold()
        parents = {str(parent).casefold() for parent in relative.parents}
        return name not in self._files and name not in self._folders and not parents & self._files


def inside(folder: Path, relative: PurePosixPath) -> Path:
    """Return the place of a file in a folder.

    Raises:
        TargetRefusedError: If a link in the folder leads out of it.
    """
    target = folder.joinpath(*relative.parts)
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        raise TargetRefusedError(
            f"Expected {target} to lie in {folder}, but a link there leads to {target.parent.resolve()}. "
            "Remove the link, or choose another folder."
        )
    return target
