"""Frames of polars."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from neptune_yolo.read.points import Points

_DTYPES: Mapping[str, Any] = {
    "float": pl.Float64,
    "int": pl.Int64,
    "bool": pl.Boolean,
    "moment": pl.Datetime("ms", "UTC"),
    "list": pl.List(pl.String),
    "text": pl.String,
    "mixed": pl.String,
}


def frame_of_columns(columns: Mapping[str, tuple[str, list[Any]]]) -> pl.DataFrame:
    """Return columns as a frame; columns of several kinds become texts.

    Args:
        columns: Kind and values by name of the column.
    """
    return pl.DataFrame([_column(name, kind, cells) for name, (kind, cells) in columns.items()])


def _column(name: str, kind: str, cells: list[Any]) -> pl.Series:
    if kind == "mixed":
        cells = [None if cell is None else str(cell) for cell in cells]
    if kind == "moment":
        return pl.Series(name, cells, dtype=pl.Int64).cast(_DTYPES[kind])
    return pl.Series(name, cells, dtype=_DTYPES[kind], strict=False)


def frame_of_points(points: "Points", *, wide: bool) -> pl.DataFrame:
    """Return points of series as a frame, or with a column for each path."""
    labels = [
        pl.Series(name, known, dtype=pl.String).gather(pl.Series(codes, dtype=pl.Int32))
        for name, (known, codes) in (("run", points.runs), ("path", points.paths))
    ]
    time = pl.Series("time", points.times, dtype=pl.Datetime("ms")).dt.replace_time_zone("UTC")
    frame = pl.DataFrame([*labels, pl.Series("step", points.steps), time, pl.Series("value", points.numbers)])
    if not wide:
        return frame
    order = {run: number for number, run in enumerate(points.runs[0])}
    table = frame.pivot(on="path", index=["run", "step"], values="value")
    return table.sort(pl.col("run").replace_strict(order, default=None, return_dtype=pl.Int32), "step")
