"""Exports runs as TensorBoard event files, a folder for each run.

Series of numbers become scalars, series of pictures images, series of texts texts, with the attribute paths as tags;
single values become one table. TensorBoard knows whole steps and single precision only: a series with steps between
whole numbers counts them in thousandths, as the mirror of a training does. Files are left out: TensorBoard has none.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from neptune_yolo.read.forms import AttributeView, RunHead
from neptune_yolo.read.safe_paths import safe_relative_path
from neptune_yolo.tracking.event_files import EventFiles
from neptune_yolo.transfer.exceptions import TransferError
from neptune_yolo.transfer.exporting.comparing import count, differences
from neptune_yolo.transfer.exporting.source_run import SourceRun
from neptune_yolo.transfer.exporting.state import state_of
from neptune_yolo.transfer.formats.tensorboard_check import EVENT_FILES, MILLISECONDS, read_back
from neptune_yolo.transfer.formats.whole_steps import between_note, lies_between, series_between, whole_steps
from neptune_yolo.transfer.report import RunReport
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

MAX_WORKERS = 4
TABLE = "attributes"
STATE_FILE = ".neptune_yolo.json"
"""In the folder of a run that is complete."""

_OF_BYTES = ("file", "fileSet")
_SERIES = ("floatSeries", "stringSeries", "imageSeries")


class TensorBoardFormat:
    """Writes one event file for each run."""

    def __init__(self, folder: Path, *, with_files: bool) -> None:
        """Prepare to write.

        Args:
            folder: Log directory for TensorBoard; it exists.
            with_files: Whether also pictures.

        Raises:
            PackageMissingError: If TensorBoard is not installed.
        """
        EventFiles(folder).close()
        self._folder = folder
        self._with_files = with_files

    @property
    def max_workers(self) -> int:
        """How many runs may be written at a time."""
        return MAX_WORKERS

    def find(self, head: RunHead) -> str | None:
        """Return an empty text if the folder of a run is that of its present state."""
        return "" if self._state(head) == state_of(head, with_files=self._with_files) else None

    def write(self, run: SourceRun, report: RunReport) -> None:
        """Write a run, read it with TensorBoard's reader, and tell in the report what became of it.

        Raises:
            NeptuneYoloError: If it cannot be read, or another run or program has its place.
            OSError: If it cannot be written.
        """
        folder = self._folder / safe_relative_path(run.sys_id)
        self._clear(folder, run.head)
        writing = _Writing(run, folder, report)
        writing.write()
        count(report, writing.expected)
        report.differences += differences(writing.expected, read_back(folder, TABLE))
        state = state_of(run.head, with_files=self._with_files)
        (folder / STATE_FILE).write_text(json.dumps(state), encoding="utf-8")

    def finish(self) -> None:
        """Do nothing: each run is complete by itself."""

    def close(self) -> None:
        """Do nothing."""

    def _state(self, head: RunHead) -> list[object] | None:
        try:
            found = json.loads((self._folder / safe_relative_path(head.sys_id) / STATE_FILE).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return found if isinstance(found, list) and found else None

    def _clear(self, folder: Path, head: RunHead) -> None:
        """Remove what an earlier export of the same run has left; event files of others stay."""
        state = self._state(head)
        name = f"{head.project_name}/{head.sys_id}"
        mark = folder / f"{STATE_FILE}.part"
        is_ours = mark.is_file() and mark.read_text(encoding="utf-8") == name
        events = list(folder.glob(EVENT_FILES))
        if events and not is_ours and (state is None or state[0] != name):
            raise TransferError(
                f"Expected a place for {name}, but {folder} has other event files. Name another folder."
            )
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(name, encoding="utf-8")
        for path in [folder / STATE_FILE, *events]:
            path.unlink(missing_ok=True)


class _Writing:
    def __init__(self, run: SourceRun, folder: Path, report: RunReport) -> None:
        self.expected = Expected()
        self._run = run
        self._folder = folder
        self._report = report
        self._between: set[str] = set()

    def write(self) -> None:
        """Write all."""
        views = list(self._run.attributes())
        with EventFiles(self._folder) as files:
            single = {view.path: view.value for view in views if view.type not in (*_OF_BYTES, *_SERIES)}
            files.table(TABLE, single, self._run.head.created_ms / MILLISECONDS)
            self._floats(files, [view.path for view in views if view.type == "floatSeries"])
            for view in views:
                if view.type == "stringSeries":
                    self._texts(files, view.path)
                elif view.type == "imageSeries" and self._run.with_files:
                    self._pictures(files, view.path)
        self._report.problems += between_note(self._between)
        self._note_files(views)

    def _floats(self, files: EventFiles, paths: Sequence[str]) -> None:
        between = series_between(self._run, paths)
        self._between |= between
        for points in self._run.floats(paths):
            steps = whole_steps(points.steps, is_between=points.path in between)
            with np.errstate(over="ignore"):
                values = points.values.astype(np.float32).astype(np.float64)
            times = points.times_ms.tolist()
            for step, moment_ms, value in zip(steps.tolist(), times, values.tolist(), strict=True):
                files.scalar(points.path, value, step, moment_ms / MILLISECONDS)
            series = self.expected.floats.setdefault(points.path, ExpectedFloats())
            series.add(steps.astype(np.float64), points.times_ms, values)

    def _texts(self, files: EventFiles, path: str) -> None:
        is_between = any(lies_between(np.array([point.step])) for point in self._run.texts(path))
        if is_between:
            self._between.add(path)
        series = self.expected.texts.setdefault(path, ExpectedTexts())
        for point in self._run.texts(path):
            (step,) = whole_steps(np.array([point.step]), is_between=is_between).tolist()
            files.text(path, point.value, step, point.logged_ms / MILLISECONDS)
            series.add([(float(step), point.logged_ms, point.value)])

    def _pictures(self, files: EventFiles, path: str) -> None:
        points = list(self._run.pictures(path))
        is_between = lies_between(np.array([point.step for point in points]))
        if is_between:
            self._between.add(path)
        for point in points:
            (step,) = whole_steps(np.array([point.step]), is_between=is_between).tolist()
            try:
                files.image(path, self._run.picture(path, point), step, point.logged_ms / MILLISECONDS)
            except OSError:
                self._report.problems.append(f"{path} at step {point.step:g}: left out, it is no picture")
                continue
            facts = (float(step), point.size_bytes, point.sha256)
            self.expected.pictures.setdefault(path, []).append(facts)

    def _note_files(self, views: Sequence[AttributeView]) -> None:
        left_out = sum(view.type in _OF_BYTES for view in views)
        if left_out and self._run.with_files:
            self._report.details["files and file sets that TensorBoard has no place for"] = left_out
