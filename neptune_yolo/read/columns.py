"""Columns that are named by patterns, and figures of series."""

import re
from collections.abc import Iterable, Sequence

from neptune_yolo.read.api import MAX_NAMES, ReadApi
from neptune_yolo.read.exceptions import RequestRefusedError
from neptune_yolo.read.searches import Column, Figure, Kind

ALL = "**"
"""The pattern of all paths."""

TABLE_TYPES = frozenset(
    {"float", "int", "bool", "string", "datetime", "stringSet", "floatSeries", "experimentState", "artifact", "gitRef"}
)
"""Types of attributes that a pattern finds for tables: those whose present value says something in a cell."""

_FIGURES: dict[str, Figure] = {
    "last": "last",
    "min": "min",
    "max": "max",
    "average": "average",
    "mean": "average",
    "variance": "variance",
}
_FIGURE = re.compile(rf"({'|'.join(_FIGURES)})\((.+)\)")
_WILD = re.compile(r"\*\*|\*|\?")


def parse_column(text: str) -> Column:
    """Return the column that a text names: ``path``, or ``max(path)`` with a figure of a series of numbers.

    Figures are ``last``, ``min``, ``max``, ``average`` (or ``mean``) and ``variance``.
    """
    found = _FIGURE.fullmatch(text)
    return Column(found[2], _FIGURES[found[1]]) if found else Column(text)


def column_name(column: Column) -> str:
    """Return what a column is called: its path, or ``max(path)``."""
    return column.path if column.figure == "last" else f"{column.figure}({column.path})"


def is_pattern(path: str) -> bool:
    """Return whether a path has signs that stand for others."""
    return "*" in path or "?" in path


def matches(pattern: str, path: str) -> bool:
    """Return whether a path fits a pattern: ``*`` is any text without a slash, ``**`` any text, ``?`` one sign."""
    signs = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = (signs.get(part) or re.escape(part) for part in _split(pattern))
    return re.fullmatch("".join(parts), path, re.DOTALL) is not None


def _split(pattern: str) -> Iterable[str]:
    position = 0
    for found in _WILD.finditer(pattern):
        yield pattern[position : found.start()]
        yield found[0]
        position = found.end()
    yield pattern[position:]


def expand_columns(
    api: ReadApi, project: str, columns: Sequence[str | Column] | None, kind: Kind = "run"
) -> list[Column]:
    """Return the columns that names and patterns stand for, each once.

    Args:
        api: Tells which attributes there are.
        project: ``workspace/name``.
        columns: Paths, patterns, or either with a figure; None for all attributes whose value fits into a cell.
        kind: Runs, models or versions of models.

    Raises:
        RequestRefusedError: If a pattern fits too many attributes.
    """
    found: dict[Column, None] = {}
    for given in (ALL,) if columns is None else columns:
        if isinstance(given, Column):
            found[given] = None
            continue
        column = parse_column(given)
        for path in _paths(api, project, column.path, TABLE_TYPES, kind):
            found[Column(path, column.figure)] = None
    return list(found)


def expand_paths(api: ReadApi, project: str, paths: Sequence[str], types: frozenset[str]) -> list[str]:
    """Return the paths that names and patterns stand for, each once; patterns find attributes of some types only.

    Args:
        api: Tells which attributes there are.
        project: ``workspace/name``.
        paths: Paths or patterns.
        types: Of attributes.

    Raises:
        RequestRefusedError: If a pattern fits too many attributes.
    """
    return list(dict.fromkeys(path for given in paths for path in _paths(api, project, given, types, "run")))


def _paths(api: ReadApi, project: str, pattern: str, types: frozenset[str], kind: Kind) -> list[str]:
    if not is_pattern(pattern):
        return [pattern]
    literal = max(_WILD.split(pattern), key=len)
    names = api.attribute_names(project, literal, kind=kind)
    if len(names) >= MAX_NAMES:
        raise RequestRefusedError(
            f"Expected a pattern that fits fewer than {MAX_NAMES} attributes, got {pattern!r}. "
            "Give a longer one, such as 'metrics/*'."
        )
    return [name.path for name in names if types.intersection(name.types) and matches(pattern, name.path)]
