"""Writes a folder's run: what the run has already is not written again."""

import hashlib
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from neptune_yolo.read.forms import AttributeView
from neptune_yolo.tracking.hyperparameters import typed_value
from neptune_yolo.transfer.ultralytics_runs.checking import is_same_file, type_of
from neptune_yolo.transfer.ultralytics_runs.recorded import FOLDER_PATH, PASSING_PATHS, RecordedRun, milliseconds
from neptune_yolo.transfer.writing import PastFacts, RunWriter

_NAME = "sys/name"
_TAGS = "sys/tags"


def write_run(writer: RunWriter, run: RecordedRun, held: Mapping[str, AttributeView]) -> None:
    """Write what a run lacks.

    Args:
        writer: Writes into the run.
        run: What the folder holds.
        held: What the run holds, by path.

    Raises:
        OSError: If a file cannot be read.
        ReadError: If the server does not take it.
    """
    if writer.finished_ms is None:  # later on they are the user's
        writer.assign(_NAME, run.name)
        writer.assign(FOLDER_PATH, run.source)
        writer.add_tags(_TAGS, run.tags)
    _write_values(writer, run, held)
    _write_series(writer, run, held)
    writer.flush()
    for path, file in run.files.items():
        if not is_same_file(held.get(path), file, run):
            writer.upload_file(path, file, file.suffix.removeprefix("."))
    _write_pictures(writer, run, held)
    _write_texts(writer, run, held)
    writer.flush()


def facts_of(run: RecordedRun) -> PastFacts:
    """Return when a run took place."""
    started, ended = milliseconds(run.started), milliseconds(run.ended)
    return PastFacts(created_ms=started, modified_ms=ended, pinged_ms=ended, running_ms=ended - started)


def _write_values(writer: RunWriter, run: RecordedRun, held: Mapping[str, AttributeView]) -> None:
    for path in PASSING_PATHS:
        if path in held and path not in run.values:
            writer.delete(path)
    for path, value in run.values.items():
        view = held.get(path)
        if view is not None and view.type != type_of(value):
            writer.delete(path)  # the type of an attribute is fixed as long as it exists
        if isinstance(value, datetime):
            writer.assign_moment(path, milliseconds(value))
        else:
            writer.assign(path, typed_value(value))


def _write_series(writer: RunWriter, run: RecordedRun, held: Mapping[str, AttributeView]) -> None:
    for path, points in run.series.items():
        view = held.get(path)
        last = view.series.last_step if view is not None and view.series is not None else None
        new = [
            (point.step, milliseconds(point.at), point.value) for point in points if last is None or point.step > last
        ]
        numbers = [(step, at, value) for step, at, value in new if not isinstance(value, str)]
        texts = [(step, at, value) for step, at, value in new if isinstance(value, str)]
        if numbers:
            writer.log_floats(path, numbers)
        if texts:
            writer.log_texts(path, texts)


def _write_pictures(writer: RunWriter, run: RecordedRun, held: Mapping[str, AttributeView]) -> None:
    for path, (file, step) in run.pictures.items():
        view = held.get(path)
        last = view.series.last_step if view is not None and view.series is not None else None
        if last is None or step > last:
            writer.log_picture(path, step, milliseconds(run.ended), file.read_bytes())


def _write_texts(writer: RunWriter, run: RecordedRun, held: Mapping[str, AttributeView]) -> None:
    for path, (text, extension) in run.texts.items():
        view = held.get(path)
        if view is not None and view.file is not None and view.file.sha256 == hashlib.sha256(text.encode()).hexdigest():
            continue
        with tempfile.TemporaryDirectory(prefix="neptune-yolo-") as folder:
            file = Path(folder) / f"text.{extension}"
            file.write_text(text, encoding="utf-8", newline="")
            writer.upload_file(path, file, extension)
