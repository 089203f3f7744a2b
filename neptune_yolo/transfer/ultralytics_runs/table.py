"""The table of epochs that a training leaves: ``results.csv``, or the ``results.txt`` of older versions."""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from neptune_yolo.transfer.ultralytics_runs.columns import EPOCH, NOT_LOGGED, TEXT_COLUMNS, TIME, column_path

_MOST_PROBLEMS = 5
_MOST_EPOCHS = 1_000_000
_MOST_COLUMNS = 1000
_LONGEST_LINE = 2**20


@dataclass(frozen=True)
class Epoch:
    """One line of the table.

    Args:
        step: Number of the epoch, from 1.
        seconds: Seconds from the beginning of the training to the end of this epoch; None if the table has no times.
        values: Attribute path -> value; only those that are finite.
    """

    step: int
    seconds: float | None
    values: Mapping[str, float]


@dataclass
class EpochTable:
    """What a training has left about its epochs.

    Attributes:
        epochs: One for each, in their order.
        problems: What could not be read.
        non_finite: Number of values that no series can hold.
        first_line: The first epoch's line as it stands in the file; empty if there is none.
    """

    epochs: list[Epoch] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    non_finite: int = 0
    first_line: str = ""

    @property
    def last_step(self) -> int:
        """Step of the last epoch; 0 without epochs."""
        return self.epochs[-1].step if self.epochs else 0

    @property
    def seconds(self) -> float | None:
        """Seconds that all epochs took; None if the table has no times."""
        return self.epochs[-1].seconds if self.epochs else None


def read_table(file: Path | None) -> EpochTable:
    """Return the table of epochs; a line that cannot be read is told, and left out.

    Args:
        file: results.csv or results.txt; None if there is neither.
    """
    table = EpochTable()
    if file is None:
        table.problems.append("there is no results.csv: no epoch was completed")
        return table
    reader = _Reader(table)
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            lines = _lines(stream, file.name)
            for number, fields in lines if file.suffix != ".txt" else _text_lines(lines):
                reader.add(number, fields)
    except (OSError, csv.Error, ValueError) as error:
        table.problems.append(f"{file.name} cannot be read to its end ({error})")
    reader.finish(file.name)
    return table


def _lines(stream: Iterator[str], name: str) -> Iterator[tuple[int, list[str]]]:
    """Give number and fields of each line that holds something."""
    for number, line in enumerate(stream, 1):
        if len(line) > _LONGEST_LINE:
            raise ValueError(f"line {number} of {name} has more than {_LONGEST_LINE} characters")
        if text := line.strip().strip("\0"):
            yield number, [text] if name.endswith(".txt") else [part.strip() for part in next(csv.reader([text]))]


def _text_lines(lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Give the lines of results.txt as if they stood in results.csv; an epoch reads ``0/299``."""
    yield 0, list(TEXT_COLUMNS)
    for number, (text,) in lines:
        epoch, *values = text.split()
        yield number, [epoch.split("/")[0], *values]


class _Reader:
    """Adds line after line to a table."""

    def __init__(self, table: EpochTable) -> None:
        self._table = table
        self._columns: list[str] | None = None
        self._offset: int | None = None
        self._seen: set[int] = set()
        self._before = 0.0  # seconds of the parts of the training before it was resumed
        self._last_time = 0.0
        self._bad: list[str] = []
        self._again = 0

    def add(self, number: int, fields: Sequence[str]) -> None:
        """Add one line."""
        if self._columns is None:
            self._columns = list(fields[:_MOST_COLUMNS])
            return
        if list(fields) == self._columns or len(self._seen) >= _MOST_EPOCHS:
            return  # the header once more, after a training was resumed
        if len(fields) != len(self._columns):
            self._bad.append(f"line {number} has {len(fields)} of {len(self._columns)} values")
            return
        row = dict(zip(self._columns, fields, strict=True))
        try:
            epoch = int(float(row.get(EPOCH, len(self._seen))))
        except (ValueError, OverflowError):
            self._bad.append(f"line {number} has no epoch")
            return
        self._add_epoch(number, epoch, row, ",".join(fields))

    def finish(self, name: str) -> None:
        """Sum up what was wrong."""
        problems = self._table.problems
        problems += [f"{name}: {problem}" for problem in self._bad[:_MOST_PROBLEMS]]
        if len(self._bad) > _MOST_PROBLEMS:
            problems.append(f"{name}: {len(self._bad) - _MOST_PROBLEMS} further lines cannot be read")
        if self._again:
            problems.append(f"{name}: {self._again} epochs come again after a restart; the first of each is kept")
        if self._table.non_finite:
            problems.append(f"{name}: {self._table.non_finite} values are nan or inf, which no series can hold")
        if not self._table.epochs:
            problems.append(f"{name} holds no epoch")

    def _add_epoch(self, number: int, epoch: int, row: Mapping[str, str], line: str) -> None:
        if self._offset is None:
            self._offset = 1 if epoch == 0 else 0  # YOLOv5 and the first versions of YOLOv8 count from 0
            self._table.first_line = line
        step = epoch + self._offset
        seconds = self._seconds(row.get(TIME))
        if step in self._seen or step < 1:
            self._again += 1
            return
        if self._seen and step < self._table.last_step:
            self._bad.append(f"line {number} has epoch {epoch}, which is out of order")
            return
        self._seen.add(step)
        values = {}
        for name, text in row.items():
            if name in NOT_LOGGED or not name or (value := self._number(number, name, text)) is None:
                continue
            values[column_path(name)] = value
        self._table.epochs.append(Epoch(step, seconds, values))

    def _number(self, line: int, name: str, text: str) -> float | None:
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            self._bad.append(f"line {line} has {text[:20]!r} for {name}")
            return None
        if not math.isfinite(value):
            self._table.non_finite += 1
            return None
        return value

    def _seconds(self, text: str | None) -> float | None:
        """Return the time of a line since the beginning; it begins anew where a training was resumed."""
        try:
            value = float(text or "nan")
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < 0:
            return None
        if value < self._last_time:
            self._before += self._last_time
        self._last_time = value
        return self._before + value


def without_repeated_validations(table: EpochTable) -> EpochTable:
    """Return a table without the validation's values at epochs that had none.

    Ultralytics repeats those of the last validation there, or writes zeros before the first one. To be used only where
    the arguments say that not every epoch was validated.

    Args:
        table: The table.
    """
    former: dict[str, float] = {}
    epochs = []
    for epoch in table.epochs:
        validation = {path: value for path, value in epoch.values.items() if path.startswith(("metrics/", "val/"))}
        if validation == former or not any(validation.values()):
            values = {path: value for path, value in epoch.values.items() if path not in validation}
            epoch = Epoch(epoch.step, epoch.seconds, values)  # noqa: PLW2901 - the same without what was not measured
        else:
            former = validation
        epochs.append(epoch)
    return EpochTable(epochs, table.problems, table.non_finite, table.first_line)
