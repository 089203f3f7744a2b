"""Cells of a table, and a table as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from neptune_yolo.server.api.v1.values import Atom
from neptune_yolo.server.domain.attribute import (
    ArtifactValue,
    Attribute,
    AttributeType,
    Datetime,
    FileSetValue,
    FileValue,
    GitRefValue,
    ImageSeriesValue,
    SeriesValue,
    StringSetValue,
)
from neptune_yolo.server.nql.syntax import Aggregate

CUT_AT = 500
"""Characters of a text in a cell."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With what a text begins that a spreadsheet would run."""


def cell(attribute: Attribute | None, aggregate: Aggregate) -> Atom:
    """Return what stands in a cell; None where the run lacks the attribute, or has no such figure.

    Args:
        attribute: With its value; None where there is none.
        aggregate: Of a float series.
    """
    value = None if attribute is None else attribute.value
    match value:
        case Datetime():
            return value.milliseconds
        case StringSetValue():
            return list(value.values)
        case SeriesValue():
            return _cut(_figure(value, aggregate))
        case ArtifactValue():
            return value.hash
        case GitRefValue():
            return _commit_id(value)
        case FileValue() | FileSetValue():
            return value.size_bytes
        case ImageSeriesValue():
            return value.point_count
        case _:
            return _cut(value)


def csv_lines(
    header: Sequence[str], kinds: Sequence[AttributeType | None], rows: Iterable[Sequence[Atom]]
) -> Iterable[bytes]:
    """Yield a table as CSV in UTF-8: moments as ISO 8601 (UTC), sets joined by commas, texts never run as formulas.

    Args:
        header: Names of the columns.
        kinds: Types of the columns; only moments matter.
        rows: Values of each row.
    """
    yield _csv_line([_plain(name, None) for name in header])
    for row in rows:
        yield _csv_line([_plain(value, kind) for value, kind in zip(row, kinds, strict=True)])


def _plain(value: Atom, kind: AttributeType | None) -> object:
    if isinstance(value, list):
        value = ", ".join(value)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if kind is AttributeType.DATETIME and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds")
    return "" if value is None else value


def _csv_line(values: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue().encode(errors="replace")


def _cut(value: Atom) -> Atom:
    return f"{value[:CUT_AT]}…" if isinstance(value, str) and len(value) > CUT_AT else value


def _figure(value: SeriesValue, aggregate: Aggregate) -> float | str | None:
    known = value.statistics
    if aggregate is Aggregate.LAST or known is None:
        return value.last
    figures = {
        Aggregate.MIN: known.minimum,
        Aggregate.MAX: known.maximum,
        Aggregate.AVERAGE: known.mean,
        Aggregate.VARIANCE: known.variance,
    }
    return figures[aggregate]


def _commit_id(value: GitRefValue) -> str | None:
    commit = value.details.get("commit")
    found = commit.get("commitId") if isinstance(commit, dict) else None
    return found if isinstance(found, str) else None
