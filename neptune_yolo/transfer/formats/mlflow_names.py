"""Keys and values as MLflow takes them."""

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

MAX_KEY_LENGTH = 250
MAX_PARAM_LENGTH = 6000
MAX_TAG_LENGTH = 8000
MAX_METRICS = 1000
MAX_PARAMS = 100
MAX_REQUEST_BYTES = 500_000
"""Of the texts of a request; MLflow takes a million of all."""

_UNFIT = re.compile(r"[^/\w.\- ]")
_PARENTHESES = re.compile(r"[()]")
_MARK_LENGTH = 8

T = TypeVar("T")


class Keys:
    """Gives each attribute path a key of its own.

    Letters, digits, ``_``, ``-``, ``.``, blanks and slashes stay, parentheses are left out. A path that is then no
    longer told from another one gets a mark at its end.

    Attributes:
        changed: Path and key of those that are not the same.
    """

    def __init__(self) -> None:
        self.changed: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def key(self, path: str) -> str:
        """Return the key of an attribute path, always the same."""
        found = self._fit(path)
        if self._taken.setdefault(found, path) != path:
            mark = hashlib.sha256(path.encode("utf-8", "replace")).hexdigest()[:_MARK_LENGTH]
            found = f"{found[: MAX_KEY_LENGTH - _MARK_LENGTH - 1]}-{mark}"
            self._taken[found] = path
        if found != path:
            self.changed[path] = found
        return found

    def _fit(self, path: str) -> str:
        plain = _UNFIT.sub("_", without_parentheses(path)).strip("/")
        parts = [part if part.strip(".") else "_" * max(1, len(part)) for part in posixpath.normpath(plain).split("/")]
        return "/".join(parts)[:MAX_KEY_LENGTH].rstrip("/") or "_"


def without_parentheses(path: str) -> str:
    """Return a path as the MLflow callback of Ultralytics makes a key of it: ``metrics/mAP50B``."""
    return _PARENTHESES.sub("", path)


def batches(pairs: Iterable[tuple[T, str]], most: int) -> Iterator[list[T]]:
    """Yield things in parts that fit into a request.

    Args:
        pairs: Each with its text.
        most: Things in a part.
    """
    part: list[T] = []
    size = 0
    for thing, text in pairs:
        length = len(json.dumps(text))
        if part and (len(part) >= most or size + length > MAX_REQUEST_BYTES):
            yield part
            part, size = [], 0
        part.append(thing)
        size += length
    if part:
        yield part
