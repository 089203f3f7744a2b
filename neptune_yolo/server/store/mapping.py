"""Columns of an attribute row to its value, and back."""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, assert_never

import orjson
from sqlalchemy import Row, RowMapping

from neptune_yolo.server.domain.attribute import (
    ArtifactValue,
    Attribute,
    AttributeType,
    AttributeValue,
    Datetime,
    FileSetValue,
    FileValue,
    GitRefValue,
    ImageSeriesValue,
    SeriesValue,
    StringSetValue,
)
from neptune_yolo.server.domain.ids import ArtifactHash, Sha256
from neptune_yolo.server.domain.statistics import Statistics
from neptune_yolo.server.store.models import attributes

_c = attributes.c

_NAMES = ("pk", "path", "float_value", "last_step", "point_count", "minimum", "maximum", "mean", "squares")
_FLOAT_SERIES_COLUMNS = itemgetter(*(attributes.columns.keys().index(name) for name in _NAMES))


def to_attribute(row: RowMapping, strings: tuple[str, ...] = ()) -> Attribute:
    """Make an attribute of its row.

    Args:
        row: A row of ``attributes``.
        strings: The members, if it is a string set.
    """
    attribute_type = AttributeType(row[_c.type])
    if attribute_type is AttributeType.STRING_SET:
        value: AttributeValue | None = StringSetValue(strings)
    else:
        value = _READERS[attribute_type](row)
    return Attribute(pk=row[_c.pk], path=row[_c.path], type=attribute_type, value=value)


def to_float_series(row: Row[Any]) -> Attribute:
    """Make an attribute of the row of a float series; many of them are read for each batch of points."""
    pk, path, last, last_step, count, minimum, maximum, mean, squares = _FLOAT_SERIES_COLUMNS(row)
    statistics = Statistics(count, minimum, maximum, mean, squares) if count else None
    return Attribute(pk, path, AttributeType.FLOAT_SERIES, SeriesValue(last, last_step, count, statistics))


def to_columns(value: AttributeValue) -> dict[str, Any]:
    """Return the columns that hold a value; members of string sets and points are kept elsewhere."""
    match value:
        case bool() | int():
            return {"int_value": int(value)}
        case float():
            return {"float_value": value}
        case str():
            return {"string_value": value}
        case Datetime():
            return {"int_value": value.milliseconds}
        case FileValue():
            return {"int_value": value.size_bytes, "string_value": value.sha256, "extension": value.extension}
        case FileSetValue():
            return {"int_value": value.size_bytes}
        case GitRefValue():
            return {"string_value": orjson.dumps(value.details).decode()}
        case ArtifactValue():
            return {"string_value": value.hash}
        case StringSetValue() | SeriesValue() | ImageSeriesValue():
            return {}
        case _:
            assert_never(value)


def _read_file(row: RowMapping) -> FileValue | None:
    if row[_c.string_value] is None:
        return None
    return FileValue(row[_c.extension] or "", row[_c.int_value], Sha256(row[_c.string_value]))


def _read_datetime(row: RowMapping) -> Datetime | None:
    return None if row[_c.int_value] is None else Datetime(row[_c.int_value])


def _read_git_ref(row: RowMapping) -> GitRefValue:
    return GitRefValue(orjson.loads(row[_c.string_value] or "{}"))


def _read_artifact(row: RowMapping) -> ArtifactValue:
    return ArtifactValue(None if row[_c.string_value] is None else ArtifactHash(row[_c.string_value]))


def _read_series(row: RowMapping) -> SeriesValue:
    count = row[_c.point_count]
    if row[_c.type] != AttributeType.FLOAT_SERIES.value:
        return SeriesValue(row[_c.string_value], row[_c.last_step], count)
    figures = (row[_c.minimum], row[_c.maximum], row[_c.mean], row[_c.squares])
    return SeriesValue(row[_c.float_value], row[_c.last_step], count, Statistics(count, *figures) if count else None)


_READERS: Mapping[AttributeType, Callable[[RowMapping], AttributeValue | None]] = {
    AttributeType.FLOAT: lambda row: row[_c.float_value],
    AttributeType.INT: lambda row: row[_c.int_value],
    AttributeType.BOOL: lambda row: bool(row[_c.int_value]),
    AttributeType.STRING: lambda row: row[_c.string_value],
    AttributeType.STATE: lambda row: row[_c.string_value],
    AttributeType.DATETIME: _read_datetime,
    AttributeType.FILE: _read_file,
    AttributeType.FILE_SET: lambda row: FileSetValue(row[_c.int_value] or 0),
    AttributeType.FLOAT_SERIES: _read_series,
    AttributeType.STRING_SERIES: _read_series,
    AttributeType.IMAGE_SERIES: lambda row: ImageSeriesValue(row[_c.last_step], row[_c.point_count]),
    AttributeType.GIT_REF: _read_git_ref,
    AttributeType.ARTIFACT: _read_artifact,
}
