"""What a page of a table is asked for with."""

from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.nql.meaning import Condition
from neptune_yolo.server.nql.syntax import Aggregate


@dataclass(frozen=True)
class Sorting:
    """The order of rows. Rows that lack the column come last; rows that are equal keep one order.

    Attributes:
        name: Path of the attribute.
        type: As what its values are compared; numbers come after texts if it is a text.
        aggregate: Of a float series.
        descending: Whether the highest come first.
    """

    name: str
    type: AttributeType
    aggregate: Aggregate
    descending: bool


@dataclass(frozen=True)
class Column:
    """A figure of a table.

    Attributes:
        path: Path of the attribute.
        aggregate: Of a float series.
    """

    path: str
    aggregate: Aggregate


@dataclass(frozen=True)
class Figures:
    """Of a column over the rows of a group; None where no row has a number there."""

    count: int
    minimum: float | None
    mean: float | None
    maximum: float | None


GroupKey = float | int | bool | str | None
"""What the rows of a group share; a moment is its milliseconds since 1970 (UTC), None says that they lack it."""


@dataclass(frozen=True)
class Group:
    """Rows that agree in some attributes.

    Attributes:
        keys: Their values, in the order asked for.
        types: Types of the values; None where the rows lack the attribute.
        count: Number of rows.
        figures: Of each column asked for.
    """

    keys: tuple[GroupKey, ...]
    types: tuple[AttributeType | None, ...]
    count: int
    figures: tuple[Figures, ...]


NEWEST_FIRST = Sorting("sys/creation_time", AttributeType.DATETIME, Aggregate.LAST, descending=True)


@dataclass(frozen=True)
class Table:
    """The rows of a table.

    Attributes:
        project_id: UUID text of the project.
        types: What its rows are; one or more.
        condition: What they have to satisfy; None lets all in.
        sorting: Their order.
        now_ms: The present moment, in milliseconds since 1970 (UTC).
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    project_id: ContainerId
    types: tuple[ContainerType, ...]
    condition: Condition | None
    sorting: Sorting
    now_ms: int
    idle_after_ms: int
