"""Forms of the table of runs."""

from typing import Annotated, Literal

import msgspec

from neptune_yolo.server.api.v1.operation import Record
from neptune_yolo.server.api.v1.values import Atom, Path, RunHead, Text

MAX_LIMIT = 1000
"""Rows of a page."""

MAX_COLUMNS = 200
"""Columns of a page."""

Figure = Literal["last", "min", "max", "average", "variance"]
Key = float | int | bool | str | None


class ColumnChoice(Record, frozen=True, kw_only=True):
    """A column: the path of an attribute and, of a float series, which figure."""

    path: Path
    aggregate: Figure = "last"


class SortOrder(Record, frozen=True, kw_only=True):
    """The order of rows; those that lack the attribute come last."""

    path: Path = "sys/creation_time"
    aggregate: Figure = "last"
    descending: bool = True


class KeyOfGroup(Record, frozen=True, kw_only=True):
    """An attribute and its value in a group; null says that the runs lack it."""

    path: Path
    value: Key


class RunFilter(Record, frozen=True, kw_only=True):
    """Which runs: ``nql`` is a query, and each word of ``search`` occurs in identifier, name, tags or description.

    ``trashed`` null stands for both, ``within`` names the group that they belong to.
    """

    nql: Annotated[str, msgspec.Meta(max_length=256 * 1024)] = ""
    search: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    type: Literal["run", "model", "modelVersion"] = "run"
    trashed: bool | None = False
    within: Annotated[list[KeyOfGroup], msgspec.Meta(max_length=10)] = msgspec.field(default_factory=list)


class RunSearch(RunFilter, frozen=True, kw_only=True):
    """A page of runs that is asked for."""

    columns: Annotated[list[ColumnChoice], msgspec.Meta(max_length=MAX_COLUMNS)] = msgspec.field(default_factory=list)
    sort: SortOrder = SortOrder()
    offset: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)] = 100


class RunRow(Record, frozen=True, kw_only=True):
    """A run, with the values of the columns in the order asked for; null where it lacks one.

    A moment is its milliseconds since 1970 (UTC), a file its size in bytes, a commit its hash.
    """

    run: RunHead
    cells: list[Atom]


class RunPage(Record, frozen=True, kw_only=True):
    """A page of runs: number of all that were found, and type of each column as far as these rows tell."""

    total: int
    types: list[str | None]
    rows: list[RunRow]


class GroupSearch(RunFilter, frozen=True, kw_only=True):
    """Groups of runs that are asked for: the attributes that the runs of a group share, and columns to sum up."""

    by: Annotated[list[Path], msgspec.Meta(min_length=1, max_length=5)]
    columns: Annotated[list[ColumnChoice], msgspec.Meta(max_length=30)] = msgspec.field(default_factory=list)


class GroupFigures(Record, frozen=True, kw_only=True):
    """Of a column over the runs of a group; null where none has a number there."""

    count: int
    minimum: float | None
    mean: float | None
    maximum: float | None


class RunGroup(Record, frozen=True, kw_only=True):
    """Runs that share the values of some attributes; null for those that lack one."""

    keys: list[Key]
    types: list[str | None]
    count: int
    figures: list[GroupFigures]


class RunGroups(Record, frozen=True, kw_only=True):
    """Groups, the largest first; ``is_cut`` says that there are more."""

    groups: list[RunGroup]
    is_cut: bool


class NameSearch(Record, frozen=True, kw_only=True):
    """Names of attributes that contain a part, in any case of letters."""

    workspace: str
    project: str
    search: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    type: Literal["run", "model", "modelVersion"] = "run"
    limit: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 100


class AttributeName(Record, frozen=True, kw_only=True):
    """A path that runs of the project have, and the types that it has there."""

    path: str
    types: list[str]


class AttributeNames(Record, frozen=True, kw_only=True):
    """Names of attributes, by path."""

    names: list[AttributeName]


class RunChange(Record, frozen=True, kw_only=True):
    """What is to change; null leaves it as it is. Tags that are added or removed leave the others alone."""

    name: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    description: Text | None = None
    add_tags: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]], msgspec.Meta(max_length=100)
    ] = msgspec.field(default_factory=list)
    remove_tags: Annotated[list[Text], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=list)


class RunNames(Record, frozen=True, kw_only=True):
    """Runs, models or versions by their identifiers, such as ``YOL-7``."""

    runs: Annotated[list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(min_length=1, max_length=1000)]


class RunsChanged(Record, frozen=True, kw_only=True):
    """Identifiers of those that are as was asked, and a sentence for each other one."""

    changed: list[str]
    errors: list[str]
