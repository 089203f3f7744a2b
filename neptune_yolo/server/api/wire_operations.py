"""Operations as the client sends them, made into domain values."""

import base64
import binascii
import math
from collections.abc import Callable, Mapping
from itertools import islice
from operator import itemgetter
from typing import Any

from neptune_yolo.server.api.json_text import REPLACEMENT
from neptune_yolo.server.domain.attribute import (
    MAX_INDEXED_BYTES,
    ArtifactValue,
    AttributeType,
    Datetime,
    fits_index,
)
from neptune_yolo.server.domain.files import normalize_sub_path
from neptune_yolo.server.domain.ids import ArtifactHash
from neptune_yolo.server.domain.images import ImageUpload
from neptune_yolo.server.domain.operation import (
    AssignValue,
    ClearSeries,
    ClearStringSet,
    ConfigureFloatSeries,
    DeleteAttribute,
    DeleteFiles,
    InsertStrings,
    LogFloats,
    LogImages,
    LogStrings,
    Malformed,
    Operation,
    RemoveStrings,
)
from neptune_yolo.server.domain.showing import shown
from neptune_yolo.server.exceptions import InvalidRequestError

MAX_INT = 2**63 - 1
MAX_UNIT_LENGTH = 255
SHOWN_NAMES = 10
FIRST_MOMENT_MS = -62_135_596_800_000
LAST_MOMENT_MS = 253_402_300_799_999
"""From the year 1 to the year 9999, as dates are written and read; in milliseconds since 1970."""

_ENTRY = itemgetter("step", "timestampMilliseconds", "value")

_Body = dict[str, Any]
_Parser = Callable[[str, _Body], Operation]


class _Unfit(Exception):  # noqa: N818 - never leaves this module
    """A value that does not fit its operation; carries what was expected."""

    def __init__(self, expected: str, value: object) -> None:
        super().__init__(f"Expected {expected}, got {shown(value)!r}")


def parse_operations(body: Any) -> list[Operation]:
    """Return the operations of a request.

    What cannot be understood becomes ``Malformed``, so that the rest of the batch is applied.

    Raises:
        InvalidRequestError: If the body is not an array.
    """
    if not isinstance(body, list):
        raise InvalidRequestError(
            f"Expected a JSON array of operations, got {type(body).__name__}. Send an array, empty if need be."
        )
    return [_parse(item) for item in body]


def _parse(item: Any) -> Operation:
    path = item.get("path") if isinstance(item, dict) else None
    if not isinstance(path, str):
        return Malformed("", f"Expected an operation with a 'path', got {shown(item)!r}. It was not applied.")
    names = [name for name in item if name in _PARSERS]
    if len(names) != 1:
        known = ", ".join(sorted(_PARSERS))
        given = ", ".join(sorted(shown(name) for name in islice(item, SHOWN_NAMES) if name != "path")) or "nothing"
        reason = f"Expected one of {known} for attribute {shown(path)!r}, got {given}. It was not applied."
        return Malformed(shown(path), reason)
    body = item[names[0]]
    try:
        return _PARSERS[names[0]](path, body if isinstance(body, dict) else {})
    except _Unfit as unfit:
        reason = f"{unfit} in {names[0]} for attribute {shown(path)!r}. It was not applied."
        return Malformed(shown(path), reason)


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise _Unfit("a finite number", value)


def _whole(value: Any) -> int:
    if _number(value).is_integer() and abs(int(value)) <= MAX_INT:
        return int(value)
    raise _Unfit("a whole number of at most 64 bits", value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\x00", REPLACEMENT)
    raise _Unfit("text", value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _Unfit("true or false", value)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_text(item) for item in value)
    raise _Unfit("an array of texts", value)


def _tags(value: Any) -> tuple[str, ...]:
    texts = _texts(value)
    if all(map(fits_index, texts)):
        return texts
    raise _Unfit(f"texts of at most {MAX_INDEXED_BYTES} bytes", next(text for text in texts if not fits_index(text)))


def _unit(value: Any) -> str:
    text = _text(value)
    if len(text) <= MAX_UNIT_LENGTH:
        return text
    raise _Unfit(f"a unit of at most {MAX_UNIT_LENGTH} characters", text)


def _optional(parse: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else parse(value)


def _points(body: _Body, parse_value: Callable[[Any], Any]) -> list[tuple[float | None, int, Any]]:
    entries = body.get("entries")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _Unfit("'entries' as an array of points", entries)
    return [
        (
            _optional(_number, entry.get("step")),
            _whole(entry.get("timestampMilliseconds")),
            parse_value(entry.get("value")),
        )
        for entry in entries
    ]


def _float_points(body: _Body) -> list[tuple[float | None, int, float]]:
    """Return points of a float series; the usual ones without a look at each of them."""
    entries = body.get("entries")
    if isinstance(entries, list) and entries:
        try:
            points: list[tuple[Any, Any, Any]] = list(map(_ENTRY, entries))
        except (KeyError, TypeError, IndexError):
            return _points(body, _number)
        steps, timestamps_ms, values = zip(*points, strict=True)
        if set(map(type, steps)) == {int}:  # a program that counts epochs
            steps = tuple(map(float, steps))
            points = list(zip(steps, timestamps_ms, values, strict=True))
        if _are_plain(steps, timestamps_ms, values):
            return points
    return _points(body, _number)


def _are_plain(steps: tuple[Any, ...], timestamps_ms: tuple[Any, ...], values: tuple[Any, ...]) -> bool:
    """Return whether all steps and values are finite floats, or no steps, and all timestamps whole numbers."""
    if set(map(type, values)) != {float} or set(map(type, timestamps_ms)) != {int}:
        return False
    step_types = set(map(type, steps))
    steps_fit = all(map(math.isfinite, steps)) if step_types == {float} else step_types == {type(None)}
    in_range = min(timestamps_ms) >= -MAX_INT and max(timestamps_ms) <= MAX_INT
    return steps_fit and in_range and all(map(math.isfinite, values))


def _sub_paths(value: Any) -> tuple[str, ...]:
    try:
        return tuple(normalize_sub_path(item) for item in _texts(value))
    except InvalidRequestError as error:
        raise _Unfit("paths inside the file set", value) from error


def _image(value: Any) -> ImageUpload:
    if not isinstance(value, dict) or not isinstance(value.get("data"), str):
        raise _Unfit("a picture with 'data'", value)
    try:
        data = base64.b64decode(value["data"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise _Unfit("'data' in base64", value["data"]) from error
    return ImageUpload.of(
        data, name=_optional(_text, value.get("name")), description=_optional(_text, value.get("description"))
    )


def _assign_artifact(path: str, body: _Body) -> Operation:
    return AssignValue(path, AttributeType.ARTIFACT, ArtifactValue(ArtifactHash(_text(body.get("hash")))))


def _assign(attribute_type: AttributeType, parse_value: Callable[[Any], Any]) -> _Parser:
    return lambda path, body: AssignValue(path, attribute_type, parse_value(body.get("value")))


def _configure(path: str, body: _Body) -> Operation:
    return ConfigureFloatSeries(
        path,
        minimum=_optional(_number, body.get("min")),
        maximum=_optional(_number, body.get("max")),
        unit=_optional(_unit, body.get("unit")),
    )


def _assign_datetime(path: str, body: _Body) -> Operation:
    milliseconds = _whole(body.get("valueMilliseconds"))
    if not FIRST_MOMENT_MS <= milliseconds <= LAST_MOMENT_MS:
        raise _Unfit("a moment of the years 1 to 9999 in milliseconds", milliseconds)
    return AssignValue(path, AttributeType.DATETIME, Datetime(milliseconds))


_PARSERS: Mapping[str, _Parser] = {
    "assignFloat": _assign(AttributeType.FLOAT, _number),
    "assignInt": _assign(AttributeType.INT, _whole),
    "assignBool": _assign(AttributeType.BOOL, _flag),
    "assignString": _assign(AttributeType.STRING, _text),
    "assignDatetime": _assign_datetime,
    "logFloats": lambda path, body: LogFloats(path, _float_points(body)),
    "logStrings": lambda path, body: LogStrings(path, _points(body, _text)),
    "logImages": lambda path, body: LogImages(path, _points(body, _image)),
    "clearFloatSeries": lambda path, _: ClearSeries(path, AttributeType.FLOAT_SERIES),
    "clearStringSeries": lambda path, _: ClearSeries(path, AttributeType.STRING_SERIES),
    "clearImageSeries": lambda path, _: ClearSeries(path, AttributeType.IMAGE_SERIES),
    "configFloatSeries": _configure,
    "insertStrings": lambda path, body: InsertStrings(path, _tags(body.get("values"))),
    "removeStrings": lambda path, body: RemoveStrings(path, _texts(body.get("values"))),
    "clearStringSet": lambda path, _: ClearStringSet(path),
    "deleteFiles": lambda path, body: DeleteFiles(path, _sub_paths(body.get("filePaths"))),
    "deleteAttribute": lambda path, _: DeleteAttribute(path),
    "assignArtifact": _assign_artifact,
    "clearArtifact": lambda path, _: AssignValue(path, AttributeType.ARTIFACT, ArtifactValue(None)),
}
