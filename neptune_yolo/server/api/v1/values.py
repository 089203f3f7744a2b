"""Forms that several operations share: who is meant, and what an attribute looks like."""

from typing import Annotated, Any

import msgspec

from neptune_yolo.server.api.v1.operation import Record

Text = Annotated[str, msgspec.Meta(max_length=16_384)]
Path = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]

Atom = float | int | bool | str | list[str] | None
"""A value that fits into a cell: a moment is its milliseconds since 1970 (UTC), a set of strings a list."""


class ProjectPath(Record, frozen=True, kw_only=True):
    """Names a project."""

    workspace: str
    project: str


class RunPath(Record, frozen=True, kw_only=True):
    """Names a run, a model or a version of a project by its identifier, such as ``YOL-7``."""

    workspace: str
    project: str
    run: str

    @property
    def identifier(self) -> str:
        """By which services find it."""
        return f"{self.workspace}/{self.project}/{self.run}"


class AttributeOfRun(RunPath, frozen=True, kw_only=True):
    """Names an attribute of a run."""

    path: Path


class SeriesSummary(Record, frozen=True, kw_only=True):
    """What a series looks like from outside; statistics are those of all points of a float series."""

    count: int
    last_step: float | None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    variance: float | None = None


class FileSummary(Record, frozen=True, kw_only=True):
    """A file: ``extension`` without the dot, ``size_bytes``, ``sha256`` in hexadecimal, empty for a file set."""

    extension: str
    size_bytes: int
    sha256: str


class AttributeView(Record, frozen=True, kw_only=True, omit_defaults=True):
    """An attribute with its present value.

    ``value`` is that of an atom (of a datetime, its milliseconds since 1970), the strings of a set, the last value of a
    series (null where it is not a number), the hash of an artifact, or the fields of a Git commit. Texts longer than
    2000 characters are cut, and ``length`` tells how many there are.
    """

    path: str
    type: str
    value: Any = None
    length: int | None = None
    series: SeriesSummary | None = None
    file: FileSummary | None = None


class RunHead(Record, frozen=True, kw_only=True):
    """A run (or model, or version) in short; moments are in milliseconds since 1970 (UTC).

    ``state`` is ``running`` or ``idle``; ``failed`` says that its program said so, ``status`` what a trainer said last:
    ``running``, ``completed``, ``interrupted`` or ``failed``, null if there is none.
    """

    id: str
    workspace: str
    project: str
    sys_id: str
    type: str
    state: str
    failed: bool
    status: str | None
    trashed: bool
    name: str
    description: str
    tags: list[str]
    owner: str
    custom_run_id: str | None
    created_ms: int
    modified_ms: int
    pinged_ms: int
    running_ms: int
    role: str
