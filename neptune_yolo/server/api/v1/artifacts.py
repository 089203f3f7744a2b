"""Artifacts: the files that an attribute of a run tracks, and what tells two of them apart."""

from typing import Annotated

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.values import Path
from neptune_yolo.server.domain.artifact_difference import difference
from neptune_yolo.server.domain.artifacts import ArtifactFile, total_size
from neptune_yolo.server.domain.attribute import ArtifactValue, AttributeType

MAX_FILES = 10_000


class ArtifactPart(Record, frozen=True, kw_only=True):
    """Names an artifact attribute of a run, and which of its files: those whose path contains ``search``."""

    workspace: str
    project: str
    run: str
    path: Path
    search: str = ""
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_FILES)] = 1000


class TwoArtifacts(Record, frozen=True, kw_only=True):
    """Names two artifact attributes: ``path`` of ``run``, and ``other_path`` of ``other_run``."""

    workspace: str
    project: str
    run: str
    path: Path
    other_run: str
    other_path: Path
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_FILES)] = 1000


class ArtifactFileView(Record, frozen=True, kw_only=True):
    """A file of an artifact; ``size_bytes`` is null if it is not known, ``type`` the kind of place it lies in."""

    path: str
    hash: str
    type: str
    size_bytes: int | None
    metadata: dict[str, str]


class ArtifactView(Record, frozen=True, kw_only=True):
    """An artifact: ``hash`` is null for one that was cleared; ``total`` files fit, of which a page is given."""

    hash: str | None
    size_bytes: int | None
    file_count: int
    total: int
    files: list[ArtifactFileView]


class ChangedFile(Record, frozen=True, kw_only=True):
    """A file whose content is another one in the other artifact."""

    path: str
    before: ArtifactFileView
    after: ArtifactFileView


class ArtifactDifferenceView(Record, frozen=True, kw_only=True):
    """What the other artifact has more, less, and otherwise; each list holds the first ones of those that are counted.

    Two artifacts have the same files if and only if their hashes are equal.
    """

    hash: str | None
    other_hash: str | None
    same_count: int
    added_count: int
    removed_count: int
    changed_count: int
    added: list[ArtifactFileView]
    removed: list[ArtifactFileView]
    changed: list[ChangedFile]


def get_artifact(asked: Asked, where: ArtifactPart) -> ArtifactView:
    """Return the files of an artifact with their sizes and hashes, in pages."""
    run = f"{where.workspace}/{where.project}/{where.run}"
    artifact, files = _files(asked, run, where.path)
    part = where.search.casefold()
    fitting = [file for file in files if part in file.path.casefold()]
    return ArtifactView(
        hash=artifact,
        size_bytes=total_size(files),
        file_count=len(files),
        total=len(fitting),
        files=[_view(file) for file in fitting[where.offset : where.offset + where.limit]],
    )


def compare_artifacts(asked: Asked, where: TwoArtifacts) -> ArtifactDifferenceView:
    """Return what tells the artifacts of two attributes apart."""
    project = f"{where.workspace}/{where.project}"
    first, before = _files(asked, f"{project}/{where.run}", where.path)
    other, after = _files(asked, f"{project}/{where.other_run}", where.other_path)
    found = difference(before, after)
    return ArtifactDifferenceView(
        hash=first,
        other_hash=other,
        same_count=found.same_count,
        added_count=len(found.added),
        removed_count=len(found.removed),
        changed_count=len(found.changed),
        added=[_view(file) for file in found.added[: where.limit]],
        removed=[_view(file) for file in found.removed[: where.limit]],
        changed=[
            ChangedFile(path=old.path, before=_view(old), after=_view(new)) for old, new in found.changed[: where.limit]
        ],
    )


def _files(asked: Asked, run: str, path: str) -> tuple[str | None, list[ArtifactFile]]:
    """Return the hash and the files of an artifact attribute."""
    container = asked.services.runs.find(run)
    attribute = asked.services.attributes.get(container.id, path, AttributeType.ARTIFACT)
    artifact = attribute.value.hash if isinstance(attribute.value, ArtifactValue) else None
    if artifact is None:
        return None, []
    return artifact, asked.services.artifacts.list_files(container.project_id, artifact)


def _view(file: ArtifactFile) -> ArtifactFileView:
    return ArtifactFileView(
        path=file.path, hash=file.hash, type=file.type, size_bytes=file.size_bytes, metadata=dict(file.metadata)
    )


_PROJECT = "/projects/{workspace}/{project}"

ARTIFACT_OPERATIONS = (
    Operation("GET", f"{_PROJECT}/runs/{{run}}/artifact", get_artifact, "artifacts"),
    Operation("GET", f"{_PROJECT}/runs/{{run}}/artifact-difference", compare_artifacts, "artifacts"),
)
