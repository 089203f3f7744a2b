"""What services ask of the storage. One test suite holds every implementation to these signatures."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from neptune_yolo.server.domain.artifacts import Artifact, ArtifactFile
from neptune_yolo.server.domain.attribute import Attribute, AttributeType, AttributeValue
from neptune_yolo.server.domain.container import Container, ContainerType, NewContainer
from neptune_yolo.server.domain.files import FileEntry, FileTarget, StagedBlob, Upload, UploadPart
from neptune_yolo.server.domain.ids import ArtifactHash, ContainerId, Sha256, SysId, UploadId
from neptune_yolo.server.domain.images import Image
from neptune_yolo.server.domain.project import Project, ProjectName
from neptune_yolo.server.domain.series import StoredPoint


class ProjectStore(Protocol):
    """Projects and their workspaces."""

    def find_by_name(self, name: ProjectName) -> Project | None:
        """Return the project of that name, or None."""

    def find_by_id(self, project_id: ContainerId) -> Project | None:
        """Return the project of that ID, or None."""

    def list_all(self) -> list[Project]:
        """Return all projects, by workspace and name."""

    def list_workspaces(self) -> list[str]:
        """Return the names of the workspaces that have a project, sorted."""

    def keys(self, workspace: str) -> frozenset[str]:
        """Return the keys that the workspace's projects use."""

    def create(self, project: Project) -> None:
        """Store a new project."""

    def next_run_number(self, project_id: ContainerId) -> int:
        """Count a new run of the project and return its number, from 1. No number is given twice."""


class ContainerStore(Protocol):
    """Runs, models, model versions, and the containers of projects."""

    def find_by_id(self, container_id: ContainerId) -> Container | None:
        """Return the container of that ID, or None."""

    def find_by_pk(self, pk: int) -> Container | None:
        """Return the container of that row, or None."""

    def find_by_sys_id(self, project: ProjectName, sys_id: SysId) -> Container | None:
        """Return the container that people call ``sys_id`` in the project, or None."""

    def find_by_custom_run_id(self, project_id: ContainerId, custom_run_id: str) -> Container | None:
        """Return the run with the client's own identifier, or None."""

    def list_by_sys_id(self, sys_id: SysId) -> list[Container]:
        """Return what people call ``sys_id`` in any project, newest first."""

    def list_newest(self, project_id: ContainerId, container_type: ContainerType, limit: int) -> list[Container]:
        """Return up to ``limit`` containers of the project that are not in the trash, newest first."""

    def create(self, new: NewContainer) -> Container:
        """Store a new container and return it."""

    def record_ping(self, pk: int, pinged_ms: int, running_ms: int) -> None:
        """Store a sign of life."""

    def record_change(self, pk: int, modified_ms: int) -> None:
        """Store when an attribute changed last."""

    def size_bytes(self, pk: int) -> int:
        """Return the sum of the sizes of the container's files and pictures, in bytes."""


class AttributeStore(Protocol):
    """Attributes and the values of atoms and string sets."""

    def find(self, container_pk: int, path: str) -> Attribute | None:
        """Return the attribute with its value, or None."""

    def list_all(self, container_pk: int) -> list[Attribute]:
        """Return all attributes of a container with their values, by path."""

    def create(self, container_pk: int, path: str, attribute_type: AttributeType) -> Attribute:
        """Store a new attribute without a value."""

    def set_value(self, pk: int, value: AttributeValue) -> None:
        """Set the value of an atom."""

    def configure(self, pk: int, minimum: float | None, maximum: float | None, unit: str | None) -> None:
        """Set how a float series is shown."""

    def insert_strings(self, pk: int, values: Sequence[str]) -> None:
        """Add strings to a set; those that are in it already do not matter."""

    def remove_strings(self, pk: int, values: Sequence[str] | None) -> None:
        """Take strings out of a set, or all with None."""

    def delete(self, pk: int) -> None:
        """Remove an attribute with its points, strings and file entries, and release its blobs."""


class SeriesStore(Protocol):
    """Points of float and string series."""

    def append_floats(self, pk: int, points: Sequence[StoredPoint[float]]) -> None:
        """Store points; steps increase and are above the last."""

    def append_strings(self, pk: int, points: Sequence[StoredPoint[str]]) -> None:
        """Store points; steps increase and are above the last."""

    def find_floats(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, float]]:
        """Return timestamp (ms) and value of the points at the given steps, as far as there are any."""

    def find_strings(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, str]]:
        """Return timestamp (ms) and text of the points at the given steps, as far as there are any."""

    def page_floats(self, pk: int, offset: int, limit: int) -> list[StoredPoint[float]]:
        """Return points by step, from position ``offset`` on."""

    def page_strings(self, pk: int, offset: int, limit: int) -> list[StoredPoint[str]]:
        """Return points by step, from position ``offset`` on."""

    def clear(self, pk: int) -> None:
        """Remove all points of a series."""


class ImageStore(Protocol):
    """Points of image series."""

    def append(self, pk: int, points: Sequence[StoredPoint[Image]]) -> None:
        """Store points; steps increase and are above the last."""

    def find(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, Image]]:
        """Return timestamp (ms) and picture of the points at the given steps, as far as there are any."""

    def page(self, pk: int, offset: int, limit: int) -> list[StoredPoint[Image]]:
        """Return points by step, from position ``offset`` on."""

    def clear(self, pk: int) -> None:
        """Remove all points of a series and release their blobs."""


class FileStore(Protocol):
    """Which blobs belong to which attributes, and uploads under way."""

    def put(self, attribute_pk: int, entry: FileEntry) -> None:
        """Store an entry, in place of one with the same path, whose blob is released."""

    def list_entries(self, attribute_pk: int) -> list[FileEntry]:
        """Return the entries of an attribute, by path."""

    def remove(self, attribute_pk: int, sub_paths: Sequence[str] | None) -> None:
        """Remove entries by path (a folder stands for all below it), or all with None, and release their blobs."""

    def create_upload(self, upload: Upload, created_ms: int) -> None:
        """Remember a multipart upload."""

    def find_upload(self, upload_id: UploadId) -> Upload | None:
        """Return a multipart upload, or None."""

    def put_part(self, upload_id: UploadId, part: UploadPart) -> None:
        """Remember a part, in place of one with the same index."""

    def list_parts(self, upload_id: UploadId) -> list[UploadPart]:
        """Return the parts that have come, by index."""

    def mark_finished(self, upload_id: UploadId) -> None:
        """Remember that an upload is complete."""

    def delete_upload(self, upload_id: UploadId) -> None:
        """Forget an upload and its parts."""

    def list_abandoned_uploads(self, created_before_ms: int) -> list[UploadId]:
        """Return the uploads that were started before a moment."""


class ReferenceStore(Protocol):
    """Which blobs attributes refer to.

    A transaction that makes an attribute refer to a blob, and one that removes a blob since nobody refers to it, must
    not run at the same time: a store whose writing transactions may overlap has to keep these apart by the blob's hash.
    """

    def list_released(self) -> list[Sha256]:
        """Return the blobs that some attribute no longer refers to; another one may."""

    def list_unreferred(self, hashes: Sequence[Sha256]) -> list[Sha256]:
        """Return which of the blobs no attribute refers to; in a writing transaction, that stays so until its end."""

    def forget_released(self, hashes: Sequence[Sha256]) -> None:
        """Take blobs off the list: they are removed, or referred to after all."""


class RegistryStore(Protocol):
    """Models and their versions, beside their containers."""

    def add_model(self, container_pk: int) -> None:
        """Make a new container a model without versions."""

    def next_version_number(self, model_pk: int) -> int:
        """Count a new version of a model and return its number, from 1. No number is given twice."""

    def add_version(self, container_pk: int, model_pk: int) -> None:
        """Make a new container a version of a model."""

    def list_versions(self, model_pk: int) -> list[int]:
        """Return the row numbers of a model's versions, oldest first."""


class ArtifactStore(Protocol):
    """Artifacts of projects and the description of their files."""

    def find(self, project_id: ContainerId, artifact_hash: ArtifactHash) -> Artifact | None:
        """Return the project's artifact of that hash, or None."""

    def create(self, project_id: ContainerId, artifact_hash: ArtifactHash, size_bytes: int | None) -> Artifact:
        """Store a new artifact whose files are not described yet."""

    def describe(self, pk: int, files: Sequence[ArtifactFile]) -> None:
        """Store the files of an artifact that has none, and make it complete."""

    def list_files(self, pk: int) -> list[ArtifactFile]:
        """Return the files of an artifact, in the order stored."""


class ReplayStore(Protocol):
    """Results of the last batches, so that a batch that is sent twice is applied once."""

    def find(self, container_pk: int, digest: str) -> list[str] | None:
        """Return the error sentences that a batch was answered with, or None if it never came."""

    def remember(self, container_pk: int, digest: str, errors: Sequence[str], now_ms: int) -> None:
        """Store what a batch was answered with; old ones of the container are dropped."""


class Session(Protocol):
    """The stores within one transaction."""

    @property
    def projects(self) -> ProjectStore:
        """Projects."""

    @property
    def containers(self) -> ContainerStore:
        """Runs, models, model versions and the containers of projects."""

    @property
    def attributes(self) -> AttributeStore:
        """Attributes."""

    @property
    def series(self) -> SeriesStore:
        """Points."""

    @property
    def images(self) -> ImageStore:
        """Pictures of series."""

    @property
    def files(self) -> FileStore:
        """File entries and uploads."""

    @property
    def references(self) -> ReferenceStore:
        """Blobs that are in use, and those that may no longer be."""

    @property
    def registry(self) -> RegistryStore:
        """Models and versions."""

    @property
    def artifacts(self) -> ArtifactStore:
        """Artifacts."""

    @property
    def replays(self) -> ReplayStore:
        """Batches that were answered."""


class Store(Protocol):
    """Gives transactions."""

    def read(self) -> AbstractContextManager[Session]:
        """Open a transaction that cannot write."""

    def write(self) -> AbstractContextManager[Session]:
        """Open a transaction that is committed, and safe on disk, when the block ends without an error."""

    def close(self) -> None:
        """Close all connections."""


class BlobWriter(Protocol):
    """Takes the bytes of one new blob or part."""

    @property
    def size_bytes(self) -> int:
        """Bytes taken so far."""

    def write(self, data: bytes) -> None:
        """Take more bytes."""

    def finish(self) -> StagedBlob:
        """Make the bytes durable; they are kept until they are placed or discarded."""

    def abort(self) -> None:
        """Drop the bytes; harmless after ``finish``."""


class BlobStore(Protocol):
    """Bytes by their hash, and parts of uploads under way."""

    def create(self) -> BlobWriter:
        """Start a new blob or part."""

    def place(self, staged: Sequence[StagedBlob]) -> None:
        """Let blobs be found by their hash; those that are there already are dropped.

        Call it in the transaction that makes attributes refer to them: nobody removes them before its end.
        """

    def discard(self, staged: Iterable[StagedBlob]) -> None:
        """Drop bytes that were not placed; harmless for those that were."""

    def list_all(self) -> Iterator[Sha256]:
        """Yield the hashes of all blobs."""

    def discard_leftovers(self, older_than_seconds: float) -> None:
        """Drop bytes that a server which was killed has staged and never placed."""

    def read_chunks(self, sha256: Sha256, *, chunk_bytes: int = 1024 * 1024) -> Iterator[bytes]:
        """Yield the bytes of a blob; they stay readable if the blob is removed meanwhile.

        Raises:
            NotFoundError: If there is no such blob.
        """

    def remove(self, sha256: Sha256) -> bool:
        """Remove a blob; False if that has to be tried again.

        Call it in a transaction that has found that nobody refers to the blob.
        """

    def place_part(self, upload_id: UploadId, index: int, staged: StagedBlob) -> None:
        """Make bytes a part of an upload, in place of one with the same index."""

    def join_parts(self, upload_id: UploadId, indices: Sequence[int]) -> StagedBlob:
        """Make one staged blob of the parts, in the order given."""

    def discard_parts(self, upload_id: UploadId) -> None:
        """Remove the parts of an upload."""


__all__ = [
    "ArtifactStore",
    "AttributeStore",
    "BlobStore",
    "BlobWriter",
    "ContainerStore",
    "FileStore",
    "FileTarget",
    "ImageStore",
    "ProjectStore",
    "ReferenceStore",
    "RegistryStore",
    "ReplayStore",
    "SeriesStore",
    "Session",
    "Store",
]
