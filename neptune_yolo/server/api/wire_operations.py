"""Operations as the client sends them, made into domain values."""

import base64
import binascii
import math
from collections.abc import Callable, Mapping
from typing import Any

from neptune_yolo.server.domain.attribute import ArtifactValue, AttributeType, Datetime
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
from neptune_yolo.server.exceptions import InvalidRequestError

MAX_INT = 2**63 - 1

_Body = dict[str, Any]
_Parser = Callable[[str, _Body], Operation]


class _Unfit(Exception):  # noqa: N818 - never leaves this module
    """A value that does not fit its operation; carries what was expected."""

    def __init__(self, expected: str, value: object) -> None:
        super().__init__(f"Expected {expected}, got {str(value)[:80]!r}")


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
        return Malformed("", f"Expected an operation with a 'path', got {str(item)[:80]!r}. It was not applied.")
    names = [name for name in item if name in _PARSERS]
    if len(names) != 1:
        known = ", ".join(sorted(_PARSERS))
        given = ", ".join(sorted(set(item) - {"path"})) or "nothing"
        return Malformed(path, f"Expected one of {known} for attribute {path!r}, got {given}. It was not applied.")
    body = item[names[0]]
    try:
        return _PARSERS[names[0]](path, body if isinstance(body, dict) else {})
    except _Unfit as unfit:
        return Malformed(path, f"{unfit} in {names[0]} for attribute {path!r}. It was not applied.")


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise _Unfit("a finite number", value)


def _whole(value: Any) -> int:
    number = _number(value)
    if number.is_integer() and abs(number) <= MAX_INT:
        return int(value)
    raise _Unfit("a whole number of at most 64 bits", value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    raise _Unfit("text", value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _Unfit("true or false", value)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_text(item) for item in value)
    raise _Unfit("an array of texts", value)


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
        unit=_optional(_text, body.get("unit")),
    )


def _assign_datetime(path: str, body: _Body) -> Operation:
    return AssignValue(path, AttributeType.DATETIME, Datetime(_whole(body.get("valueMilliseconds"))))


_PARSERS: Mapping[str, _Parser] = {
    "assignFloat": _assign(AttributeType.FLOAT, _number),
    "assignInt": _assign(AttributeType.INT, _whole),
    "assignBool": _assign(AttributeType.BOOL, _flag),
    "assignString": _assign(AttributeType.STRING, _text),
    "assignDatetime": _assign_datetime,
    "logFloats": lambda path, body: LogFloats(path, _points(body, _number)),
    "logStrings": lambda path, body: LogStrings(path, _points(body, _text)),
    "logImages": lambda path, body: LogImages(path, _points(body, _image)),
    "clearFloatSeries": lambda path, _: ClearSeries(path, AttributeType.FLOAT_SERIES),
    "clearStringSeries": lambda path, _: ClearSeries(path, AttributeType.STRING_SERIES),
    "clearImageSeries": lambda path, _: ClearSeries(path, AttributeType.IMAGE_SERIES),
    "configFloatSeries": _configure,
    "insertStrings": lambda path, body: InsertStrings(path, _texts(body.get("values"))),
    "removeStrings": lambda path, body: RemoveStrings(path, _texts(body.get("values"))),
    "clearStringSet": lambda path, _: ClearStringSet(path),
    "deleteFiles": lambda path, body: DeleteFiles(path, _texts(body.get("filePaths"))),
    "deleteAttribute": lambda path, _: DeleteAttribute(path),
    "assignArtifact": _assign_artifact,
    "clearArtifact": lambda path, _: AssignValue(path, AttributeType.ARTIFACT, ArtifactValue(None)),
}
