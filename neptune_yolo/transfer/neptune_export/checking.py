"""Reads an exported run again, as any reader of the layout does: for comparing it with what was to be written."""

import hashlib
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from neptune_yolo.transfer.neptune_export.finding import FoundRun
from neptune_yolo.transfer.neptune_export.layout import VALUE_COLUMNS, ExportedKind, ExportedType, part_name, sanitized
from neptune_yolo.transfer.neptune_export.reading import Rows, floats, moments_ms, open_run, read_rows, steps, texts
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

_MILLISECONDS = 1000


def read_back(tables: Path, kind: ExportedKind, identifier: str, files: Path) -> Expected:
    """Return what an export has of a run.

    Args:
        tables: Folder of the tables.
        kind: What the run is.
        identifier: What it is called.
        files: Folder that paths of files begin in.

    Raises:
        SourceUnreadableError: If a table cannot be read.
        OSError: If a file cannot be read.
    """
    parts: list[Path] = []
    while (part := tables / part_name(identifier, len(parts))).is_file():
        parts.append(part)
    run = open_run(FoundRun(kind, sanitized(identifier), tables.name, tuple(parts), files, "", 0))
    reading = _Reading(files)
    for _, pieces in read_rows(run):
        for rows in pieces:
            reading.take(rows)
    return reading.found


class _Reading:
    def __init__(self, files: Path) -> None:
        self.found = Expected()
        self._files = files

    def take(self, rows: Rows) -> None:
        """Take rows of one attribute."""
        kind = ExportedType(rows.type)
        columns, path = rows.columns, rows.path
        if kind is ExportedType.FLOAT_SERIES:
            series = self.found.floats.setdefault(path, ExpectedFloats())
            values = floats(columns.column("float_value"))
            series.add(steps(columns.column("step")), moments_ms(columns.column("timestamp"), 0), values)
        elif kind is ExportedType.STRING_SERIES:
            points = zip(
                steps(columns.column("step")).tolist(),
                moments_ms(columns.column("timestamp"), 0).tolist(),
                texts(columns.column("string_value")),
                strict=True,
            )
            lines = self.found.texts.setdefault(path, ExpectedTexts())
            lines.add((step, moment, text or "") for step, moment, text in points)
        elif kind is ExportedType.FILE_SERIES:
            pictures = self.found.pictures.setdefault(path, [])
            names = columns.column("file_value").to_pylist()
            for step, name in zip(steps(columns.column("step")).tolist(), names, strict=True):
                pictures.append((step, *_facts(self._files / name["path"])))
        else:
            for value in columns.column(VALUE_COLUMNS[kind]).to_pylist():
                self._value(path, kind, value)

    def _value(self, path: str, kind: ExportedType, value: Any) -> None:
        if kind is ExportedType.FILE:
            self.found.files[path] = _facts(self._files / value["path"])
        elif kind is ExportedType.FILE_SET:
            self.found.sets[path] = _members(self._files / value["path"])
        elif kind is ExportedType.ARTIFACT:
            self.found.atom(path, kind, _facts(self._files / value["path"])[1])
        elif isinstance(value, datetime):
            self.found.atom(path, kind, round(value.timestamp() * _MILLISECONDS))
        else:
            self.found.atom(path, kind, sorted(value) if isinstance(value, list) else value)


def _facts(file: Path) -> tuple[int, str]:
    with file.open("rb") as opened:
        return file.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest()


def _members(folder: Path) -> dict[str, tuple[int, str]]:
    (archive,) = folder.glob("*.zip")
    with zipfile.ZipFile(archive) as opened:
        return {entry.filename: _digest(opened.open(entry), entry.file_size) for entry in opened.infolist()}


def _digest(file: IO[bytes], size_bytes: int) -> tuple[int, str]:
    digest = hashlib.sha256()
    with file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return size_bytes, digest.hexdigest()
