"""Values of attributes as people read them, and as JSON has them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from neptune_yolo.read.forms import AttributeView, FileSummary, RunHead, SeriesSummary

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNITS = ("B", "kB", "MB", "GB", "TB")
_THOUSAND = 1000.0
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_DAYS_TOLD = 30


def plain(text: str, *, in_one_line: bool = False) -> str:
    """Return a text without anything that a terminal would obey: anybody may have written it.

    Args:
        text: The text.
        in_one_line: Whether line breaks become blanks.
    """
    clean = _CONTROLS.sub("", _ESCAPES.sub("", text))
    return " ".join(clean.split()) if in_one_line else clean


def number_text(value: float) -> str:
    """Return a number with up to six significant digits."""
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def size_text(size_bytes: float) -> str:
    """Return a size in bytes for people, in powers of 1000."""
    for unit in _UNITS[:-1]:
        if abs(size_bytes) < _THOUSAND:
            return f"{size_bytes:.0f} {unit}" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= _THOUSAND
    return f"{size_bytes:.1f} {_UNITS[-1]}"


def moment_text(milliseconds: int) -> str:
    """Return a moment for people, to the second, in UTC."""
    return _datetime(milliseconds).strftime("%Y-%m-%d %H:%M:%S")


def moment_json(milliseconds: int | None) -> str | None:
    """Return a moment as ISO 8601 with milliseconds, in UTC."""
    if milliseconds is None:
        return None
    return _datetime(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _datetime(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(0, UTC) if milliseconds < 0 else datetime.max.replace(tzinfo=UTC)


def duration_text(seconds: float) -> str:
    """Return a duration for people: ``42 s``, ``3 min 05 s``, ``2 h 10 min``, ``3 d 4 h``."""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02d} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def age_text(milliseconds: int) -> str:
    """Return how long ago a moment was, for people: ``12 s ago``, ``3 h ago``, the day if it is long ago."""
    seconds = datetime.now(UTC).timestamp() - milliseconds / 1000
    if seconds < _MINUTE:
        return f"{max(0, int(seconds))} s ago"
    if seconds < _HOUR:
        return f"{int(seconds) // _MINUTE} min ago"
    if seconds < _DAY:
        return f"{int(seconds) // _HOUR} h ago"
    if seconds < _DAYS_TOLD * _DAY:
        return f"{int(seconds) // _DAY} d ago"
    return moment_text(milliseconds)[: len("2026-01-31")]


def value_text(value: Any, kind: str | None = None, file: FileSummary | None = None) -> str:
    """Return a value for people, in one line.

    Args:
        value: As the read API gives it.
        kind: Type of the attribute, if it is known.
        file: What is known of it if it is a file or file set.
    """
    if file is not None:
        return f"{file.extension or kind}, {size_text(file.size_bytes)}" if kind else size_text(file.size_bytes)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "datetime" and isinstance(value, int):
        return moment_text(value)
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list):
        return plain(", ".join(map(str, value)), in_one_line=True)
    if isinstance(value, dict):
        commit = value.get("commit")
        value = commit.get("commitId") if isinstance(commit, dict) else value
    return plain(str(value), in_one_line=True)


def view_text(view: AttributeView) -> str:
    """Return the value of an attribute for people, in one line."""
    if view.type == "imageSeries" and view.series is not None:
        return f"{view.series.count} pictures"
    text = value_text(view.value, view.type, view.file)
    return f"{text} … ({view.length} characters)" if view.length is not None else text


def value_json(value: Any, kind: str | None) -> Any:
    """Return a value as JSON has it: moments as ISO 8601 in UTC."""
    return moment_json(value) if kind == "datetime" and isinstance(value, int) else value


def run_json(run: RunHead) -> dict[str, Any]:
    """Return a run in short as JSON has it."""
    return {
        "id": run.sys_id,
        "project": run.project_name,
        "name": run.name,
        "description": run.description,
        "tags": run.tags,
        "owner": run.owner,
        "type": run.type,
        "state": run.state,
        "failed": run.failed,
        "trashed": run.trashed,
        "custom_run_id": run.custom_run_id,
        "created": moment_json(run.created_ms),
        "modified": moment_json(run.modified_ms),
        "running_seconds": run.running_ms / 1000,
    }


def series_json(series: SeriesSummary | None) -> dict[str, Any] | None:
    """Return the summary of a series as JSON has it."""
    if series is None:
        return None
    names = ("count", "last_step", "minimum", "maximum", "mean", "variance")
    return {name: getattr(series, name) for name in names}


def file_json(file: FileSummary | None) -> dict[str, Any] | None:
    """Return what is known of a file as JSON has it."""
    if file is None:
        return None
    return {"extension": file.extension, "size_bytes": file.size_bytes, "sha256": file.sha256 or None}


def view_json(view: AttributeView) -> dict[str, Any]:
    """Return an attribute as JSON has it."""
    found: dict[str, Any] = {"path": view.path, "type": view.type, "value": value_json(view.value, view.type)}
    if view.series is not None:
        found["series"] = series_json(view.series)
    if view.file is not None:
        found["file"] = file_json(view.file)
    return found


def joined(parts: Sequence[str]) -> str:
    """Return parts that are not empty, separated by commas."""
    return ", ".join(part for part in parts if part)
