"""What a run is to hold when all operations were applied, and how that differs from what the server holds."""

import base64
import binascii
import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neptune_yolo.read.forms import AttributeView
from neptune_yolo.tracking.checkpoint_writer import sha256_of
from neptune_yolo.transfer.neptune_local.operations import Record
from neptune_yolo.transfer.neptune_local.queues import UPLOADS, LocalQueue
from neptune_yolo.transfer.report import Difference

_ATOMS = {
    "AssignFloat": "float",
    "AssignInt": "int",
    "AssignBool": "bool",
    "AssignString": "string",
    "AssignDatetime": "datetime",
}
_SERIES = {"LogFloats": "floatSeries", "LogStrings": "stringSeries", "LogImages": "imageSeries"}
_CLEARED = {"ClearFloatLog": "floatSeries", "ClearStringLog": "stringSeries", "ClearImageLog": "imageSeries"}
_TOLERANCE_MS = 1


@dataclass
class ExpectedAttribute:
    """One attribute.

    Attributes:
        type: As the server names it.
        value: Of an atom, or the strings of a set.
        count: Points of a series.
        last_step: Of its last point.
        size_bytes: Of a file; None if it is not known.
        sha256: Of a file.
    """

    type: str
    value: Any = None
    count: int = 0
    last_step: float | None = None
    size_bytes: int | None = None
    sha256: str = ""


@dataclass
class ExpectedRun:
    """Follows the operations of a run.

    Attributes:
        attributes: What the run is to hold, by path.
        refused_points: Path -> points whose steps do not rise, or which are not finite: no server takes them.
    """

    attributes: dict[str, ExpectedAttribute] = field(default_factory=dict)
    refused_points: dict[str, int] = field(default_factory=dict)

    def apply(self, record: Record, queue: LocalQueue) -> None:
        """Apply an operation that is sent.

        Args:
            record: The operation.
            queue: Where it comes from.
        """
        path, kind, operation = record.path, record.type, record.operation
        if record.dropped_points:
            self.refused_points[path] = self.refused_points.get(path, 0) + record.dropped_points
        if kind in _ATOMS:
            self.attributes[path] = ExpectedAttribute(_ATOMS[kind], operation["value"])
        elif kind in _SERIES:
            self._log(path, _SERIES[kind], operation["values"])
        elif kind in _CLEARED:
            self.attributes[path] = ExpectedAttribute(_CLEARED[kind])
        elif kind in ("AddStrings", "RemoveStrings", "ClearStringSet"):
            self._change_set(path, kind, operation)
        elif kind == "DeleteAttribute":
            self.attributes.pop(path, None)
        elif kind in ("UploadFile", "UploadFileContent"):
            self.attributes[path] = _file(operation, queue)
        elif kind == "UploadFileSet":
            self.attributes[path] = ExpectedAttribute("fileSet")
        elif kind in ("TrackFilesToArtifact", "ClearArtifact"):
            self.attributes[path] = ExpectedAttribute("artifact")

    @property
    def points(self) -> int:
        """Number of points of all series."""
        return sum(attribute.count for attribute in self.attributes.values())

    @property
    def files(self) -> list[ExpectedAttribute]:
        """Those that are files."""
        return [attribute for attribute in self.attributes.values() if attribute.type == "file"]

    def differences(self, held: Mapping[str, AttributeView]) -> Iterator[Difference]:
        """Give each attribute that the server does not hold so.

        Args:
            held: What it holds, by path.
        """
        for path, expected in self.attributes.items():
            view = held.get(path)
            if view is None and expected.type == "fileSet":
                continue  # a pattern that fits no file makes no set
            if view is None or not _is_same(expected, view):
                yield Difference(path, _words(expected), "nothing" if view is None else _found(view))

    def _log(self, path: str, kind: str, points: list[dict[str, Any]]) -> None:
        known = self.attributes.get(path)
        series = known if known is not None and known.type == kind else ExpectedAttribute(kind)
        self.attributes[path] = series
        for point in points:
            last = -1.0 if series.last_step is None else series.last_step
            step = math.floor(last) + 1.0 if point.get("step") is None else float(point["step"])
            if series.last_step is not None and step <= series.last_step:
                self.refused_points[path] = self.refused_points.get(path, 0) + 1
                continue
            series.count, series.last_step = series.count + 1, step

    def _change_set(self, path: str, kind: str, operation: Mapping[str, Any]) -> None:
        known = self.attributes.get(path)
        strings = set(known.value) if known is not None and known.type == "stringSet" else set()
        values = {str(value) for value in operation.get("values") or ()}
        changed = strings | values if kind == "AddStrings" else strings - values if kind == "RemoveStrings" else set()
        self.attributes[path] = ExpectedAttribute("stringSet", changed)


def _file(operation: Mapping[str, Any], queue: LocalQueue) -> ExpectedAttribute:
    if "file_content" in operation:
        try:
            content = base64.b64decode(operation["file_content"])
        except (binascii.Error, ValueError, TypeError):
            return ExpectedAttribute("file")
        return ExpectedAttribute("file", size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    name = operation.get("file_path") or queue.path / UPLOADS / operation["tmp_file_name"]
    file = Path(name)
    return ExpectedAttribute("file", size_bytes=file.stat().st_size, sha256=sha256_of(file))


def _is_same(expected: ExpectedAttribute, view: AttributeView) -> bool:
    if expected.type != view.type:
        return False
    if view.series is not None:
        return view.series.count == expected.count
    if view.file is not None and expected.size_bytes is not None:
        return (view.file.size_bytes, view.file.sha256) == (expected.size_bytes, expected.sha256)
    if expected.type == "stringSet":
        return set(expected.value) <= set(view.value or ())
    if expected.type == "datetime":
        return abs(int(view.value) - int(expected.value)) <= _TOLERANCE_MS
    if expected.type == "string":
        text = str(view.value)
        return expected.value == text if view.length in (None, len(text)) else len(expected.value) == view.length
    if expected.type in ("float", "int", "bool"):
        return bool(view.value == expected.value)
    return True


def _words(expected: ExpectedAttribute) -> str:
    if expected.type.endswith("Series"):
        return f"{expected.count} points"
    if expected.size_bytes is not None:
        return f"a file with {expected.size_bytes} bytes"
    return f"{expected.type} {expected.value!r}"[:80]


def _found(view: AttributeView) -> str:
    if view.series is not None:
        return f"{view.series.count} points"
    if view.file is not None:
        return f"a file with {view.file.size_bytes} bytes"
    return f"{view.type} {view.value!r}"[:80]
