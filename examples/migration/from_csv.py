"""Log runs of any tracker as runs here, from two tables in CSV: the form that `neptune-yolo export csv` writes.

    python examples/migration/from_csv.py runs.csv series.csv --project local/from_csv

runs.csv has a row for each run: the column `run` with its name, and a column for each single value. series.csv has a
row for each point, with the columns `run`, `path`, `step`, `value` and, if known, `time` (ISO 8601); the rows of a run
follow each other, and so do those of a series, by step. Steps may lie between whole numbers. Each time, new runs are
made: delete those of an earlier try first.
"""

import argparse
import csv
import math
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

import neptune

from neptune_yolo import NeptuneSettings
from neptune_yolo.connection import Connection, open_connection

POINTS_AT_A_TIME = 1000
PROBLEMS_SHOWN = 10
FORMULA = re.compile(r"'+[=+\-@\t\r]")
"""Texts that a spreadsheet would run have an apostrophe before them."""


def plain(text: str) -> str:
    """Return a text without the apostrophe that keeps spreadsheets from running it."""
    return text[1:] if FORMULA.match(text) else text


def value_of(text: str) -> bool | float | str:
    """Return a value with its type; tables have texts only."""
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        return value if math.isfinite(value) and abs(value) < 2**63 else text
    return plain(text)


def rows(file: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table."""
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def problems(runs: Path, series: Path) -> Iterator[str]:
    """Yield what of the tables cannot be logged, and where it stands; the heads are row 1."""
    for file, needed in ((runs, ("run",)), (series, ("run", "path", "step"))):
        for at, row in enumerate(rows(file), 2):
            for column in needed:
                if not row.get(column):
                    yield f"{file}, row {at}, column {column}: expected a value, found none"
            if file == series:
                yield from (f"{file}, row {at}, {problem}" for problem in point_problems(row))


def point_problems(row: dict[str, str]) -> Iterator[str]:
    """Yield what of a point cannot be logged."""
    is_text = row.get("type") == "string" and row.get("value") is not None
    try:
        float(0 if is_text else row.get("value") or "")
    except ValueError:
        yield f"column value: expected a number, found {row.get('value')!r}"
    try:
        is_step = math.isfinite(float(row.get("step") or 0))
    except ValueError:
        is_step = False
    if not is_step:
        yield f"column step: expected a finite number, found {row['step']!r}"
    try:
        datetime.fromisoformat(row.get("time") or "2000-01-01")
    except ValueError:
        yield f"column time: expected a moment such as 2026-01-31T12:00:00Z, found {row['time']!r}"


def log_values(run: neptune.Run, row: dict[str, str]) -> None:
    """Log single values, not the last values of series; what the server keeps by itself goes below import/."""
    for column, text in row.items():
        path = plain(column)
        if text and path != "run":
            run[f"import/{path}" if path.startswith("sys/") else path] = value_of(text)


def log_series(run: neptune.Run, path: str, points: Iterator[dict[str, str]]) -> None:
    """Log a series of numbers or texts in parts."""
    while part := list(islice(points, POINTS_AT_A_TIME)):
        is_text = part[0].get("type") == "string"
        times = [datetime.fromisoformat(row["time"]).timestamp() for row in part if row.get("time")]
        run[path].extend(
            [plain(row["value"]) if is_text else float(row["value"]) for row in part],
            steps=[float(row["step"]) for row in part],
            timestamps=times if len(times) == len(part) else None,
        )


def log_run(connection: Connection, name: str, values: dict[str, str], points: Iterator[dict[str, str]]) -> str:
    """Log one run, and return its ID here."""
    run = neptune.init_run(
        project=connection.project,
        api_token=connection.api_token,
        name=name,
        source_files=[],
        git_ref=False,
        capture_hardware_metrics=False,
        capture_stdout=False,
        capture_stderr=False,
        capture_traceback=False,
    )
    series = set()
    for path, of_series in groupby(points, key=itemgetter("path")):
        log_series(run, plain(path), of_series)
        series.add(path)
    log_values(run, {column: text for column, text in values.items() if column not in series})
    run_id: str = run["sys/id"].fetch()
    run.stop()
    return run_id


def main() -> None:
    """Log every run of the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("series", type=Path)
    parser.add_argument("--project", default="local/from_csv")
    asked = parser.parse_args()
    wrong = list(islice(problems(asked.runs, asked.series), PROBLEMS_SHOWN))
    if wrong:
        raise SystemExit("\n".join([*wrong, "Nothing was logged. Correct the tables, and start again."]))
    connection = open_connection(NeptuneSettings(project=asked.project))
    values = {row["run"]: row for row in rows(asked.runs)}
    for name, points in groupby(rows(asked.series), key=itemgetter("run")):
        print(f"{name}: {log_run(connection, name, values.pop(name, {}), points)}")
    for name, row in values.items():
        print(f"{name}: {log_run(connection, name, row, iter(()))}")


if __name__ == "__main__":
    main()
