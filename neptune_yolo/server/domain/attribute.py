"""Attributes: their types, values and which of them the server itself keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from neptune_yolo.server.domain.container import ContainerType, ModelStage
from neptune_yolo.server.domain.ids import ArtifactHash, Sha256
from neptune_yolo.server.domain.series import StoredPoint
from neptune_yolo.server.domain.statistics import Statistics
from neptune_yolo.server.exceptions import OperationRefusedError

MAX_PATH_LENGTH = 1024

MAX_INDEXED_BYTES = 2048
"""Longest text, in UTF-8, that every database can look up; PostgreSQL's indexes take a third of a page of 8 KiB."""


class AttributeType(StrEnum):
    """Types of attributes, spelled as on the wire."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    STRING = "string"
    DATETIME = "datetime"
    FILE = "file"
    FILE_SET = "fileSet"
    FLOAT_SERIES = "floatSeries"
    STRING_SERIES = "stringSeries"
    IMAGE_SERIES = "imageSeries"
    STRING_SET = "stringSet"
    GIT_REF = "gitRef"
    STATE = "experimentState"
    ARTIFACT = "artifact"


SERIES_TYPES = frozenset({AttributeType.FLOAT_SERIES, AttributeType.STRING_SERIES})

WRITABLE_SYSTEM_PATHS = frozenset(
    {
        "sys/name",
        "sys/description",
        "sys/tags",
        "sys/group_tags",
        "sys/failed",
        "sys/hostname",
    }
)

STAGE_PATH = "sys/stage"
"""Written by the client's ``change_stage``; model versions only."""

_VERSION_PATHS = WRITABLE_SYSTEM_PATHS | {STAGE_PATH}

_PROJECT_PATHS = WRITABLE_SYSTEM_PATHS - {"sys/name"}
"""A project's name is part of the addresses of all it holds."""

STRING_SET_PATHS = frozenset({"sys/tags", "sys/group_tags"})

_SYSTEM_TYPES = {
    "sys/failed": AttributeType.BOOL,
    **dict.fromkeys(STRING_SET_PATHS, AttributeType.STRING_SET),
    **dict.fromkeys(("sys/name", "sys/description", "sys/hostname", STAGE_PATH), AttributeType.STRING),
}
"""Types of the system attributes that can be written; everybody who reads them relies on it."""


@dataclass(frozen=True)
class Datetime:
    """A moment.

    Attributes:
        milliseconds: Since 1970 (UTC).
    """

    milliseconds: int


@dataclass(frozen=True)
class FileValue:
    """A file.

    Attributes:
        extension: Without the dot; may be empty.
        size_bytes: Size of the content.
        sha256: Hash of the content, by which it is found.
    """

    extension: str
    size_bytes: int
    sha256: Sha256


@dataclass(frozen=True)
class FileSetValue:
    """A set of files.

    Attributes:
        size_bytes: Sum over its files.
    """

    size_bytes: int


@dataclass(frozen=True)
class StringSetValue:
    """A set of strings, sorted."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class SeriesValue:
    """What a series looks like from outside: its last point.

    Attributes:
        last: Value of the last point; None while the series is empty.
        last_step: Its step.
        point_count: Number of points.
        statistics: Of the values of a float series; None for an empty one, and for other series.
    """

    last: float | str | None
    last_step: float | None
    point_count: int
    statistics: Statistics | None = None

    def extended(self, points: Sequence[StoredPoint[float]]) -> "SeriesValue":
        """Return what a float series looks like with further points, at least one."""
        added = Statistics.of([value for _, _, value in points])
        statistics = added if self.statistics is None else self.statistics.merged(added)
        return SeriesValue(points[-1][2], points[-1][0], self.point_count + len(points), statistics)


@dataclass(frozen=True)
class ImageSeriesValue:
    """What a series of pictures looks like from outside.

    Attributes:
        last_step: Step of the last picture; None while the series is empty.
        point_count: Number of pictures.
    """

    last_step: float | None
    point_count: int


@dataclass(frozen=True)
class ArtifactValue:
    """Files that are tracked where they lie.

    Attributes:
        hash: Names the artifact within its project; None once the attribute was cleared.
    """

    hash: ArtifactHash | None


@dataclass(frozen=True)
class GitRefValue:
    """The commit that a run was started from.

    Attributes:
        details: The commit's fields as the client sent them (``commitId``, ``message``, ``authorName``...).
    """

    details: dict[str, object]


AtomValue = float | int | bool | str | Datetime | ArtifactValue
"""What one assignment sets."""

AttributeValue = AtomValue | FileValue | FileSetValue | StringSetValue | SeriesValue | ImageSeriesValue | GitRefValue


@dataclass(frozen=True)
class Attribute:
    """An attribute with its present value.

    Attributes:
        pk: Row number in the store; 0 for one that the server computes.
        path: Full path, ``metrics/mAP50(B)``.
        type: Fixed by the first write.
        value: Of the Python type that belongs to ``type``.
    """

    pk: int
    path: str
    type: AttributeType
    value: AttributeValue | None

    @property
    def last_step(self) -> float | None:
        """The step of the last point of a series; None of an empty one, and of what is none."""
        return self.value.last_step if isinstance(self.value, SeriesValue | ImageSeriesValue) else None


def require_type(attribute: Attribute, expected: AttributeType) -> None:
    """Refuse a write of another type.

    Raises:
        OperationRefusedError: If the attribute has another type.
    """
    if attribute.type is not expected:
        raise OperationRefusedError(
            f"Expected a value of type {attribute.type} for attribute {attribute.path!r}, got {expected}. "
            f"The first write fixes the type: write to another path, or delete the attribute first."
        )


def fits_index(text: str) -> bool:
    """Return whether a text is short enough to be looked up."""
    return len(text) <= MAX_INDEXED_BYTES // 4 or len(text.encode(errors="replace")) <= MAX_INDEXED_BYTES


def is_possible_path(path: str) -> bool:
    """Return whether an attribute can have this path, of which the databases can be asked."""
    return 0 < len(path) <= MAX_PATH_LENGTH and "\x00" not in path and fits_index(path)


_WRITABLE_PATHS = {ContainerType.PROJECT: _PROJECT_PATHS, ContainerType.MODEL_VERSION: _VERSION_PATHS}


def require_writable(path: str, attribute_type: AttributeType | None, container_type: ContainerType) -> None:
    """Refuse paths that nobody may write.

    Args:
        path: The attribute's full path.
        attribute_type: What is to be written; None when the attribute is to be deleted.
        container_type: What the attribute belongs to; a model version has a stage that can be written.

    Raises:
        OperationRefusedError: If the path is malformed, kept by the server, or not one for string sets.
    """
    if not is_possible_path(path):
        raise OperationRefusedError(
            f"Expected an attribute path of 1 to {MAX_PATH_LENGTH} characters (at most {MAX_INDEXED_BYTES} bytes) "
            f"without NUL, got {path[:80]!r}. Choose another path."
        )
    writable = _WRITABLE_PATHS.get(container_type, WRITABLE_SYSTEM_PATHS)
    if path.startswith("sys/") and path not in writable:
        raise OperationRefusedError(
            f"Expected an attribute that can be written, got {path!r}, which the server keeps itself. "
            f"Write to one of {', '.join(sorted(writable))}, or to a path outside 'sys'."
        )
    if attribute_type is not _SYSTEM_TYPES.get(path, attribute_type) and attribute_type is not None:
        raise OperationRefusedError(
            f"Expected a value of type {_SYSTEM_TYPES[path]} for attribute {path!r}, got {attribute_type}. "
            f"Write to a path outside 'sys'."
        )
    if attribute_type is AttributeType.STRING_SET and path not in STRING_SET_PATHS:
        raise OperationRefusedError(
            f"Expected tags at {' or '.join(sorted(STRING_SET_PATHS))}, got {path!r}. "
            f"Neptune keeps string sets only there."
        )


def require_stage(value: AtomValue) -> None:
    """Refuse what is not a stage of a model version.

    Raises:
        OperationRefusedError: If it is none of the stages.
    """
    if not isinstance(value, str) or value not in set(ModelStage):
        raise OperationRefusedError(
            f"Expected one of {', '.join(ModelStage)} at {STAGE_PATH!r}, got {str(value)[:80]!r}. "
            f"Change the stage with change_stage()."
        )
