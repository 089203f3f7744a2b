"""Imports the attributes of one run: every value of its tables goes to the server, or is told in the notes."""

import hashlib
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neptune_yolo.transfer.exceptions import ValueRefusedError
from neptune_yolo.transfer.neptune_export.extensions import extension_of
from neptune_yolo.transfer.neptune_export.filing import (
    find_file,
    members,
    read_list,
    require_file,
    require_picture,
)
from neptune_yolo.transfer.neptune_export.layout import VALUE_COLUMNS, ExportedType
from neptune_yolo.transfer.neptune_export.notes import Notes
from neptune_yolo.transfer.neptune_export.past import is_moment, last_value, takes_tags, target_path
from neptune_yolo.transfer.neptune_export.points import FloatPoints, TextPoints, next_steps
from neptune_yolo.transfer.neptune_export.reading import ExportedRun, Rows, moments_ms, steps, texts
from neptune_yolo.transfer.writing import RunWriter
from neptune_yolo.transfer.writing.artifacts import artifact_of
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

if TYPE_CHECKING:
    from neptune_yolo.read.forms import AttributeView

MAX_TEXT_LENGTH = 16_000_000
"""Characters of a text, a thousand times what the hosted Neptune took."""

LARGE_BYTES = 1024 * 1024
"""Pictures above this size are not taken into memory; lists only one at a time, whichever runs are under way."""

_UNPACKING = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError)


class RunImport:
    """Writes the rows of a run.

    Attributes:
        expected: What the run is to hold then.
        notes: What has to be said.
    """

    def __init__(
        self,
        run: ExportedRun,
        writer: RunWriter,
        notes: Notes,
        created_ms: int,
        on_bytes: Callable[[int], None],
        turns: AbstractContextManager[Any],
    ) -> None:
        """Prepare to write.

        Args:
            run: Where it comes from.
            writer: Where it goes.
            notes: Where notes go.
            created_ms: For points without a moment, in milliseconds since 1970 (UTC).
            on_bytes: Told how many more bytes of files were sent.
            turns: A lock that all imports of this process share, for what takes much memory.
        """
        self.expected = Expected()
        self.notes = notes
        self._run = run
        self._writer = writer
        self._created_ms = created_ms
        self._on_bytes = on_bytes
        self._turns = turns
        self._there: Mapping[str, AttributeView] = {} if writer.is_new else writer.attributes()
        self._floats: dict[str, FloatPoints] = {}
        self._texts: dict[str, TextPoints] = {}
        self._pictures: dict[str, list[tuple[float, int, str]]] = {}
        self._handlers: dict[str, Callable[[str, Rows], None]] = {
            ExportedType.FLOAT_SERIES: self._float_series,
            ExportedType.STRING_SERIES: self._string_series,
            ExportedType.HISTOGRAM_SERIES: self._histograms,
            ExportedType.FILE_SERIES: self._file_series,
            ExportedType.FILE: self._each_file(self._file),
            ExportedType.FILE_SET: self._each_file(self._file_set),
            ExportedType.ARTIFACT: self._each_file(self._artifact),
        }

    def write(self, rows: Rows) -> None:
        """Write rows of one attribute.

        Raises:
            ReadError: If the server does not answer.
            SourceUnreadableError: If a text of the rows cannot be read.
        """
        path = target_path(rows.path, self._run.found.kind)
        if path is None:
            return
        try:
            self._write(path, rows)
        except (UnicodeError, OverflowError) as error:
            self.notes.lose(path, f"values of type {rows.type.replace('_', ' ')}", f"nothing: {error}")

    def _write(self, path: str, rows: Rows) -> None:
        if rows.type in self._handlers:
            self._handlers[rows.type](path, rows)
        elif rows.type in VALUE_COLUMNS:
            kind = ExportedType(rows.type)
            self._atom(path, kind, last_value(rows.columns.column(VALUE_COLUMNS[kind])))
        else:
            self.notes.lose(path, f"an attribute of type {rows.type[:80]!r}", "nothing: no attribute can be of it")

    def finish(self) -> None:
        """Write what had to wait for all rows, and send all.

        Raises:
            ReadError: If the server does not answer.
        """
        for path, pictures in self._pictures.items():
            self._write_pictures(path, pictures)
        self._writer.flush()

    def forget(self, path: str) -> None:
        """Remove a text that an earlier import has written."""
        if path in self._there:
            self._writer.delete(path)

    def note(self, path: str, value: str) -> None:
        """Write a text of the import's own."""
        self._atom(path, ExportedType.STRING, value)

    def _atom(self, path: str, kind: ExportedType, value: Any) -> None:
        if value is None:
            return  # Neptune 3 has a row for each attribute that any run has
        if kind is ExportedType.STRING:
            self._text(path, value)
        elif kind is ExportedType.STRING_SET:
            self._string_set(path, value)
        elif kind is ExportedType.DATETIME:
            self._moment(path, int(value))
        elif kind is ExportedType.FLOAT and not math.isfinite(value):
            self.notes.add(path, f"the value {value} was left out: only finite numbers can be kept")
        elif kind is ExportedType.INT and value < -(2**63) + 1:
            self.notes.add(path, f"the value {value} was left out: it is below the least that can be kept")
        else:
            self._writer.assign(path, value)
            self.expected.atom(path, kind.value, value)

    def _text(self, path: str, value: str) -> None:
        if len(value) > MAX_TEXT_LENGTH:
            self.notes.lose(path, f"a text of {len(value)} characters", f"nothing: at most {MAX_TEXT_LENGTH} are taken")
            return
        kept = self._without_nul(path, value)
        self._writer.assign(path, kept)
        self.expected.atom(path, "string", kept)

    def _without_nul(self, path: str, value: str) -> str:
        if "\x00" in value:
            self.notes.add(path, "NUL characters became replacement characters")
        return value.replace("\x00", "\ufffd")

    def _string_set(self, path: str, value: list[str | None]) -> None:
        words = sorted({word for word in value if word})
        if not takes_tags(path):
            self.notes.add(path, "the set of strings became a text in JSON: only tags can be sets")
            self._text(path, json.dumps(words, ensure_ascii=False))
        elif words:
            self._writer.add_tags(path, words)
            self.expected.atom(path, "stringSet", words)

    def _moment(self, path: str, moment_ms: int) -> None:
        if not is_moment(moment_ms):
            self.notes.add(path, "the moment was left out: it is not of the years 1 to 9999")
            return
        self._writer.assign_moment(path, moment_ms)
        self.expected.atom(path, "datetime", moment_ms)

    def _float_series(self, path: str, rows: Rows) -> None:
        series = self._floats.get(path) or self._floats.setdefault(
            path, FloatPoints(path, self.notes, self._created_ms, self._last_there(path))
        )
        found = series.take(rows.columns)
        if not len(found):
            return
        expected = self.expected.floats.get(path) or self.expected.floats.setdefault(path, ExpectedFloats())
        expected.add(found.steps, found.moments_ms, found.values)
        new = found.after(series.last_there)
        if len(new):
            self._writer.log_floats(path, new.points())

    def _string_series(self, path: str, rows: Rows) -> None:
        found = texts(rows.columns.column("string_value"))
        self._log_texts(path, rows, [None if text is None else self._without_nul(path, text) for text in found])

    def _histograms(self, path: str, rows: Rows) -> None:
        self.notes.add(path, "histograms became texts in JSON: no series can hold them", len(rows.columns))
        values = rows.columns.column("histogram_value").to_pylist()
        self._log_texts(path, rows, [None if value is None else json.dumps(value) for value in values])

    def _log_texts(self, path: str, rows: Rows, values: list[str | None]) -> None:
        series = self._texts.get(path) or self._texts.setdefault(
            path, TextPoints(path, self.notes, self._created_ms, self._last_there(path))
        )
        found = series.take(rows.columns, values)
        if found:
            expected = self.expected.texts.setdefault(path, ExpectedTexts())
            expected.add(found)
            self._writer.log_texts(path, [point for point in found if not point[0] <= series.last_there])

    def _last_there(self, path: str) -> float:
        """Return up to which step a series was imported before."""
        view = self._there.get(path)
        step = None if view is None or view.series is None else view.series.last_step
        return -math.inf if step is None else step

    def _file_series(self, path: str, rows: Rows) -> None:
        moments = rows.columns.column("timestamp")
        columns = (steps(rows.columns.column("step")), moments_ms(moments, self._created_ms))
        known = self._pictures.setdefault(path, [])
        for step, moment_ms, value in zip(*(column.tolist() for column in columns), _paths(rows), strict=True):
            if value is not None:
                known.append((step, moment_ms, value))

    def _write_pictures(self, path: str, pictures: list[tuple[float, int, str]]) -> None:
        """Write a series of files, by their steps: the exporter names them in any order."""
        pictures.sort(key=lambda picture: (math.isnan(picture[0]), picture[0]))
        last_there, last = self._last_there(path), -math.inf
        risen = next_steps([step for step, _, _ in pictures])
        for step, (_, moment_ms, name) in zip(risen, pictures, strict=True):
            if step <= last:
                self.notes.lose(path, f"one file at step {step:g}", "two of them")
                continue
            try:
                found = require_picture(find_file(self._run.found, name))
                facts = self._picture(path, (step, moment_ms), found, is_new=step > last_there)
                self.expected.pictures.setdefault(path, []).append((step, *facts))
                last = step
            except (ValueRefusedError, OSError) as error:
                self.notes.lose(f"{path} at step {step:g}", "a file", f"nothing: {error}")

    def _picture(self, path: str, place: tuple[float, int], found: Path, *, is_new: bool) -> tuple[int, str]:
        if is_new and found.stat().st_size > LARGE_BYTES:
            facts = self._writer.log_picture_file(path, *place, found)
            self._on_bytes(facts[0])
            return facts
        data = found.read_bytes()
        if is_new:
            self._writer.log_picture(path, *place, data)
            self._on_bytes(len(data))
        return len(data), hashlib.sha256(data).hexdigest()

    def _turn(self, found: Path) -> AbstractContextManager[Any]:
        """Return what to hold while a file is in memory."""
        return self._turns if found.stat().st_size > LARGE_BYTES else nullcontext()

    def _each_file(self, write: Callable[[str, Path], None]) -> Callable[[str, Rows], None]:
        def write_last(path: str, rows: Rows) -> None:
            name = _paths(rows)[-1]
            if name is None:
                return  # Neptune 3 has a row for each attribute that any run has
            try:
                write(path, find_file(self._run.found, name))
            except (ValueRefusedError, OSError) as error:
                self.notes.lose(path, f"a {rows.type.replace('_', ' ')}", f"nothing: {error}")

        return write_last

    def _file(self, path: str, found: Path) -> None:
        require_file(found)
        there = self._there.get(path)
        if there is not None and there.file is not None and there.file.size_bytes == found.stat().st_size:
            with found.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 == there.file.sha256:
                self.expected.files[path] = (there.file.size_bytes, sha256)
                return
        extension = extension_of(path, found, by_content=not self._run.is_ours)
        sent = self._writer.upload_file(path, found, extension)
        if sent is not None:
            self.expected.files[path] = sent
            self._on_bytes(sent[0])

    def _file_set(self, path: str, found: Path) -> None:
        def refuse(name: str, reason: str) -> None:
            self.notes.lose(f"{path}/{name}", "a file", f"nothing: {reason}")

        with self._writer.file_set(path) as upload:
            for member in members(found, refuse):
                try:
                    upload.add(member.path, member.size_bytes, member.open)
                except (OSError, ValueRefusedError, *_UNPACKING) as error:
                    refuse(member.path, str(error))
                self._on_bytes(member.size_bytes)
        self.expected.sets[path] = upload.members

    def _artifact(self, path: str, found: Path) -> None:
        with self._turn(found):
            artifact = artifact_of(read_list(found))
            self._writer.track_artifact(path, artifact)
        self.expected.atom(path, "artifact", artifact["hash"])


def _paths(rows: Rows) -> list[str | None]:
    """Return the paths of files that rows name; None for rows that name none."""
    return [None if value is None else value.get("path") for value in rows.columns.column("file_value").to_pylist()]
