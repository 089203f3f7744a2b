"""Exports runs, models and versions into the layout of neptune-exporter."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from neptune_yolo.read.forms import AttributeView, RunHead
from neptune_yolo.read.safe_paths import Places, safe_relative_path
from neptune_yolo.transfer.exceptions import TransferError
from neptune_yolo.transfer.exporting.comparing import count, differences
from neptune_yolo.transfer.exporting.source_run import SourceRun, picture_extension
from neptune_yolo.transfer.exporting.state import state_of
from neptune_yolo.transfer.neptune_export.checking import read_back
from neptune_yolo.transfer.neptune_export.layout import (
    FILE_SET_ARCHIVE_SUFFIX,
    FILES_LIST_NAME,
    ExportedKind,
    ExportedType,
    files_folder,
    part_name,
    sanitized,
    tables_folder,
)
from neptune_yolo.transfer.neptune_export.notes import Notes
from neptune_yolo.transfer.neptune_export.tables import MAX_STEP, RunTables, rounded, stamp_of
from neptune_yolo.transfer.report import RunReport
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

MAX_WORKERS = 8

_KINDS = {"run": ExportedKind.RUN, "model": ExportedKind.MODEL, "modelVersion": ExportedKind.MODEL_VERSION}
_ATOMS = {
    "float": ExportedType.FLOAT,
    "int": ExportedType.INT,
    "bool": ExportedType.BOOL,
    "string": ExportedType.STRING,
    "datetime": ExportedType.DATETIME,
    "stringSet": ExportedType.STRING_SET,
}
_TEXTS_AT_A_TIME = 1000
_IMPORTED_SYSTEM = "import/sys/"
_COARSE = "steps were rounded to six decimals: the layout has no finer ones"


class NeptuneFormat:
    """Writes below one folder: ``data`` and ``files``, ``model_data`` and ``model_files``."""

    def __init__(self, folder: Path, *, with_files: bool) -> None:
        """Prepare to write.

        Args:
            folder: Where all goes.
            with_files: Whether also the bytes of files.
        """
        self._folder = folder
        self._with_files = with_files

    @property
    def max_workers(self) -> int:
        """How many runs may be written at a time."""
        return MAX_WORKERS

    def find(self, head: RunHead) -> str | None:
        """Return an empty text if the tables of a run are those of its present state."""
        first = self._tables(head) / part_name(head.sys_id, 0)
        return "" if first.is_file() and stamp_of(first) == self._stamp(head) else None

    def write(self, run: SourceRun, report: RunReport) -> None:
        """Write a run, read it again, and tell in the report what became of it.

        Raises:
            NeptuneYoloError: If it cannot be read or written.
            OSError: If it cannot be written.
        """
        kind = _KINDS[run.head.type]
        files_root = self._folder / ("files" if kind is ExportedKind.RUN else "model_files") / sanitized(run.project)
        with _arrow_errors():
            tables = RunTables(self._tables(run.head), run.project, run.sys_id, self._stamp(run.head))
            try:
                writer = _RunWriting(run, kind, tables, files_root)
                writer.write()
                tables.complete()
            finally:
                tables.close()
            found = read_back(self._tables(run.head), kind, run.sys_id, files_root)
        report.problems += writer.notes.lines()
        count(report, writer.expected)
        report.differences = [*writer.notes.lost, *differences(writer.expected, found)]

    def finish(self) -> None:
        """Do nothing: each run is complete by itself."""

    def close(self) -> None:
        """Do nothing."""

    def _tables(self, head: RunHead) -> Path:
        kind = _KINDS[head.type]
        data = "data" if kind is ExportedKind.RUN else "model_data"
        return self._folder / data / tables_folder(head.project_name, kind)

    def _stamp(self, head: RunHead) -> str:
        return json.dumps(state_of(head, with_files=self._with_files))


class _RunWriting:
    """Writes one run, and remembers what it should then hold."""

    def __init__(self, run: SourceRun, kind: ExportedKind, tables: RunTables, files_root: Path) -> None:
        self.expected = Expected()
        self.notes = Notes()
        self._run = run
        self._tables = tables
        self._root = files_root
        folder = files_folder(run.project, kind, run.sys_id)
        self._places = Places(files_root.joinpath(*safe_relative_path(folder).parts))

    def write(self) -> None:
        views = list(self._run.attributes())
        of_import = {
            view.path.removeprefix(_IMPORTED_SYSTEM) for view in views if view.path.startswith(_IMPORTED_SYSTEM)
        }
        for view in views:
            if view.type in _ATOMS and view.path.removeprefix("sys/") not in of_import:
                self._atom(view.path.removeprefix("import/") if _is_system(view.path) else view.path, view)
            elif view.type == "gitRef":
                self.notes.add(view.path, "the Git commit became a text in JSON: the layout has no type for it")
                self._value(view.path, ExportedType.STRING, json.dumps(view.value, ensure_ascii=False))
        self._floats([view.path for view in views if view.type == "floatSeries"])
        for view in views:
            if view.type == "stringSeries":
                self._texts(view.path)
            elif view.type == "artifact":
                self._artifact(view.path)
            elif self._run.with_files:
                self._bytes(view)

    def _atom(self, path: str, view: AttributeView) -> None:
        kind = _ATOMS[view.type]
        value: Any = float(view.value) if kind is ExportedType.FLOAT else view.value
        self._value(path, kind, value)

    def _value(self, path: str, kind: ExportedType, value: Any) -> None:
        self._tables.add(path, kind, value, len(value) if isinstance(value, str | list) else 0)
        self.expected.atom(path, kind, sorted(value) if isinstance(value, list) else value)

    def _floats(self, paths: list[str]) -> None:
        for points in self._run.floats(paths):
            known = np.abs(points.steps) < MAX_STEP
            steps, times, values = points.steps[known], points.times_ms[known], points.values[known]
            if not known.all():
                words = f"{int((~known).sum())} points at steps of {MAX_STEP:g} or more"
                self.notes.lose(points.path, words, "nothing of these: the layout has no such steps")
            kept = self._rounded(points.path, steps)
            series = self.expected.floats.setdefault(points.path, ExpectedFloats())
            if len(kept):
                self._tables.add_series(points.path, ExportedType.FLOAT_SERIES, steps, times, values)
                series.add(kept, times, values)

    def _rounded(self, path: str, steps: "np.ndarray[Any, np.dtype[np.float64]]") -> Any:
        kept = rounded(steps)
        self.notes.add(path, _COARSE, int((kept != steps).sum()))
        doubles = int((np.diff(kept) <= 0).sum())
        if doubles:
            self.notes.lose(path, "a step of its own for each point", f"{doubles} points at the same one as others")
        return kept

    def _texts(self, path: str) -> None:
        series = self.expected.texts.setdefault(path, ExpectedTexts())
        for part in _in_parts((point.step, point.logged_ms, point.value) for point in self._run.texts(path)):
            steps = np.array([step for step, _, _ in part])
            times = np.array([moment for _, moment, _ in part], dtype=np.int64)
            kept = self._rounded(path, steps)
            self._tables.add_series(path, ExportedType.STRING_SERIES, steps, times, [text for _, _, text in part])
            series.add((float(step), moment, text) for step, (_, moment, text) in zip(kept, part, strict=True))

    def _bytes(self, view: AttributeView) -> None:
        if view.type == "file" and view.file is not None:
            target = self._places.take(view.path, view.file.extension)
            self._run.download(view.path, target)
            self._tables.add(view.path, ExportedType.FILE, self._relative(target))
            self.expected.files[view.path] = (view.file.size_bytes, view.file.sha256)
        elif view.type == "fileSet":
            self._file_set(view.path)
        elif view.type == "imageSeries":
            self._pictures(view.path)

    def _pictures(self, path: str) -> None:
        facts = self.expected.pictures.setdefault(path, [])
        for point in self._run.pictures(path):
            step = float(self._rounded(path, np.array([point.step]))[0])
            target = self._places.take(f"{path}/{step:.6f}", picture_extension(point))
            self._run.download(path, target, step=point.step)
            row = {"step": step, "timestamp": point.logged_ms, "file_value": self._relative(target)}
            self._tables.add_row(path, ExportedType.FILE_SERIES, row)
            facts.append((step, point.size_bytes, point.sha256))
            if point.name or point.description:
                self.notes.add(
                    path, "names and descriptions of pictures were left out: the layout has no place for them"
                )

    def _file_set(self, path: str) -> None:
        """Write a file set as the archive that Neptune gave: it keeps every path in it, whatever the file system."""
        name = path.rpartition("/")[2]
        target = self._places.take(f"{path}/{name}", FILE_SET_ARCHIVE_SUFFIX.removeprefix("."))
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{sanitized(name)[-16:]}.part")
        members = self._run.members(path)
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
                for member in members:
                    with archive.open(zipfile.ZipInfo(member.path), "w", force_zip64=True) as file:
                        for chunk in self._run.stream(path, member.path):
                            file.write(chunk)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        self._tables.add(path, ExportedType.FILE_SET, self._relative(target.parent))
        self.expected.sets[path] = {member.path: (member.size_bytes, member.sha256) for member in members}

    def _artifact(self, path: str) -> None:
        files = [
            {
                "filePath": file.path,
                "fileHash": file.hash,
                "type": file.type,
                "size": file.size_bytes,
                "metadata": [{"key": key, "value": value} for key, value in file.metadata.items()],
            }
            for file in self._run.artifact_files(path)
        ]
        content = json.dumps(files, ensure_ascii=False).encode()
        target = self._places.take(f"{path}/{FILES_LIST_NAME}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self._tables.add(path, ExportedType.ARTIFACT, self._relative(target))
        self.expected.atom(path, ExportedType.ARTIFACT, hashlib.sha256(content).hexdigest())

    def _relative(self, target: Path) -> str:
        return target.relative_to(self._root).as_posix()


def _is_system(path: str) -> bool:
    return path.startswith(_IMPORTED_SYSTEM)


def _in_parts(points: Iterator[tuple[float, int, str]]) -> Iterator[list[tuple[float, int, str]]]:
    """Yield points in parts of few megabytes."""
    part: list[tuple[float, int, str]] = []
    size = 0
    for point in points:
        part.append(point)
        size += len(point[2])
        if len(part) >= _TEXTS_AT_A_TIME or size >= _TEXTS_AT_A_TIME**2:
            yield part
            part, size = [], 0
    if part:
        yield part


@contextmanager
def _arrow_errors() -> Iterator[None]:
    """Turn errors of pyarrow into ours."""
    try:
        yield
    except pa.ArrowException as error:
        raise TransferError(f"Expected a table to be written, but it could not be: {str(error)[:300]}.") from error
