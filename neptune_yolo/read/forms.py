"""What the server answers, as records. Fields that newer servers add are ignored."""

from typing import Any

import msgspec

Atom = float | int | bool | str | list[str] | None
"""A value that fits into a cell of a table: a moment is its milliseconds since 1970 (UTC), a set of strings a list."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all records that the server answers."""


class SessionFacts(Answer, frozen=True, kw_only=True):
    """Who asks, and what the server is."""

    user: str
    is_admin: bool
    is_embedded: bool
    default_workspace: str
    version: str


class Project(Answer, frozen=True, kw_only=True):
    """A project; moments are in milliseconds since 1970 (UTC).

    ``key`` begins the identifiers of its runs, ``visibility`` is ``priv``, ``workspace`` or ``pub``, ``role`` what the
    caller may do in it: ``viewer``, ``contributor`` or ``owner``.
    """

    id: str
    workspace: str
    name: str
    key: str
    visibility: str
    description: str
    created_ms: int
    modified_ms: int
    run_count: int
    running_count: int
    role: str

    @property
    def full_name(self) -> str:
        """``workspace/name``."""
        return f"{self.workspace}/{self.name}"


class ProjectPage(Answer, frozen=True, kw_only=True):
    """Some of ``total`` projects."""

    total: int
    projects: list[Project]


class RunHead(Answer, frozen=True, kw_only=True):
    """A run (or model, or version) in short; moments are in milliseconds since 1970 (UTC).

    ``type`` is ``run``, ``model`` or ``modelVersion``, ``state`` ``running`` or ``idle``; ``failed`` says that its
    program said so, ``status`` what a trainer said last (``running``, ``completed``, ``interrupted`` or ``failed``),
    ``running_ms`` how long it has been running, in milliseconds.
    """

    id: str
    workspace: str
    project: str
    sys_id: str
    type: str
    state: str
    failed: bool
    status: str | None = None
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

    @property
    def project_name(self) -> str:
        """``workspace/name`` of its project."""
        return f"{self.workspace}/{self.project}"


class RunRow(Answer, frozen=True, kw_only=True):
    """A run with the values of the columns, in the order asked for; null where it lacks one."""

    run: RunHead
    cells: list[Atom]


class RunPage(Answer, frozen=True, kw_only=True):
    """Some of ``total`` runs, and the type of each column as far as these rows tell."""

    total: int
    types: list[str | None]
    rows: list[RunRow]


class AttributeName(Answer, frozen=True, kw_only=True):
    """A path that runs of a project have, and the types that it has there."""

    path: str
    types: list[str]


class AttributeNames(Answer, frozen=True, kw_only=True):
    """Names of attributes, by path."""

    names: list[AttributeName]


class SeriesSummary(Answer, frozen=True, kw_only=True):
    """What a series looks like from outside; statistics are those of all points of a float series."""

    count: int
    last_step: float | None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    variance: float | None = None


class FileSummary(Answer, frozen=True, kw_only=True):
    """A file: ``extension`` without the dot, ``size_bytes``, ``sha256`` in hexadecimal, empty for a file set."""

    extension: str
    size_bytes: int
    sha256: str


class AttributeView(Answer, frozen=True, kw_only=True):
    """An attribute with its present value.

    ``type`` is ``float``, ``int``, ``bool``, ``string``, ``datetime``, ``stringSet``, ``floatSeries``,
    ``stringSeries``, ``imageSeries``, ``file``, ``fileSet``, ``artifact``, ``gitRef`` or
    ``experimentState``. ``value`` is that of an atom (of a datetime, its milliseconds since 1970), the strings of a
    set, the last value of a series, the hash of an artifact, or the fields of a Git commit. In lists, texts longer than
    2000 characters are cut, and ``length`` tells how many there are.
    """

    path: str
    type: str
    value: Any = None
    length: int | None = None
    series: SeriesSummary | None = None
    file: FileSummary | None = None


class AttributePage(Answer, frozen=True, kw_only=True):
    """Some of ``total`` attributes, by path."""

    total: int
    attributes: list[AttributeView]


class TextPoint(Answer, frozen=True, kw_only=True):
    """A point of a string series; the moment is in milliseconds since 1970 (UTC)."""

    step: float
    logged_ms: int
    value: str


class TextPage(Answer, frozen=True, kw_only=True):
    """Points of a string series: ``offset`` is the position of the first, ``total`` the number of all."""

    total: int
    offset: int
    points: list[TextPoint]


class PicturePoint(Answer, frozen=True, kw_only=True):
    """A picture of a series, without its bytes."""

    step: float
    logged_ms: int
    name: str | None
    description: str | None
    media_type: str
    size_bytes: int
    sha256: str


class PicturePage(Answer, frozen=True, kw_only=True):
    """Pictures of a series by step; ``total`` is the number of all of them."""

    total: int
    points: list[PicturePoint]


class FileMember(Answer, frozen=True, kw_only=True):
    """A file of a file set; ``path`` is that within the set, as it was uploaded: nobody has cleaned it."""

    path: str
    size_bytes: int
    sha256: str
    modified_ms: int


class FileMembers(Answer, frozen=True, kw_only=True):
    """Files of a file set, by path."""

    members: list[FileMember]


class ArtifactFile(Answer, frozen=True, kw_only=True):
    """A file that an artifact tracks; ``size_bytes`` is null if it is not known."""

    path: str
    hash: str
    type: str
    size_bytes: int | None
    metadata: dict[str, str]


class ArtifactPage(Answer, frozen=True, kw_only=True):
    """Files of an artifact: ``hash`` is null for one that was cleared; ``total`` files fit."""

    hash: str | None
    size_bytes: int | None
    file_count: int
    total: int
    files: list[ArtifactFile]


class ComparedRun(Answer, frozen=True, kw_only=True):
    """A run that is compared."""

    sys_id: str
    name: str
    type: str
    owner: str
    created_ms: int
    trashed: bool


class ComparedCell(Answer, frozen=True, kw_only=True):
    """An attribute of one run, see `AttributeView`; ``type`` is given where it is not that of the row."""

    value: Any = None
    type: str | None = None
    length: int | None = None
    series: SeriesSummary | None = None
    file: FileSummary | None = None


class ComparedAttribute(Answer, frozen=True, kw_only=True):
    """An attribute in each of the runs, in their order; null where a run lacks it."""

    path: str
    type: str
    differs: bool
    cells: list[ComparedCell | None]


class Comparison(Answer, frozen=True, kw_only=True):
    """Attributes side by side, by path; ``total`` is the number of all rows, of which the first ones are given."""

    runs: list[ComparedRun]
    total: int
    rows: list[ComparedAttribute]


class RunsChanged(Answer, frozen=True, kw_only=True):
    """Identifiers of those that are as was asked, and a sentence for each other one."""

    changed: list[str]
    errors: list[str]


class RunSign(Answer, frozen=True, kw_only=True):
    """A sign of life of a run."""

    sys_id: str
    modified_ms: int
    state: str
    trashed: bool
