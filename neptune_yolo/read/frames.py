"""Tables of columns as frames of pandas or polars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from neptune_yolo.read.exceptions import PackageMissingError, RequestRefusedError
from neptune_yolo.read.points import join_points
from neptune_yolo.read.series_wire import SeriesPoints

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Library = Literal["pandas", "polars"]

_NUMBERS = ("float", "int")
_KINDS: Mapping[str | None, str] = {
    "float": "float",
    "floatSeries": "float",
    "int": "int",
    "file": "int",
    "fileSet": "int",
    "imageSeries": "int",
    "bool": "bool",
    "datetime": "moment",
    "stringSet": "list",
}
"""Type of an attribute to kind of a column; texts are those that are not here."""


@dataclass
class ColumnValues:
    """Values of a column.

    Attributes:
        types: Types of the attribute in the rows, as far as they are known.
        cells: One of each row; None where it is missing, moments as milliseconds since 1970 (UTC).
    """

    types: set[str] = field(default_factory=set)
    cells: list[Any] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What the column holds: ``float``, ``int``, ``bool``, ``moment``, ``list``, ``text``, or ``mixed``."""
        kinds = {_KINDS.get(one, "text") for one in self.types}
        if kinds == {"int"} and any(isinstance(value, float) for value in self.cells):
            return "float"  # the type is that of the first rows only
        if len(kinds) <= 1:
            kind = next(iter(kinds), "text")
            return kind if self._fits(kind) else "mixed"
        return "float" if kinds <= set(_NUMBERS) else "mixed"

    def _fits(self, kind: str) -> bool:
        expected: dict[str, type | tuple[type, ...]] = {
            "float": (int, float),
            "int": int,
            "bool": bool,
            "moment": int,
            "list": list,
            "text": str,
        }
        return all(
            isinstance(value, expected[kind]) and (kind == "bool" or not isinstance(value, bool))
            for value in self.cells
            if value is not None
        )


def require_library(library: str) -> None:
    """Check that a library for frames is there.

    Raises:
        RequestRefusedError: If it is neither pandas nor polars.
        PackageMissingError: If it is not installed.
    """
    from importlib.util import find_spec

    if library not in ("pandas", "polars"):
        raise RequestRefusedError(f"Expected frame='pandas' or frame='polars', got {library!r}. Choose one of them.")
    if find_spec(library) is None:
        raise PackageMissingError(library, "polars" if library == "polars" else "pandas")


def make_frame(columns: Mapping[str, ColumnValues], library: Library) -> "pd.DataFrame | pl.DataFrame":
    """Return columns as a frame: moments in UTC, whole numbers and truth values with gaps.

    Args:
        columns: Values by name of the column.
        library: ``pandas`` or ``polars``.
    """
    plain = {name: (column.kind, column.cells) for name, column in columns.items()}
    if library == "polars":
        from neptune_yolo.read.polars_frames import frame_of_columns as of_polars

        return of_polars(plain)
    from neptune_yolo.read.pandas_frames import frame_of_columns as of_pandas

    return of_pandas(plain)


def make_series_frame(pieces: Sequence[SeriesPoints], library: Library, *, wide: bool) -> "pd.DataFrame | pl.DataFrame":
    """Return pieces of series as a frame with the columns ``run``, ``path``, ``step``, ``time`` and ``value``.

    Args:
        pieces: Pieces of series.
        library: ``pandas`` or ``polars``.
        wide: One column for each path instead, and a row for each run and step.
    """
    points = join_points(pieces)
    if library == "polars":
        from neptune_yolo.read.polars_frames import frame_of_points as of_polars

        return of_polars(points, wide=wide)
    from neptune_yolo.read.pandas_frames import frame_of_points as of_pandas

    return of_pandas(points, wide=wide)
