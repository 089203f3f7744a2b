"""What a run is to hold once all was written, in little memory: values, and hashes of series."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CUT_AT = 2000
"""Characters of a text that are compared, beside its length; lists of attributes show no more."""


@dataclass(frozen=True)
class ExpectedAtom:
    """A single value.

    Attributes:
        type: As the server names it.
        value: A text only up to ``CUT_AT`` characters, a set as a sorted list, a moment in milliseconds.
        length: Characters of a text.
    """

    type: str
    value: object
    length: int = 0


class ExpectedFloats:
    """A series of numbers: how many points, and what they hash to.

    Attributes:
        count: Points.
        last_step: Step of the last one.
    """

    def __init__(self) -> None:
        self.count = 0
        self.last_step: float | None = None
        self._hashes = tuple(hashlib.sha256() for _ in range(3))

    def add(self, steps: "NDArray[np.float64]", moments_ms: "NDArray[np.int64]", values: "NDArray[np.float64]") -> None:
        """Add points, in order of their steps; at least one."""
        self.count += len(steps)
        self.last_step = float(steps[-1])
        kinds = ("<f8", "<i8", "<f8")
        for digest, column, kind in zip(self._hashes, (steps, moments_ms, values), kinds, strict=True):
            digest.update(np.ascontiguousarray(column + 0, dtype=kind).data)  # databases keep no sign of a zero

    @property
    def checksum(self) -> str:
        """Hash of steps, moments and values."""
        return ".".join(digest.hexdigest()[:16] for digest in self._hashes)


class ExpectedTexts:
    """A series of texts: how many points, and what they hash to.

    Attributes:
        count: Points.
        last_step: Step of the last one.
    """

    def __init__(self) -> None:
        self.count = 0
        self.last_step: float | None = None
        self._hash = hashlib.sha256()

    def add(self, points: Iterable[tuple[float, int, str]]) -> None:
        """Add points, in order of their steps."""
        for step, moment_ms, text in points:
            self.count += 1
            self.last_step = step
            self._hash.update(f"{step!r} {moment_ms} {len(text)} {text}\n".encode(errors="replace"))

    @property
    def checksum(self) -> str:
        """Hash of steps, moments and texts."""
        return self._hash.hexdigest()[:16]


@dataclass
class Expected:
    """What a run is to hold, by path.

    Attributes:
        atoms: Single values, tags and artifacts.
        floats: Series of numbers.
        texts: Series of texts.
        pictures: Series of pictures: step, size in bytes and SHA-256 of each.
        files: Size in bytes and SHA-256.
        sets: The same for each file of a set.
    """

    atoms: dict[str, ExpectedAtom] = field(default_factory=dict)
    floats: dict[str, ExpectedFloats] = field(default_factory=dict)
    texts: dict[str, ExpectedTexts] = field(default_factory=dict)
    pictures: dict[str, list[tuple[float, int, str]]] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    sets: dict[str, Mapping[str, tuple[int, str]]] = field(default_factory=dict)

    def atom(self, path: str, kind: str, value: object) -> None:
        """Expect a single value; the last one counts."""
        if isinstance(value, str):
            self.atoms[path] = ExpectedAtom(kind, value[:CUT_AT], len(value))
        else:
            self.atoms[path] = ExpectedAtom(kind, value)

    @property
    def attribute_count(self) -> int:
        """How many attributes."""
        series = len(self.floats) + len(self.texts) + len(self.pictures)
        return len(self.atoms) + series + len(self.files) + len(self.sets)

    @property
    def point_count(self) -> int:
        """How many points, pictures among them."""
        numbers = sum(series.count for series in self.floats.values())
        texts = sum(series.count for series in self.texts.values())
        return numbers + texts + sum(map(len, self.pictures.values()))

    @property
    def file_count(self) -> int:
        """How many files, those of sets and pictures among them."""
        return len(self.files) + sum(map(len, self.sets.values())) + sum(map(len, self.pictures.values()))

    @property
    def file_bytes(self) -> int:
        """How many bytes they have."""
        members = (size for members in self.sets.values() for size, _ in members.values())
        pictures = (size for points in self.pictures.values() for _, size, _ in points)
        return sum(size for size, _ in self.files.values()) + sum(members) + sum(pictures)
