"""Exports runs as CSV: a table of runs, one of all points of series, one of all files.

::

    <folder>/runs.csv       a row for each run; columns are attributes, of a series of numbers its last value
    <folder>/series.csv     run, path, type, step, time, value: a row for each point, of numbers and texts
    <folder>/files.csv      run, path, member, step, file, size_bytes, sha256
    <folder>/files/<RUN-ID>/<attribute/path>

Moments are ISO 8601 (UTC), sets of strings JSON lists. Texts that a spreadsheet might take for formulas have an
apostrophe before them.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from neptune_yolo.read.forms import AttributeView, RunHead
from neptune_yolo.read.safe_paths import Places, safe_relative_path
from neptune_yolo.transfer.exceptions import TransferError
from neptune_yolo.transfer.exporting.comparing import count, differences
from neptune_yolo.transfer.exporting.files import expect, write_files
from neptune_yolo.transfer.exporting.source_run import SourceRun
from neptune_yolo.transfer.formats.csv_check import TYPES, read_series
from neptune_yolo.transfer.formats.formulas import neutral
from neptune_yolo.transfer.report import RunReport
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

RUNS_HEADER = ("run",)
SERIES_HEADER = ("run", "path", "type", "step", "time", "value")
FILES_HEADER = ("run", "path", "member", "step", "file", "size_bytes", "sha256")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNFINISHED = ".part"
_NAMES = ("series.csv", "files.csv", "runs.jsonl")


class CsvFormat:
    """Writes three tables. They appear under their names once all runs are written."""

    def __init__(self, folder: Path) -> None:
        """Prepare to write.

        Args:
            folder: Where all goes; it exists.

        Raises:
            OSError: If a file cannot be made.
        """
        self._folder = folder
        self._columns: dict[str, None] = {}
        self._stack = ExitStack()
        series, files, rows = (self._open(name) for name in _NAMES)
        self._series, self._files, self._rows = series, files, rows
        _write(series, SERIES_HEADER)
        _write(files, FILES_HEADER)

    @property
    def max_workers(self) -> int:
        """All runs go into the same tables, one after the other."""
        return 1

    def find(self, head: RunHead) -> str | None:
        """Return None: tables are written anew. Files that are there are not fetched again."""
        del head
        return None

    def write(self, run: SourceRun, report: RunReport) -> None:
        """Write a run, read it again, and tell in the report what became of it.

        Raises:
            NeptuneYoloError: If it cannot be read.
            OSError: If it cannot be written.
        """
        starts = [(file, file.tell()) for file in (self._series, self._files, self._rows)]
        try:
            expected = self._write(run, report)
            self._series.flush()
            found = read_series(Path(self._series.name), starts[0][1])
        except BaseException:
            for file, start in starts:
                file.seek(start)
                file.truncate()
            raise
        of_series = Expected(floats=expected.floats, texts=expected.texts)
        report.differences += differences(of_series, found)
        count(report, expected)

    def finish(self) -> None:
        """Write the table of runs, and give the tables their names.

        Raises:
            TransferError: If the table does not hold what was to be written.
            OSError: If a file cannot be written.
        """
        self._rows.flush()
        spooled, table = Path(self._rows.name), self._folder / f"runs.csv{_UNFINISHED}"
        columns = sorted(self._columns)
        with table.open("w", encoding="utf-8", newline="") as file:
            _write(file, [*RUNS_HEADER, *map(neutral, columns)])
            for row in _spooled_rows(spooled, columns):
                _write(file, row)
        with table.open(encoding="utf-8", newline="") as file:
            read = csv.reader(file)
            next(read)
            for row, there in zip(_spooled_rows(spooled, columns), read, strict=True):
                if row != there:
                    raise TransferError(f"Expected {table} to hold the values of {row[0]}, found others. Export again.")
        self.close()
        spooled.unlink()
        for name in ("series.csv", "files.csv", "runs.csv"):
            (self._folder / f"{name}{_UNFINISHED}").replace(self._folder / name)

    def close(self) -> None:
        """Close all files."""
        self._stack.close()

    def _open(self, name: str) -> IO[str]:
        path = self._folder / f"{name}{_UNFINISHED}"
        return self._stack.enter_context(path.open("w", encoding="utf-8", errors="replace", newline=""))

    def _write(self, run: SourceRun, report: RunReport) -> Expected:
        expected = Expected()
        views = list(run.attributes())
        values = {view.path: text for view in views if (text := _cell(view)) is not None}
        for view in views:
            if view.path in values and view.series is None:
                expected.atom(view.path, view.type, values[view.path])
        self._columns |= dict.fromkeys(values)
        self._rows.write(json.dumps([run.sys_id, values]) + "\n")
        self._write_floats(run, [view.path for view in views if view.type == "floatSeries"], expected)
        for view in views:
            if view.type == "stringSeries":
                self._write_texts(run, view.path, expected)
        if run.with_files:
            self._write_files(run, views, expected, report)
        return expected

    def _write_floats(self, run: SourceRun, paths: Sequence[str], expected: Expected) -> None:
        writer = csv.writer(self._series)
        for points in run.floats(paths):
            expected.floats.setdefault(points.path, ExpectedFloats()).add(points.steps, points.times_ms, points.values)
            head = (run.sys_id, neutral(points.path), TYPES[0])
            rows = zip(points.steps.tolist(), points.times_ms.tolist(), points.values.tolist(), strict=True)
            writer.writerows((*head, step, iso_time(moment), value) for step, moment, value in rows)

    def _write_texts(self, run: SourceRun, path: str, expected: Expected) -> None:
        series = expected.texts.setdefault(path, ExpectedTexts())
        writer = csv.writer(self._series)
        head = (run.sys_id, neutral(path), TYPES[1])
        for point in run.texts(path):
            series.add([(point.step, point.logged_ms, point.value)])
            writer.writerow((*head, point.step, iso_time(point.logged_ms), neutral(point.value)))

    def _write_files(
        self, run: SourceRun, views: Sequence[AttributeView], expected: Expected, report: RunReport
    ) -> None:
        folder = self._folder / "files" / safe_relative_path(run.sys_id)
        places = Places(folder)
        for view in views:
            for file in write_files(run, view, places):
                expect(expected, file)
                report.differences += file.differences()
                name = neutral(file.target.relative_to(self._folder).as_posix())
                step = "" if file.step is None else file.step
                names = (run.sys_id, neutral(file.path), neutral(file.member))
                _write(self._files, (*names, step, name, file.size_bytes, file.sha256))


def iso_time(moment_ms: int) -> str:
    """Return a moment as ISO 8601 (UTC).

    Args:
        moment_ms: In milliseconds since 1970 (UTC), of the years 1 to 9999.
    """
    return (_EPOCH + timedelta(milliseconds=moment_ms)).isoformat(timespec="milliseconds")


def _cell(view: AttributeView) -> str | None:
    """Return what stands in the table of runs; None for what has no place there."""
    value: Any = view.value
    if view.type in ("imageSeries", "stringSeries", "file", "fileSet") or value is None:
        return None
    if view.type == "datetime":
        return iso_time(value)
    if view.type in ("float", "floatSeries"):
        return repr(float(value))
    if isinstance(value, list | dict):
        return neutral(json.dumps(value, ensure_ascii=False))
    return neutral(str(value))


def _spooled_rows(spooled: Path, columns: Sequence[str]) -> Iterator[list[str]]:
    with spooled.open(encoding="utf-8") as file:
        for line in file:
            run, values = json.loads(line)
            yield [run, *(values.get(column, "").encode(errors="replace").decode() for column in columns)]


def _write(file: IO[str], row: Sequence[object]) -> None:
    csv.writer(file).writerow(row)
