"""Compares what a folder holds with what its run on the server holds, attribute by attribute."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from neptune_yolo.read.forms import AttributeView
from neptune_yolo.tracking.hyperparameters import typed_value
from neptune_yolo.transfer.report import Difference
from neptune_yolo.transfer.ultralytics_runs.recorded import PASSING_PATHS, Point, RecordedRun, milliseconds

_TYPES = {bool: "bool", int: "int", float: "float", str: "string", datetime: "datetime"}
_TOLERANCE = 1e-9


def type_of(value: object) -> str:
    """Return the type of the attribute that holds a value, as the server names it."""
    return _TYPES.get(type(value if isinstance(value, datetime) else typed_value(value)), "string")


def is_same_file(view: AttributeView | None, file: Path, run: RecordedRun) -> bool:
    """Return whether an attribute holds a file, by size and hash.

    Args:
        view: The attribute; None if there is none.
        file: The file.
        run: Knows the hashes of its files.

    Raises:
        OSError: If the file cannot be read.
    """
    held = view.file if view is not None else None
    return held is not None and held.size_bytes == file.stat().st_size and held.sha256 == run.sha256_of(file)


def differences(run: RecordedRun, held: Mapping[str, AttributeView]) -> Iterator[Difference]:
    """Give each attribute that is not on the server as the folder has it.

    Args:
        run: What the folder holds.
        held: What the run holds, by path.
    """
    for path in PASSING_PATHS:
        if path in held and path not in run.values:
            yield Difference(path, "nothing", _found(held[path]))
    for path, value in run.values.items():
        yield from _of_value(path, value, held.get(path))
    for path, points in run.series.items():
        yield from _of_series(path, points, held.get(path))
    for path, file in run.files.items():
        yield from _of_file(path, file, held.get(path), run)
    for path, (file, step) in run.pictures.items():
        view = held.get(path)
        if view is None or view.series is None or view.series.last_step != step:
            yield Difference(path, f"{file.name} at step {step}", _found(view))
    for path, (text, _) in run.texts.items():
        view = held.get(path)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if view is None or view.file is None or view.file.sha256 != digest:
            yield Difference(path, f"a file with the hash {digest[:12]}", _found(view))


def _of_value(path: str, value: object, view: AttributeView | None) -> Iterator[Difference]:
    plain = value if isinstance(value, datetime) else typed_value(value)
    expected: object = milliseconds(plain) if isinstance(plain, datetime) else plain
    is_moment = isinstance(plain, datetime)
    if view is None or not ((view.value == expected) if is_moment else _is_same_value(expected, view)):
        yield Difference(path, repr(expected)[:80], _found(view))


def _is_same_value(plain: object, view: AttributeView) -> bool:
    if isinstance(plain, str) and view.length is not None and view.length > len(str(view.value)):
        return len(plain) == view.length  # a list shows the beginning of long texts only
    if isinstance(plain, float) and isinstance(view.value, int | float):
        return math.isclose(plain, view.value, rel_tol=_TOLERANCE)
    return type_of(plain) == view.type and plain == view.value


def _of_series(path: str, points: list[Point], view: AttributeView | None) -> Iterator[Difference]:
    series = view.series if view is not None else None
    expected = f"{len(points)} points to step {points[-1].step}"
    if view is None or series is None:
        yield Difference(path, expected, _found(view))
    elif series.count != len(points) or series.last_step != points[-1].step:
        yield Difference(path, expected, f"{series.count} points to step {series.last_step}")
    else:
        yield from _of_numbers(path, points, view)


def _of_numbers(path: str, points: list[Point], view: AttributeView) -> Iterator[Difference]:
    """Compare the statistics, which no single other number leaves as they are."""
    numbers = [point.value for point in points if isinstance(point.value, int | float)]
    series = view.series
    if series is None or not numbers or series.mean is None:
        return
    for name, ours, theirs in (
        ("mean", math.fsum(numbers) / len(numbers), series.mean),
        ("smallest value", min(numbers), series.minimum),
        ("largest value", max(numbers), series.maximum),
    ):
        if theirs is not None and not math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-9):
            yield Difference(path, f"{name} {ours:g}", f"{theirs:g}")


def _of_file(path: str, file: Path, view: AttributeView | None, run: RecordedRun) -> Iterator[Difference]:
    try:
        if not is_same_file(view, file, run):
            yield Difference(path, f"{file.name} with {file.stat().st_size} bytes", _found(view))
    except OSError as error:
        yield Difference(path, f"{file.name}", f"a file that cannot be read any more ({error.strerror})")


def _found(view: AttributeView | None) -> str:
    if view is None:
        return "nothing"
    if view.file is not None:
        return f"a file with {view.file.size_bytes} bytes"
    return f"{view.type} {view.value!r}"[:80]
