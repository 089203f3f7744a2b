"""Frames of pandas."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from neptune_yolo.read.points import Points

_DTYPES: Mapping[str, Any] = {
    "float": "float64",
    "int": "Int64",
    "bool": "boolean",
    "text": "str",
    "list": "object",
    "mixed": "object",
}


def frame_of_columns(columns: Mapping[str, tuple[str, list[Any]]]) -> pd.DataFrame:
    """Return columns as a frame.

    Args:
        columns: Kind and values by name of the column.
    """
    made = {name: _column(kind, cells) for name, (kind, cells) in columns.items()}
    return pd.DataFrame(made, columns=pd.Index(list(made), dtype="str"))


def _column(kind: str, cells: list[Any]) -> Any:
    if kind == "moment":
        return pd.to_datetime(pd.Series(cells, dtype="Int64"), unit="ms", utc=True).astype("datetime64[ms, UTC]")
    return pd.Series(cells, dtype=_DTYPES[kind])


def frame_of_points(points: "Points", *, wide: bool) -> pd.DataFrame:
    """Return points of series as a frame, or with a column for each path."""
    labels = {
        name: pd.Categorical.from_codes(codes, categories=pd.Index(known, dtype="str"))
        for name, (known, codes) in (("run", points.runs), ("path", points.paths))
    }
    frame = pd.DataFrame(
        {
            **labels,
            "step": points.steps,
            "time": pd.Series(points.times).dt.tz_localize("UTC"),
            "value": points.numbers,
        }
    )
    if not wide:
        return frame
    table = frame.pivot_table(values="value", index=["run", "step"], columns="path", aggfunc="first", observed=True)
    table.columns = pd.Index(list(table.columns), dtype="str")
    return table.reset_index()
