"""Exports runs into an MLflow store or server, through MLflow's public client.

A project becomes an experiment, a run a run: values become parameters, those below ``sys`` tags, series of numbers
metrics with their steps and times, files, file sets and pictures artifacts at their paths, series of texts artifacts
as CSV. The tag ``neptune_yolo.run`` holds the original ID: a run that is there already is not written again.
"""

import csv
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from neptune_yolo.read.forms import AttributeView, RunHead
from neptune_yolo.read.safe_paths import Places
from neptune_yolo.transfer.exporting.comparing import count, differences
from neptune_yolo.transfer.exporting.files import expect, write_files
from neptune_yolo.transfer.exporting.source_run import SourceRun
from neptune_yolo.transfer.formats.csv import iso_time
from neptune_yolo.transfer.formats.mlflow_names import (
    MAX_METRICS,
    MAX_PARAM_LENGTH,
    MAX_PARAMS,
    MAX_TAG_LENGTH,
    Keys,
    batches,
    without_parentheses,
)
from neptune_yolo.transfer.formats.mlflow_store import Store
from neptune_yolo.transfer.formats.whole_steps import between_note, series_between, whole_steps
from neptune_yolo.transfer.report import RunReport
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats

_OF_BYTES = ("file", "fileSet", "imageSeries")
_SERIES = ("floatSeries", "stringSeries", "imageSeries")
_TEXTS_FOLDER = "texts"


class MlflowFormat:
    """Writes into one experiment."""

    def __init__(self, tracking_uri: str, project: str) -> None:
        """Open the experiment; it is made if need be.

        Args:
            tracking_uri: Such as ``sqlite:///mlflow.db`` or ``http://host:5000``.
            project: ``workspace/name``, which becomes the name of the experiment.

        Raises:
            ModuleNotFoundError: If MLflow is not installed.
            TransferError: If it is no tracking URI, or the store cannot be used.
        """
        self._store = Store(tracking_uri, project)

    @property
    def max_workers(self) -> int:
        """One run after the other: a store in a file takes one writer at a time."""
        return 1

    def find(self, head: RunHead) -> str | None:
        """Return the ID of the run in MLflow if it is complete there."""
        found = self._store.find(_name(head))
        return found.run_id if found is not None and found.is_complete else None

    def write(self, run: SourceRun, report: RunReport) -> None:
        """Write a run, read it again, and tell in the report what became of it.

        Raises:
            NeptuneYoloError: If it cannot be read, or MLflow does not take it.
            OSError: If a file cannot be written.
        """
        left = self._store.find(_name(run.head))
        if left is not None:
            self._store.remove(left.run_id)
            report.problems.append(f"the run {left.run_id} of an export that was broken off was deleted in MLflow")
        report.run = self._store.make(run.head, _name(run.head))
        writing = _Writing(run, self._store, report)
        writing.write()
        count(report, writing.expected)
        report.differences += differences(writing.expected, self._store.read_back(report.run, writing.expected))
        is_complete = not report.differences and not any(run.shortfalls())  # else it is written anew the next time
        self._store.end(report.run, run.head, is_complete=is_complete)

    def finish(self) -> None:
        """Do nothing: each run is complete by itself."""

    def close(self) -> None:
        """Do nothing."""


class _Writing:
    def __init__(self, run: SourceRun, store: Store, report: RunReport) -> None:
        self.expected = Expected()
        self._run = run
        self._store = store
        self._report = report
        self._id = str(report.run)
        self._params, self._tags, self._metrics = Keys(), Keys(), Keys()
        self._long: dict[str, str] = {}

    def write(self) -> None:
        """Write all."""
        views = list(self._run.attributes())
        self._values([view for view in views if view.type not in (*_OF_BYTES, *_SERIES)])
        self._floats([view.path for view in views if view.type == "floatSeries"])
        if self._run.with_files:
            with tempfile.TemporaryDirectory(prefix="neptune-yolo-") as folder:
                self._artifacts(views, Path(folder))
        self._note_keys()

    def _note_keys(self) -> None:
        """Name the keys that are not the paths; of those that have only lost their parentheses, how many."""
        changed = {**self._params.changed, **self._tags.changed, **self._metrics.changed}
        others = {path: key for path, key in changed.items() if key != without_parentheses(path)}
        self._report.problems += [f"{path}: became the key {key}" for path, key in others.items()]
        if len(changed) > len(others):
            self._report.details["keys without their parentheses, which MLflow does not take"] = len(changed) - len(
                others
            )

    def _values(self, views: Sequence[AttributeView]) -> None:
        tags = {self._tags.key(v.path): self._cut(v, MAX_TAG_LENGTH) for v in views if v.path.startswith("sys/")}
        params = {
            self._params.key(v.path): self._cut(v, MAX_PARAM_LENGTH) for v in views if not v.path.startswith("sys/")
        }
        for part in batches(((pair, pair[1]) for pair in tags.items()), MAX_PARAMS):
            self._store.log(self._id, tags=dict(part))
        for part in batches(((pair, pair[1]) for pair in params.items()), MAX_PARAMS):
            self._store.log(self._id, params=dict(part))
        for kind, values in (("tag", tags), ("param", params)):
            for key, value in values.items():
                self.expected.atom(f"{kind}:{key}", kind, value)

    def _cut(self, view: AttributeView, length: int) -> str:
        text = _text(view)
        if len(text) > length:
            self._long[view.path] = text
            where = f"; all of it is the artifact {_TEXTS_FOLDER}/…" if self._run.with_files else ""
            self._report.problems.append(f"{view.path}: cut after {length} of {len(text)} characters{where}")
        return text[:length]

    def _floats(self, paths: Sequence[str]) -> None:
        between = series_between(self._run, paths)
        self._report.problems += between_note(between)
        for points in self._run.floats(paths):
            key = self._metrics.key(points.path)
            steps = whole_steps(points.steps, is_between=points.path in between)
            series = self.expected.floats.setdefault(key, ExpectedFloats())
            series.add(steps.astype(np.float64), points.times_ms, points.values)
            rows = list(zip(points.values.tolist(), points.times_ms.tolist(), steps.tolist(), strict=True))
            for at in range(0, len(rows), MAX_METRICS):
                self._store.log(self._id, metrics=[(key, *row) for row in rows[at : at + MAX_METRICS]])

    def _artifacts(self, views: Sequence[AttributeView], folder: Path) -> None:
        places = Places(folder)
        for path, text in self._long.items():
            target = places.take(f"{_TEXTS_FOLDER}/{path}", "txt")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", errors="replace")
            self._send(target, folder)
        for view in views:
            if view.type == "stringSeries":
                self._send(self._texts(view.path, places), folder)
            elif view.type == "artifact":
                self._send(self._tracked(view.path, places), folder)
            for file in write_files(self._run, view, places):
                expect(self.expected, file)
                self._report.differences += file.differences()
                self._send(file.target, folder)

    def _send(self, file: Path, folder: Path) -> None:
        place = PurePosixPath(file.relative_to(folder).as_posix())
        self._store.send(self._id, file, place)
        file.unlink()

    def _texts(self, path: str, places: Places) -> Path:
        target = places.take(path, "csv")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("step", "time", "value"))
            for point in self._run.texts(path):
                writer.writerow((point.step, iso_time(point.logged_ms), point.value))
        return target

    def _tracked(self, path: str, places: Places) -> Path:
        target = places.take(f"{path}/files_list", "json")
        target.parent.mkdir(parents=True, exist_ok=True)
        files = [
            {"path": file.path, "hash": file.hash, "type": file.type, "size_bytes": file.size_bytes, **file.metadata}
            for file in self._run.artifact_files(path)
        ]
        target.write_text(json.dumps(files, ensure_ascii=False), encoding="utf-8", errors="replace")
        return target


def _name(head: RunHead) -> str:
    return f"{head.project_name}/{head.sys_id}"


def _text(view: AttributeView) -> str:
    if view.type == "datetime":
        return iso_time(view.value)
    if view.type == "float":
        return repr(float(view.value))
    if isinstance(view.value, list | dict):
        return json.dumps(view.value, ensure_ascii=False)
    return str(view.value)
