"""Reads operations as the client has written them, and leaves out what must not or cannot be sent."""

import base64
import binascii
import glob
import json
import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from neptune_yolo.transfer.neptune_local.queues import UPLOADS, LocalQueue

_LONGEST_LINE = 512 * 2**20
_VALUES = "values"

_NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("AssignFloat", "AssignInt", "AssignBool", "AssignString", "AssignDatetime"), ("value",)),
    **dict.fromkeys(("LogFloats", "LogStrings", "LogImages", "AddStrings", "RemoveStrings"), (_VALUES,)),
    **dict.fromkeys(("ClearFloatLog", "ClearStringLog", "ClearImageLog", "ClearStringSet", "ClearArtifact"), ()),
    "DeleteAttribute": (),
    "AssignArtifact": ("hash",),
    "ConfigFloatSeries": ("min", "max", "unit"),
    "DeleteFiles": ("file_paths",),
    "UploadFile": ("ext",),
    "UploadFileContent": ("ext", "file_content"),
    "UploadFileSet": ("file_globs", "reset"),
    "TrackFilesToArtifact": ("project_id", "entries"),
    "CopyAttribute": ("container_id", "source_path"),
}
"""Type of an operation -> what it must have beside type and path."""

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "AssignFloat": (int, float),
    "AssignInt": int,
    "AssignBool": bool,
    "AssignString": str,
    "AssignDatetime": int,
}


_OF_FORMER_SERVER: Mapping[str, str] = {
    "CopyAttribute": "it copies an attribute of a run on the former server",
    "AssignArtifact": "it names an artifact whose list of files only the former server had",
}


@dataclass(frozen=True)
class Record:
    """One operation.

    Args:
        version: Its number in the queue, from 1.
        at: When it was put there, in seconds since 1970; None if that is not known.
        operation: Itself, as the client has written it.
        problem: Why it is not sent; empty if it is.
        size_bytes: Its size on disk.
        dropped_points: Points of it that are not finite, and are left out: no series holds them.
        is_excused: Whether its problem is none that anybody can help: it is torn, or only the former server had its
            file.
    """

    version: int
    at: float | None
    operation: dict[str, Any]
    problem: str = ""
    size_bytes: int = 0
    dropped_points: int = 0
    is_excused: bool = False

    @property
    def type(self) -> str:
        """Its type, in the client's words."""
        return str(self.operation.get("type"))

    @property
    def path(self) -> str:
        """Path of its attribute."""
        parts = self.operation.get("path")
        return "/".join(map(str, parts)) if isinstance(parts, list) else ""


@dataclass(frozen=True)
class FileRules:
    """From where files may be sent.

    Args:
        inside: Only files below this folder, which is the one that the program probably ran in. None: from anywhere.
    """

    inside: Path | None

    def problem(self, text: str, *, is_pattern: bool = False) -> str:
        """Return why files may not be sent; empty if they may.

        Args:
            text: A file, a folder, or a pattern that files fit.
            is_pattern: Whether it is a pattern.
        """
        path = Path(text)
        if not path.is_absolute():
            return f"{text} is not an absolute path"
        if self.inside is None:
            return ""
        inside = self.inside.resolve()
        fixed = Path(*[part for part in path.parts if not set(part) & set("*?[")]) if is_pattern else path
        if not fixed.resolve().is_relative_to(inside):
            return f"{text} lies outside {self.inside} (--files-from-anywhere sends it)"
        for file in _fitting(text) if is_pattern else ():
            if not Path(file).resolve().is_relative_to(inside):
                return f"{file} leads out of {self.inside}"
        return ""


def _fitting(pattern: str) -> Iterator[str]:
    """Give the files that fit a pattern, and those in folders that do."""
    for path in glob.iglob(pattern, recursive=True):  # noqa: PTH207 - the client's own way to read a pattern
        yield path
        for folder, subfolders, names in os.walk(path):
            yield from (os.path.join(folder, name) for name in (*subfolders, *names))  # noqa: PTH118 - many


def read_records(queue: LocalQueue, rules: FileRules, project_id: str = "") -> Iterator[Record]:
    """Give the operations of a queue in their order; what cannot be read or sent has a problem.

    Args:
        queue: The queue.
        rules: From where files may be sent.
        project_id: Identifier of the project that artifacts are listed in.
    """
    last = 0
    for log in queue.logs:
        with log.open("rb") as stream:
            for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE), b""), 1):
                if not line.strip(b" \r\n\t\0"):
                    continue
                record = _parse(line, f"{log.name}, line {number}", last)
                if not record.problem:
                    record = _vetted(record, queue, rules, project_id)
                last = max(last, record.version)
                yield record


def _parse(line: bytes, place: str, last: int) -> Record:
    try:
        content = json.loads(line.decode("utf-8"))
        version, operation = int(content["version"]), content["obj"]
    except (ValueError, KeyError, TypeError, RecursionError):
        if line.endswith(b"\n"):
            return Record(last, None, {}, f"{place}: it is no operation")
        torn = f"{place}: it is torn: the program ended while it was written"
        return Record(last, None, {}, torn, is_excused=True)
    at = content.get("at")
    record = Record(version, float(at) if isinstance(at, int | float) else None, {}, "")
    if not isinstance(operation, dict) or version <= last:
        return Record(last, record.at, {}, f"{place}: it is no operation, or one that came before")
    return Record(version, record.at, operation, size_bytes=len(line))


def _vetted(record: Record, queue: LocalQueue, rules: FileRules, project_id: str) -> Record:
    operation, kind = record.operation, record.type
    parts = operation.get("path")
    if kind not in _NEEDED or not isinstance(parts, list) or not parts or not all(isinstance(p, str) for p in parts):
        return _refused(record, "this version does not know such an operation")
    if missing := [name for name in _NEEDED[kind] if name not in operation]:
        return _refused(record, f"{missing[0]} is missing")
    if problem := _value_problem(kind, operation):
        return _refused(record, problem)
    if kind.startswith("Log"):
        return _vetted_points(record)
    if kind == "UploadFile":
        return _vetted_file(record, queue, rules)
    if kind == "UploadFileSet":
        return _vetted_set(record, rules)
    return _vetted_artifact(record, rules, project_id) if kind == "TrackFilesToArtifact" else record


def _value_problem(kind: str, operation: Mapping[str, Any]) -> str:
    """Return why an operation cannot be sent, by what it holds; empty if it can."""
    if kind in _TYPES and not isinstance(operation["value"], _TYPES[kind]):
        return f"its value is no {kind.removeprefix('Assign').lower()}"
    if kind == "AssignFloat" and not math.isfinite(operation["value"]):
        return f"its value is {operation['value']}, which no attribute holds"
    if kind == "ConfigFloatSeries" and not all(_is_finite(operation[name]) for name in ("min", "max")):
        return "its limits are no numbers"
    if kind == "UploadFileContent" and not _is_base64(operation["file_content"]):
        return "its content is torn"
    return _OF_FORMER_SERVER.get(kind, "")


def _vetted_points(record: Record) -> Record:
    points = record.operation[_VALUES]
    if not _are_points(points):
        return _refused(record, "its points have another form")
    are_numbers = record.type == "LogFloats"
    kept = [
        point
        for point in points
        if _is_finite(point.get("step"))
        and math.isfinite(point["ts"])
        and (not are_numbers or _is_number(point["value"]))
    ]
    if len(kept) == len(points):
        return record
    return replace(record, operation={**record.operation, _VALUES: kept}, dropped_points=len(points) - len(kept))


def _is_finite(value: object) -> bool:
    return value is None or _is_number(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _is_base64(content: object) -> bool:
    try:
        base64.b64decode(str(content).encode(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return isinstance(content, str)


def _are_points(points: object) -> bool:
    return isinstance(points, list) and all(
        isinstance(point, dict)
        and "value" in point
        and isinstance(point.get("ts"), int | float)
        and isinstance(point.get("step"), int | float | None)
        for point in points
    )


def _vetted_file(record: Record, queue: LocalQueue, rules: FileRules) -> Record:
    operation = dict(record.operation) | {"clean_after_upload": False}  # files of others stay where they are
    if path := operation.get("file_path"):
        if problem := rules.problem(str(path)):
            return _refused(record, problem)
        is_there = Path(path).is_file()
        return replace(record, operation=operation) if is_there else _gone(record, str(path), queue)
    name = str(operation.get("tmp_file_name") or "")
    file = queue.path / UPLOADS / name
    if not name or Path(name).name != name or "\\" in name or name in (".", ".."):
        return _refused(record, f"{name!r} is no name of a file in {UPLOADS}")
    if file.is_symlink() or not file.is_file():
        return _gone(record, f"its file {name}", queue)
    return replace(record, operation=operation)


def _vetted_set(record: Record, rules: FileRules) -> Record:
    patterns = record.operation["file_globs"]
    if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
        return _refused(record, "its patterns of files have another form")
    problem = next((problem for pattern in patterns if (problem := rules.problem(pattern, is_pattern=True))), "")
    return _refused(record, problem) if problem else record


def _vetted_artifact(record: Record, rules: FileRules, project_id: str) -> Record:
    entries = record.operation["entries"]
    if not isinstance(entries, list) or not all(isinstance(e, list) and e and isinstance(e[0], str) for e in entries):
        return _refused(record, "its files have another form")
    for address, *_ in entries:
        scheme, separator, rest = address.partition("://")
        if separator and scheme != "file":
            return _refused(record, f"it lists files of {scheme}://, which are not asked for")
        place = rest if separator else address
        if problem := rules.problem(place) or ("" if Path(place).exists() else f"{place} is gone"):
            return _refused(record, problem)
    return replace(record, operation={**record.operation, "project_id": project_id})


def _gone(record: Record, file: str, queue: LocalQueue) -> Record:
    if record.version <= queue.acknowledged:
        return replace(_refused(record, "its file was sent to the former server"), is_excused=True)
    return _refused(record, f"{file} is gone")


def _refused(record: Record, problem: str) -> Record:
    what = f"operation {record.version}, {record.type[:40]} of {record.path[:200]!r}"
    return replace(record, problem=f"{what}: {problem}")
