"""Exports runs as JSON: a file for each run, and its files beside it.

::

    <folder>/<RUN-ID>.json
    <folder>/files/<RUN-ID>/<attribute/path>

    {"format": "neptune_yolo.run/1", "state": [...],
     "run": {"sys_id": "YOL-7", "workspace": "local", "project": "yolo", "created_ms": 1600000000000, ...},
     "attributes": {
      "args/lr0": {"type": "float", "value": 0.01},
      "train/loss": {"type": "floatSeries", "points": [[step, moment_ms, value], ...]},
      "logs": {"type": "stringSeries", "points": [[step, moment_ms, text], ...]},
      "weights/best": {"type": "file", "files": [{"file": "files/YOL-7/...", "size_bytes": 9, "sha256": ""}]},
      "code": {"type": "fileSet", "files": [{"member": "a.py", ...}]},
      "shots": {"type": "imageSeries", "files": [{"step": 1.0, "logged_ms": 1600000000000, ...}]},
      "data": {"type": "artifact", "value": "<hash>", "tracked": [{"path": "a.csv", "hash": "", ...}]}}}

Moments are milliseconds since 1970 (UTC). JSON has no numbers that are not finite: those are the texts ``"NaN"``,
``"Infinity"`` and ``"-Infinity"``. Each point stands in a line of its own, so that long series can be read by lines.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from neptune_yolo.read.forms import AttributeView, RunHead
from neptune_yolo.read.safe_paths import Places, safe_relative_path
from neptune_yolo.transfer.exceptions import TransferError
from neptune_yolo.transfer.exporting.comparing import count, differences
from neptune_yolo.transfer.exporting.files import WrittenFile, expect, write_files
from neptune_yolo.transfer.exporting.source_run import SourceRun
from neptune_yolo.transfer.exporting.state import state_of
from neptune_yolo.transfer.formats.json_check import FORMAT, read_back, read_state
from neptune_yolo.transfer.report import RunReport
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

MAX_WORKERS = 8
_UNFINISHED = ".part"
_BYTES = ("file", "fileSet", "imageSeries")


class JsonFormat:
    """Writes a file for each run; it appears under its name once it is complete."""

    def __init__(self, folder: Path, *, with_files: bool) -> None:
        """Prepare to write.

        Args:
            folder: Where all goes; it exists.
            with_files: Whether also the bytes of files.
        """
        self._folder = folder
        self._with_files = with_files

    @property
    def max_workers(self) -> int:
        """How many runs may be written at a time."""
        return MAX_WORKERS

    def find(self, head: RunHead) -> str | None:
        """Return an empty text if the file of a run is that of its present state."""
        target = self._target(head.sys_id)
        return "" if read_state(target) == state_of(head, with_files=self._with_files) else None

    def write(self, run: SourceRun, report: RunReport) -> None:
        """Write a run, read it again, and tell in the report what became of it.

        Raises:
            NeptuneYoloError: If it cannot be read, or a run of another project has its place.
            OSError: If it cannot be written.
        """
        target = self._target(run.sys_id)
        there = read_state(target)
        state = state_of(run.head, with_files=self._with_files)
        if there is not None and there[0] != state[0]:
            raise TransferError(f"Expected a place for {state[0]}, but {target} is {there[0]}. Name another folder.")
        part = target.with_name(f".{target.name}{_UNFINISHED}")
        try:
            with part.open("w", encoding="utf-8", errors="replace") as file:
                expected, wrong = _Writing(run, file, self._folder).write(state)
            report.differences += [*wrong, *differences(expected, read_back(part))]
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        count(report, expected)

    def finish(self) -> None:
        """Do nothing: each run is complete by itself."""

    def close(self) -> None:
        """Do nothing."""

    def _target(self, sys_id: str) -> Path:
        return self._folder / f"{safe_relative_path(sys_id)}.json"


class _Writing:
    def __init__(self, run: SourceRun, file: IO[str], folder: Path) -> None:
        self._run = run
        self._file = file
        self._folder = folder
        self._places = Places(folder / "files" / safe_relative_path(run.sys_id))
        self._expected = Expected()
        self._wrong: list[Any] = []
        self._is_first = True

    def write(self, state: Sequence[object]) -> tuple[Expected, list[Any]]:
        """Write all, and return what the file is to hold, and which files on disk are not what they should be."""
        self._file.write(f'{{"format": {json.dumps(FORMAT)}, "state": {json.dumps(state)},\n')
        head = msgspec.to_builtins(self._run.head)
        self._file.write(f'"run": {json.dumps(head, ensure_ascii=False)},\n"attributes": {{\n')
        views = list(self._run.attributes())
        for view in views:
            self._single(view)
        self._floats([view.path for view in views if view.type == "floatSeries"])
        for view in views:
            if view.type == "stringSeries":
                self._texts(view.path)
        self._file.write("\n}}\n")
        return self._expected, self._wrong

    def _single(self, view: AttributeView) -> None:
        if view.type in ("floatSeries", "stringSeries"):
            return
        content: dict[str, Any] = {"type": view.type}
        if view.type not in _BYTES:
            content["value"] = _plain(float(view.value) if view.type == "float" else view.value)
            self._expected.atom(view.path, view.type, content["value"])
        if view.type == "artifact":
            content["tracked"] = [msgspec.to_builtins(file) for file in self._run.artifact_files(view.path)]
        if view.type in _BYTES:
            if not self._run.with_files:
                return
            content["files"] = list(self._files(view))
        self._begin(view.path)
        self._file.write(json.dumps(content, ensure_ascii=False))

    def _files(self, view: AttributeView) -> Iterator[dict[str, Any]]:
        if view.type == "fileSet":
            self._expected.sets[view.path] = {}
        for file in write_files(self._run, view, self._places):
            expect(self._expected, file)
            self._wrong += file.differences()
            yield _file_entry(file, self._folder)

    def _floats(self, paths: Sequence[str]) -> None:
        known = ""
        for points in self._run.floats(paths):
            is_new = points.path != known
            if is_new:
                self._end_series(known)
                self._begin_series(points.path, "floatSeries")
                known = points.path
            self._expected.floats.setdefault(known, ExpectedFloats()).add(points.steps, points.times_ms, points.values)
            rows = zip(points.steps.tolist(), points.times_ms.tolist(), points.values.tolist(), strict=True)
            self._points((f"[{step!r},{moment},{_number(value)}]" for step, moment, value in rows), is_first=is_new)
        self._end_series(known)

    def _texts(self, path: str) -> None:
        series = self._expected.texts.setdefault(path, ExpectedTexts())
        self._begin_series(path, "stringSeries")
        is_first = True
        for point in self._run.texts(path):
            series.add([(point.step, point.logged_ms, point.value)])
            text = json.dumps(point.value, ensure_ascii=False)
            self._points([f"[{point.step!r},{point.logged_ms},{text}]"], is_first=is_first)
            is_first = False
        self._end_series(path)

    def _begin(self, path: str) -> None:
        between = "" if self._is_first else ",\n"
        self._file.write(f"{between}{json.dumps(path, ensure_ascii=False)}: ")
        self._is_first = False

    def _begin_series(self, path: str, kind: str) -> None:
        self._begin(path)
        self._file.write(f'{{"type": "{kind}", "points": [\n')

    def _points(self, lines: Iterable[str], *, is_first: bool) -> None:
        text = ",\n".join(lines)
        self._file.write(text if is_first else f",\n{text}")

    def _end_series(self, path: str) -> None:
        if path:
            self._file.write("\n]}")


def _file_entry(file: WrittenFile, folder: Path) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": file.target.relative_to(folder).as_posix()}
    if file.member:
        entry["member"] = file.member
    if file.step is not None:
        entry |= {"step": file.step, "logged_ms": file.logged_ms}
    return {**entry, "size_bytes": file.size_bytes, "sha256": file.sha256}


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else json.dumps(_plain(value))


def _plain(value: Any) -> Any:
    """Return a value that JSON has."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
