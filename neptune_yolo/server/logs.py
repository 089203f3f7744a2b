"""How a team server writes its log: lines of text, or of JSON for programs that collect them."""

import json
import logging
import sys
import time
from collections.abc import Mapping
from typing import Any

FIELDS_ATTRIBUTE = "fields"
"""Attribute of a log record that holds a mapping of facts beside its message: ``extra={"fields": {...}}``."""


def configure_logs(*, as_json: bool, level: str) -> None:
    """Send all log lines of this process to standard error.

    Lines of other packages are written from warnings on, so that none of them can tell what requests hold.

    Args:
        as_json: Whether a line is a JSON object.
        level: Name of the lowest level of our own lines that is written.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("neptune_yolo").setLevel(level.upper())


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, the record's fields, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        content: dict[str, Any] = {
            "time": _utc_time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            content["traceback"] = self.formatException(record.exc_info)
        return json.dumps(content, default=str)


class TextFormatter(logging.Formatter):
    """Time (UTC), level, message, and the record's fields as ``name=value``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        facts = "".join(f" {name}={_one_line(str(value))}" for name, value in _fields(record).items())
        line = f"{_utc_time(record)} {record.levelname:<7} {_one_line(record.getMessage())}{facts}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    fields = getattr(record, FIELDS_ATTRIBUTE, None)
    return fields if isinstance(fields, Mapping) else {}


def _utc_time(record: logging.LogRecord) -> str:
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{seconds}.{int(record.msecs):03d}Z"


def _one_line(text: str) -> str:
    """Return the text without line ends, so that nobody's input can look like a line of its own."""
    return text.replace("\r", "\\r").replace("\n", "\\n")
