"""Which runs are searched for, and what of them is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["run", "model", "modelVersion"]
Figure = Literal["last", "min", "max", "average", "variance"]

MAX_COLUMNS = 200
"""Columns that the server gives at a time."""


@dataclass(frozen=True)
class Column:
    """A column of a table of runs.

    Attributes:
        path: Of the attribute.
        figure: Of a float series: its last value, or a statistic of all its points.
    """

    path: str
    figure: Figure = "last"

    def body(self) -> dict[str, object]:
        """Return it as the server reads it."""
        return {"path": self.path, "aggregate": self.figure}


@dataclass(frozen=True)
class RunSearch:
    """A search for runs.

    Attributes:
        nql: Query in Neptune's query language; nothing for all runs.
        words: Each occurs in identifier, name, tags or description.
        kind: Runs, models or versions of models.
        trashed: Whether those in the trash; None for both.
        columns: Up to 200; texts in cells are cut after 500 characters.
        sort: By which the rows are sorted; those without it come last.
        descending: Whether the highest come first.
    """

    nql: str = ""
    words: str = ""
    kind: Kind = "run"
    trashed: bool | None = False
    columns: tuple[Column, ...] = ()
    sort: Column = Column("sys/creation_time")
    descending: bool = True

    def with_columns(self, columns: Sequence[Column]) -> "RunSearch":
        """Return the same search for other columns."""
        return replace(self, columns=tuple(columns))

    def body(self) -> dict[str, object]:
        """Return it as the server reads it."""
        return {
            "nql": self.nql,
            "search": self.words,
            "type": self.kind,
            "trashed": self.trashed,
            "columns": [column.body() for column in self.columns],
            "sort": {**self.sort.body(), "descending": self.descending},
        }
