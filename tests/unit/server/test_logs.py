import json
import logging
import sys

from neptune_yolo.server.logs import JsonFormatter, TextFormatter


def _record(message: str, **fields: object) -> logging.LogRecord:
    record = logging.LogRecord("neptune_yolo.server", logging.WARNING, "file.py", 1, message, (), None)
    record.created, record.msecs = 1_700_000_000.25, 250.0
    record.fields = fields
    return record


def test_a_json_line_has_the_facts() -> None:
    line = JsonFormatter().format(_record("two\nlines", status=200, user="ann"))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2023-11-14T22:13:20.250Z",
        "level": "warning",
        "logger": "neptune_yolo.server",
        "message": "two\nlines",
        "status": 200,
        "user": "ann",
    }


def test_a_text_line_is_one_line() -> None:
    line = TextFormatter().format(_record("a\r\nb", status=200))
    assert line == "2023-11-14T22:13:20.250Z WARNING a\\r\\nb status=200"


def test_tracebacks_are_told() -> None:
    record = _record("failed")
    try:
        raise ValueError("the cause")  # noqa: TRY301 - for a traceback
    except ValueError:
        record.exc_info = sys.exc_info()
    assert "the cause" in json.loads(JsonFormatter().format(record))["traceback"]
    assert TextFormatter().format(record).splitlines()[-1] == "ValueError: the cause"
