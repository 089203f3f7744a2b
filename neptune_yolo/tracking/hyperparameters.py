"""Ultralytics' arguments as flat, typed attribute values, and back. Pure functions.

The round trip: booleans, integers within 32 bits, finite floats and texts come back as they were. None is stored as
empty text, as the former callback did, and comes back as None (so an empty text does too). Lists, tuples and
dictionaries are stored as JSON text and come back as lists and dictionaries. What Neptune cannot hold otherwise (larger
integers, ``nan``, ``inf``, paths, other objects) is stored as text and comes back as text.
"""

import json
import math
from collections.abc import Mapping

AtomValue = bool | int | float | str

_INTEGER_RANGE = range(-(2**31), 2**31)  # integer attributes have 32 bits


def typed_hyperparameters(arguments: Mapping[str, object]) -> dict[str, AtomValue]:
    """Return arguments as values that an attribute can hold, by the rules above.

    Args:
        arguments: Name -> value of any type.
    """
    return {str(name): typed_value(value) for name, value in arguments.items()}


def typed_value(value: object) -> AtomValue:
    """Return one value in the form that an attribute can hold, by the rules above."""
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value) if value in _INTEGER_RANGE else str(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)


def parse_hyperparameters(stored: Mapping[str, AtomValue]) -> dict[str, object]:
    """Return arguments read back from a run, by the rules above.

    Args:
        stored: What ``run["Configuration/Hyperparameters"].fetch()`` returns.
    """
    return {name: _parsed(value) for name, value in stored.items()}


def _parsed(value: AtomValue) -> object:
    if value == "":
        return None
    if isinstance(value, str) and value[0] in "[{":
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value


def changed(before: Mapping[str, AtomValue], now: Mapping[str, AtomValue]) -> dict[str, AtomValue]:
    """Return the values of `now` that are new, or differ from `before` in value or type."""
    missing = object()
    return {
        name: value
        for name, value in now.items()
        if (old := before.get(name, missing)) != value or type(old) is not type(value)
    }
