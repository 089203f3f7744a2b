"""Operations: the changes of attributes that a client sends in batches."""

from dataclasses import dataclass
from typing import Literal

from neptune_yolo.server.domain.attribute import AtomValue, AttributeType
from neptune_yolo.server.domain.images import ImageUpload

FloatPoint = tuple[float | None, int, float]
"""Step (None: one after the last), timestamp in ms since 1970, value."""

StringPoint = tuple[float | None, int, str]
"""Step (None: one after the last), timestamp in ms since 1970, text."""


ImagePoint = tuple[float | None, int, ImageUpload]
"""Step (None: one after the last), timestamp in ms since 1970, picture."""


@dataclass(frozen=True)
class AssignValue:
    """Set a float, int, bool, string, datetime or artifact attribute."""

    path: str
    type: AttributeType
    value: AtomValue


@dataclass(frozen=True)
class LogFloats:
    """Append points to a float series."""

    path: str
    points: list[FloatPoint]


@dataclass(frozen=True)
class LogStrings:
    """Append points to a string series."""

    path: str
    points: list[StringPoint]


@dataclass(frozen=True)
class LogImages:
    """Append pictures to an image series."""

    path: str
    points: list[ImagePoint]


LogPoints = LogFloats | LogStrings | LogImages
"""Operations that append points."""


@dataclass(frozen=True)
class ClearSeries:
    """Remove all points of a series, or create an empty one."""

    path: str
    type: Literal[AttributeType.FLOAT_SERIES, AttributeType.STRING_SERIES, AttributeType.IMAGE_SERIES]


@dataclass(frozen=True)
class ConfigureFloatSeries:
    """Set how a float series is shown; creates it.

    Attributes:
        minimum: Lower end of the axis.
        maximum: Upper end of the axis.
        unit: Text beside the axis.
    """

    path: str
    minimum: float | None
    maximum: float | None
    unit: str | None


@dataclass(frozen=True)
class InsertStrings:
    """Add strings to a string set."""

    path: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class RemoveStrings:
    """Take strings out of a string set; those that are not in it do not matter."""

    path: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ClearStringSet:
    """Empty a string set."""

    path: str


@dataclass(frozen=True)
class DeleteFiles:
    """Remove files and folders from a file set.

    Attributes:
        file_paths: Paths within the set; a folder stands for all below it.
    """

    path: str
    file_paths: tuple[str, ...]


@dataclass(frozen=True)
class DeleteAttribute:
    """Remove an attribute with all it holds."""

    path: str


@dataclass(frozen=True)
class Malformed:
    """An operation that could not be understood; it is reported, and the rest of its batch applied.

    Attributes:
        reason: What was expected, what came, what to do.
    """

    path: str
    reason: str


Operation = (
    AssignValue
    | LogFloats
    | LogStrings
    | LogImages
    | ClearSeries
    | ConfigureFloatSeries
    | InsertStrings
    | RemoveStrings
    | ClearStringSet
    | DeleteFiles
    | DeleteAttribute
    | Malformed
)
