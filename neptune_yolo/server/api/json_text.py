"""JSON text that any client may have written, as values that every database can keep."""

import json
import re
from typing import Any, NoReturn

import orjson

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Stands for what is no character; Python's clients can send halves of surrogate pairs, and NUL."""

_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def parse_json(body: bytes) -> Any:
    """Return JSON text as values; halves of surrogate pairs, which are no characters, are replaced.

    Raises:
        ValueError: If it is not JSON.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if not _HALF_PAIR.search(body):
            raise
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant)
        return orjson.loads(_SURROGATES.sub(REPLACEMENT, json.dumps(value, ensure_ascii=False)))
    except RecursionError as error:
        raise ValueError("values inside each other on too many levels") from error


def without_nul(value: Any) -> Any:
    """Return a JSON value whose texts have no NUL, which PostgreSQL cannot keep."""
    if isinstance(value, str):
        return value.replace("\x00", REPLACEMENT)
    if isinstance(value, dict):
        return {without_nul(key): without_nul(item) for key, item in value.items()}
    return [without_nul(item) for item in value] if isinstance(value, list) else value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
