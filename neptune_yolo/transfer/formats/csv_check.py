"""Reads the table of points again that an export as CSV has written."""

import csv
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

import numpy as np

from neptune_yolo.transfer.formats.formulas import original
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

TYPES = ("float", "string")
"""What stands in the column ``type`` of the table of points."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROWS_AT_A_TIME = 50_000
_MILLISECOND = timedelta(milliseconds=1)


def read_series(table: Path, start: int) -> Expected:
    """Return the points of a table from a position on.

    Args:
        table: The file.
        start: Position that `IO.tell` gave.

    Raises:
        OSError: If it cannot be read.
        ValueError: If a row has another form.
    """
    found = Expected()
    with table.open(encoding="utf-8", newline="") as file:
        file.seek(start)
        rows = csv.reader(file)
        while piece := list(islice(rows, _ROWS_AT_A_TIME)):
            for (path, kind), of_series in groupby(piece, key=itemgetter(1, 2)):
                _take(found, original(path), kind, list(of_series))
    return found


def _take(found: Expected, path: str, kind: str, rows: list[list[str]]) -> None:
    moments = [(datetime.fromisoformat(row[4]) - _EPOCH) // _MILLISECOND for row in rows]
    steps = [float(row[3]) for row in rows]
    if kind == TYPES[0]:
        series = found.floats.setdefault(path, ExpectedFloats())
        series.add(np.array(steps), np.array(moments, dtype=np.int64), np.array([float(row[5]) for row in rows]))
    else:
        texts = found.texts.setdefault(path, ExpectedTexts())
        texts.add(zip(steps, moments, (original(row[5]) for row in rows), strict=True))
