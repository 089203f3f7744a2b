"""Finds the runs, models and versions of an export by the names of its files; nothing is opened."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from neptune_yolo.transfer.exceptions import SourceUnreadableError
from neptune_yolo.transfer.neptune_export.holes import Holes, find_holes
from neptune_yolo.transfer.neptune_export.layout import ExportedKind, PartName, parse_part_name

_USUAL_FOLDERS = (("data", "files"), ("model_data", "model_files"))
"""Where the exporter puts tables and files by itself; models have folders of their own."""

_ORDER = (ExportedKind.MODEL, ExportedKind.MODEL_VERSION, ExportedKind.RUN)
_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>[0-9]{0,9})-[0-9a-f]{16}")


@dataclass(frozen=True)
class FoundRun:
    """The parts of a run, a model or a version.

    Attributes:
        kind: Which of them.
        name: Sanitized ID.
        folder: Name of the folder of its project.
        parts: Its tables, by number; those that are still being written are left out.
        files: Folder that paths of its files begin in; None if there are no files.
        problem: Why its export was not finished; empty if it was.
        size_bytes: Of the tables.
    """

    kind: ExportedKind
    name: str
    folder: str
    parts: tuple[Path, ...]
    files: Path | None
    problem: str
    size_bytes: int

    @property
    def sort_key(self) -> tuple[int, str, str, int]:
        """Models before their versions, and these before runs; then by project and number."""
        match = _NUMBERED.fullmatch(self.name)
        stem, number = (match["stem"], int(match["number"] or 0)) if match else (self.name, 0)
        return _ORDER.index(self.kind), self.folder, stem, number


@dataclass
class FoundExport:
    """What a folder has.

    Attributes:
        runs: Those that were found, in the order in which they are imported.
        strange: What was left out, in words.
        holes: What the exporter says is missing of them.
    """

    runs: list[FoundRun] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    holes: Holes = field(default_factory=dict)


def find_export(folder: Path, files: Path | None = None) -> FoundExport:
    """Return what an export has.

    Args:
        folder: With a folder for each project in it, or one with ``data`` and ``model_data`` as the exporter makes it.
        files: Folder of files; None looks for ``files`` inside of ``folder`` and beside it.

    Raises:
        SourceUnreadableError: If the folder cannot be read, or holds no export.
    """
    found = FoundExport(holes=find_holes(folder))
    for data, its_files in _roots(folder, files):
        for project in _folders(data, found):
            files_root = None if its_files is None else its_files / project.name
            for kind in ExportedKind:
                tables = project if kind is ExportedKind.RUN else project / kind.value
                if tables.is_dir():
                    found.runs.extend(_runs(tables, kind, project.name, files_root, found))
    if not found.runs:
        raise SourceUnreadableError(
            f"Expected an export in {folder}, found no file such as SAN-1-0123456789abcdef_part_0.parquet in its "
            "folders. Name the folder that has a folder for each project."
        )
    found.runs.sort(key=lambda run: run.sort_key)
    return found


def _roots(folder: Path, files: Path | None) -> Iterator[tuple[Path, Path | None]]:
    if not folder.is_dir():
        raise SourceUnreadableError(f"Expected a folder with an export, got {folder}, which is none. Correct the path.")
    usual = [(folder / data, folder / its_files) for data, its_files in _USUAL_FOLDERS if (folder / data).is_dir()]
    if not usual:
        yield folder, files if files is not None else _files_near(folder)
    for data, its_files in usual:
        yield data, files if files is not None else its_files if its_files.is_dir() else None


def _files_near(folder: Path) -> Path | None:
    resolved = folder.resolve()
    twin = "model_files" if resolved.name == "model_data" else "files"
    return next((near for near in (folder / twin, resolved.parent / twin) if near.is_dir()), None)


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise SourceUnreadableError(f"Expected a folder that can be read, got {folder}: {error.strerror}.") from error


def _folders(data: Path, found: FoundExport) -> Iterator[Path]:
    """Yield the folders of projects; links are not followed: they may lead anywhere."""
    for entry in _entries(data):
        if entry.is_symlink():
            found.strange.append(f"{entry.path} is a link")
        elif entry.is_dir() and not entry.name.startswith("."):
            yield Path(entry.path)


def _runs(tables: Path, kind: ExportedKind, folder: str, files: Path | None, found: FoundExport) -> Iterator[FoundRun]:
    parts: dict[str, list[tuple[PartName, Path, int]]] = {}
    for entry in _entries(tables):
        part = parse_part_name(entry.name)
        if part is None:
            continue
        if entry.is_symlink() or not entry.is_file():
            found.strange.append(f"{entry.path} is a link, or no file")
        else:
            parts.setdefault(part.name, []).append((part, Path(entry.path), entry.stat().st_size))
    for name, of_run in parts.items():
        of_run.sort(key=lambda item: item[0].number)
        yield FoundRun(
            kind=kind,
            name=name,
            folder=folder,
            parts=tuple(path for part, path, _ in of_run if not part.unfinished),
            files=files,
            problem=_problem([part for part, _, _ in of_run]),
            size_bytes=sum(size for part, _, size in of_run if not part.unfinished),
        )


def _problem(parts: Iterable[PartName]) -> str:
    """Return why the parts are not all of a run: the exporter writes part 0 under its name when all is there."""
    numbers = [part.number for part in parts if not part.unfinished]
    waiting = [part.number for part in parts if part.unfinished]
    if waiting:
        return f"part {waiting[0]} was still being written (.tmp)"
    missing = next((number for number in range(len(numbers)) if number not in numbers), None)
    return "" if missing is None else f"part {missing} is missing"
