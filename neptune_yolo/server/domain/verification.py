"""What a look at everything that is stored has found."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.domain.statistics import Statistics


class FindingKind(StrEnum):
    """What is wrong."""

    MISSING_FILE = "missing file"
    DAMAGED_FILE = "damaged file"
    WRONG_FILE_FACTS = "wrong facts of a file"
    WRONG_SERIES = "wrong series"
    BROKEN_REFERENCE = "broken reference"
    DAMAGED_DATABASE = "damaged database"
    UNUSED_FILE = "unused file"
    UNUSED_PARTS = "parts of an unknown upload"
    STAGED_BYTES = "forgotten staged bytes"

    @property
    def is_damage(self) -> bool:
        """Whether something is lost or wrong; what is merely left over takes room, and goes with the next cleaning."""
        return self not in (FindingKind.UNUSED_FILE, FindingKind.UNUSED_PARTS, FindingKind.STAGED_BYTES)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        kind: What is wrong.
        where: Attribute, table or file.
        what: What was expected and what is there, as a sentence.
    """

    kind: FindingKind
    where: str
    what: str


@dataclass(frozen=True)
class VerificationReport:
    """The outcome of a look at everything.

    Attributes:
        findings: What is not as it should be.
        files: Number of files whose bytes were read.
        file_bytes: Bytes in them.
        series: Number of series whose points were counted.
        points: Points in them.
    """

    findings: tuple[Finding, ...]
    files: int
    file_bytes: int
    series: int
    points: int

    @property
    def damage(self) -> tuple[Finding, ...]:
        """What is lost or wrong."""
        return tuple(finding for finding in self.findings if finding.kind.is_damage)

    @property
    def leftovers(self) -> tuple[Finding, ...]:
        """What merely takes room."""
        return tuple(finding for finding in self.findings if not finding.kind.is_damage)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is lost or wrong."""
        return not self.damage


@dataclass(frozen=True)
class BlobReference:
    """That attributes refer to a blob.

    Attributes:
        sha256: Hash of the blob.
        sizes: What the attributes say of its size, in bytes.
        attribute_pk: Row number of one of the attributes.
    """

    sha256: Sha256
    sizes: frozenset[int]
    attribute_pk: int


@dataclass(frozen=True)
class SeriesFacts:
    """What is kept beside the points of a series.

    Attributes:
        pk: Row number of the attribute.
        type: Kind of the series.
        last_step: Step of the last point; None for an empty series.
        last: Value of the last point of a float series.
        point_count: Number of points.
        statistics: Of the values of a float series; None if they are not known.
    """

    pk: int
    type: AttributeType
    last_step: float | None
    last: float | None
    point_count: int
    statistics: Statistics | None


def joined(sizes: Iterable[int]) -> str:
    """Return sizes as words.

    Args:
        sizes: Numbers of bytes.
    """
    return " or ".join(map(str, sorted(sizes)))
