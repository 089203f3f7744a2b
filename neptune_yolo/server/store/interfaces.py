"""What services ask of the storage. One test suite holds every implementation to these signatures."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from neptune_yolo.server.domain.appended import FloatsAppended
from neptune_yolo.server.domain.artifacts import Artifact, ArtifactFile
from neptune_yolo.server.domain.attribute import Attribute, AttributeType, AttributeValue
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType, NewContainer
from neptune_yolo.server.domain.files import FileEntry, FileTarget, Leftover, StagedBlob, Upload, UploadPart
from neptune_yolo.server.domain.ids import ArtifactHash, ContainerId, Sha256, SysId, UploadId
from neptune_yolo.server.domain.images import Image
from neptune_yolo.server.domain.project import Project, ProjectActivity, ProjectName
from neptune_yolo.server.domain.series import FloatArrays, StoredPoint
from neptune_yolo.server.domain.signals import Signal, SignalKind
from neptune_yolo.server.domain.usage import Usage
from neptune_yolo.server.domain.users import (
    ApiToken,
    Invitation,
    Member,
    Standing,
    User,
    WorkspaceMember,
    WorkspaceRole,
)
from neptune_yolo.server.domain.verification import BlobReference, SeriesFacts
from neptune_yolo.server.domain.views import SavedView
from neptune_yolo.server.nql.table import Column, Group, Table

T = TypeVar("T")


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

    def create(self, project: Project) -> bool:
        """Store a new project; False if its name or its key is taken in its workspace."""

    def change(self, project_id: ContainerId, *, visibility: str, description: str | None) -> None:
        """Store who may see a project without being a member, and its description."""

    def activity(
        self, alive_since_ms: int, project_id: ContainerId | None = None
    ) -> dict[ContainerId, ProjectActivity]:
        """Return what goes on in each project, or in one.

        Args:
            alive_since_ms: A run that has given a sign of life later is running.
            project_id: UUID text of the project; None for all.
        """

    def delete(self, project_id: ContainerId) -> None:
        """Remove a project that has no containers any more."""

    def size_bytes(self, workspace: str) -> int:
        """Return the sum of the sizes of all files and pictures in a workspace, in bytes."""

    def lock(self, project_id: ContainerId) -> None:
        """Wait for others that create what has to be new in the project, and keep others from it."""

    def next_run_number(self, project_id: ContainerId) -> int:
        """Count a new run of the project and return its number, from 1. No number is given twice."""


class ContainerStore(Protocol):
    """Runs, models, model versions, and the containers of projects.

    A writing transaction that finds one container is the only one that changes it until it ends; others wait.
    """

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

    def list_lively(self, project_id: ContainerId, since_ms: int, sys_ids: Sequence[SysId]) -> list[Container]:
        """Return the runs of the project that have changed or given a sign of life since a moment.

        Args:
            project_id: UUID text of the project.
            since_ms: Milliseconds since 1970 (UTC).
            sys_ids: Those that count, 500 at most; none stands for all.
        """

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

    def find_many(self, container_pk: int, paths: Collection[str]) -> dict[str, Attribute]:
        """Return the attributes with their values among the paths, by path."""

    def list_all(self, container_pk: int) -> list[Attribute]:
        """Return all attributes of a container with their values, by path."""

    def create(self, container_pk: int, path: str, attribute_type: AttributeType) -> Attribute:
        """Store a new attribute without a value."""

    def create_many(self, container_pk: int, types: Mapping[str, AttributeType]) -> dict[str, Attribute]:
        """Store new attributes without values, given by path and type, and return them by path."""

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

    def append_floats(self, appended: Sequence[FloatsAppended]) -> None:
        """Store points of several series."""

    def append_strings(self, pk: int, points: Sequence[StoredPoint[str]]) -> None:
        """Store points; steps increase and are above the last."""

    def find_floats(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, float]]:
        """Return timestamp (ms) and value of the points at the given steps, as far as there are any."""

    def find_strings(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, str]]:
        """Return timestamp (ms) and text of the points at the given steps, as far as there are any."""

    def page_floats(self, pk: int, offset: int, limit: int) -> list[StoredPoint[float]]:
        """Return points by step, from position ``offset`` on."""

    def read_floats(self, pk: int, first_step: float | None = None, last_step: float | None = None) -> FloatArrays:
        """Return all points from one step to another, both included, as arrays; None leaves an end open."""

    def page_strings(self, pk: int, offset: int, limit: int) -> list[StoredPoint[str]]:
        """Return points by step, from position ``offset`` on."""

    def list_floats(self, container_pks: Sequence[int]) -> list[tuple[int, str, int]]:
        """Return the float series of up to 500 containers: row number of the container, path, number of points."""

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

    def put_part(self, upload_id: UploadId, part: UploadPart, now_ms: int) -> None:
        """Remember a part, in place of one with the same index, and that the upload is in use."""

    def list_parts(self, upload_id: UploadId) -> list[UploadPart]:
        """Return the parts that have come, by index."""

    def mark_finished(self, upload_id: UploadId) -> None:
        """Remember that an upload is complete."""

    def delete_upload(self, upload_id: UploadId) -> None:
        """Forget an upload and its parts."""

    def list_abandoned_uploads(self, used_before_ms: int) -> list[UploadId]:
        """Return the uploads that were not started, and got no part, since a moment."""


class ReferenceStore(Protocol):
    """Which blobs attributes refer to.

    A transaction that makes an attribute refer to a blob, and one that removes a blob since nobody refers to it, must
    not run at the same time: a store whose writing transactions may overlap has to keep these apart by the blob's hash.
    """

    def list_released(self) -> list[Sha256]:
        """Return the blobs that some attribute no longer refers to; another one may."""

    def list_unreferred(self, hashes: Sequence[Sha256]) -> list[Sha256]:
        """Return which of the blobs no attribute refers to; for those that were claimed, that stays so."""

    def claim(self, hashes: Sequence[Sha256]) -> list[Sha256]:
        """Take blobs off the list, and keep others from referring to them until the end of the transaction.

        Returns:
            Those that no other transaction is about to refer to or remove; the others stay on the list.
        """

    def release(self, hashes: Sequence[Sha256]) -> None:
        """Put blobs on the list: nobody refers to them, and they are still there."""


class HoldStore(Protocol):
    """Who needs at the moment that no blob is removed, such as a backup."""

    def put(self, name: str, expires_ms: int) -> None:
        """Store a hold, in place of one with the same name; it ends by itself at ``expires_ms`` (since 1970, UTC)."""

    def remove(self, name: str) -> None:
        """End a hold; harmless if there is none."""

    def is_active(self, now_ms: int) -> bool:
        """Return whether somebody needs that no blob is removed."""


class CheckStore(Protocol):
    """Questions about everything in the database, to see whether it fits together."""

    def list_damage(self) -> list[str]:
        """Return what the database itself finds wrong with its pages and indexes, as sentences."""

    def list_broken_references(self) -> list[tuple[str, str]]:
        """Return rows that refer to a row that is missing: table, and a sentence; of each table, some."""

    def page_references(self, after: str, limit: int) -> list[BlobReference]:
        """Return up to ``limit`` of the blobs that attributes refer to, by hash, those after a hash."""

    def list_wrong_files(self) -> list[tuple[int, str]]:
        """Return file attributes and file sets that do not fit their entries: row number, and a sentence."""

    def page_series(self, after_pk: int, limit: int) -> list[SeriesFacts]:
        """Return up to ``limit`` series by row number, those after one."""

    def count_points(self, pks: Sequence[int]) -> dict[int, tuple[int, float]]:
        """Return number of points and last step of string and image series that have points; up to 500 of them."""

    def describe(self, attribute_pk: int) -> str:
        """Return where people find an attribute: project, identifier and path."""


class UsageStore(Protocol):
    """How much is stored."""

    def read(self) -> Usage:
        """Return how much is stored. Every attribute is looked at: it may take seconds for millions of them."""


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
        """Store a new artifact whose files are not described yet, unless there is one of that hash; return it."""

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


class TableStore(Protocol):
    """Tables of runs, models and model versions."""

    def count(self, table: Table) -> int:
        """Return the number of rows of the whole table.

        Raises:
            InvalidRequestError: If that takes too long.
        """

    def page(self, table: Table, offset: int, limit: int) -> list[Container]:
        """Return up to ``limit`` rows from position ``offset`` on.

        Raises:
            InvalidRequestError: If that takes too long.
        """

    def list_attributes(self, container_pks: Sequence[int], paths: Sequence[str] | None) -> dict[int, list[Attribute]]:
        """Return the attributes that somebody has written, by container; those of some paths, or all with None."""

    def sizes_bytes(self, container_pks: Sequence[int]) -> dict[int, int]:
        """Return the sums of the sizes of files and pictures, of the containers that have some."""

    def list_names(
        self, project_id: ContainerId, types: Sequence[ContainerType], part: str, limit: int
    ) -> list[tuple[str, AttributeType]]:
        """Return a path with its types, or if there is none up to ``limit`` that contain it."""

    def search_names(
        self, project_id: ContainerId, types: Sequence[ContainerType], part: str, limit: int
    ) -> list[tuple[str, AttributeType]]:
        """Return up to ``limit`` paths with their types that contain a part, in any case of letters; by path."""

    def group(self, table: Table, by: Sequence[str], columns: Sequence[Column], limit: int) -> list[Group]:
        """Return up to ``limit`` groups of a table's rows that agree in some attributes, largest first.

        Args:
            table: The rows; its order does not matter.
            by: Paths of the attributes. By a set of strings, a row belongs to a group for each of them.
            columns: Of which figures are told.
            limit: Number of groups.

        Raises:
            InvalidRequestError: If that takes too long.
        """


class UserStore(Protocol):
    """Users and what is kept of their passwords."""

    def find(self, name: str) -> User | None:
        """Return the user of that name, or None."""

    def find_by_id(self, user_id: str) -> User | None:
        """Return the user of that ID, or None."""

    def list_all(self) -> list[User]:
        """Return all users, by name."""

    def count(self) -> int:
        """Return the number of users."""

    def create(self, user: User, password_hash: str | None) -> bool:
        """Store a new user; False if the name is taken."""

    def password_hash(self, name: str) -> str | None:
        """Return what is kept of a user's password; None without one."""

    def set_password_hash(self, name: str, password_hash: str | None) -> None:
        """Store what is kept of a user's password."""

    def set_active(self, name: str, *, is_active: bool) -> None:
        """Store whether a user may sign in."""

    def set_admin(self, name: str, *, is_admin: bool) -> None:
        """Store whether a user may do everything."""


class TokenStore(Protocol):
    """API tokens; of their secrets, only digests are kept."""

    def create(self, token: ApiToken, digest: str) -> None:
        """Store a new token."""

    def find(self, token_id: str) -> tuple[ApiToken, User] | None:
        """Return the token of that ID and its user, or None."""

    def find_by_digest(self, digest: str) -> tuple[ApiToken, User] | None:
        """Return the token whose secret has that digest and its user, or None."""

    def list_of(self, user_name: str | None) -> list[ApiToken]:
        """Return the tokens of a user, or of all with None, oldest first."""

    def revoke(self, token_id: str, revoked_ms: int) -> None:
        """Let a token be valid no more."""

    def record_use(self, token_id: str, used_ms: int) -> None:
        """Store when a token was used last."""


class KeyStore(Protocol):
    """Keys that all server processes on one database share."""

    def find(self, name: str) -> str | None:
        """Return a key, or None if it is not made yet."""

    def keep(self, name: str, value: str, now_ms: int) -> str:
        """Store a key unless there is one of that name, and return the one that is kept."""

    def use_once(self, digest: str, expires_ms: int, now_ms: int) -> bool:
        """Use a one-time key, given by its digest; False if it was used before. Expired ones are forgotten."""


class ViewStore(Protocol):
    """Views of pages that somebody has saved."""

    def list_all(self, project_id: ContainerId) -> list[SavedView]:
        """Return the views of a project, by kind and name."""

    def put(self, view: SavedView) -> SavedView:
        """Store a view, in place of one with the same kind and name, and return it as it is stored."""

    def delete(self, project_id: ContainerId, view_id: str) -> bool:
        """Remove a view; False if the project has none of that ID."""


class WorkspaceStore(Protocol):
    """Workspaces, their members, and invitations to them."""

    def exists(self, name: str) -> bool:
        """Return whether there is a workspace of that name."""

    def create(self, name: str, now_ms: int) -> bool:
        """Store a workspace; False if it is there already."""

    def list_all(self) -> list[str]:
        """Return the names of all workspaces, sorted."""

    def roles_of(self, user_name: str) -> dict[str, WorkspaceRole]:
        """Return the workspaces that a user is a member of, with the role in each."""

    def list_members(self, name: str) -> list[WorkspaceMember]:
        """Return the members of a workspace, by name."""

    def put_member(self, name: str, user_name: str, role: WorkspaceRole) -> None:
        """Make a user a member of a workspace, or give a member another role."""

    def remove_member(self, name: str, user_name: str) -> bool:
        """Take a user out of a workspace; False for no member."""

    def invite(self, invitation: Invitation) -> bool:
        """Store an invitation; False if there is one already."""

    def take_invitations(self, invitee: str) -> list[Invitation]:
        """Return the invitations of somebody, and forget them."""


class MemberStore(Protocol):
    """Members of projects, and what the rights of users follow from."""

    def standing(self, project_id: ContainerId, user_name: str) -> Standing | None:
        """Return what the rights of a user in a project follow from; None if there is no such project."""

    def standings(self, user_name: str) -> dict[ContainerId, Standing]:
        """Return what the rights of a user follow from, for all projects."""

    def list_members(self, project_id: ContainerId) -> list[Member]:
        """Return who belongs to a project, by themselves or by its workspace, by name."""

    def add(self, project_id: ContainerId, user_name: str, role: Role) -> bool:
        """Make a user a member of a project; False for one who is a member already."""

    def remove(self, project_id: ContainerId, user_name: str) -> bool:
        """Take a user out of a project; False for no member."""

    def count_projects(self, workspace: str) -> int:
        """Return the number of projects of a workspace."""


class TrashStore(Protocol):
    """The trash, and what leaves it for ever."""

    def lock(self, pk: int) -> Container | None:
        """Return a container as it is, and keep others from changing it until the end of the transaction."""

    def list_trashed(self, project_id: ContainerId) -> list[Container]:
        """Return what lies in a project's trash, oldest first."""

    def list_pks(self, project_id: ContainerId) -> list[int]:
        """Return the row numbers of all that a project has, the container of the project itself included."""

    def model_of(self, version_pk: int) -> int | None:
        """Return the row number of a version's model; None for what is no version."""

    def set_trashed(self, pks: Sequence[int], *, trashed: bool) -> None:
        """Put containers into the trash, or take them out."""

    def delete(self, pks: Sequence[int]) -> list[UploadId]:
        """Remove containers with all they hold, and release their blobs.

        Returns:
            Uploads that were under way; their parts can be dropped once the transaction is committed.
        """


class SignalStore(Protocol):
    """Wishes that running programs end."""

    def add(self, container_pk: int, kind: SignalKind, seconds: int | None, now_ms: int) -> None:
        """Store a signal to a run."""

    def list_since(self, created_ms: int) -> list[Signal]:
        """Return the signals to all runs from a moment on, oldest first."""

    def mark_delivered(self, pk: int, now_ms: int) -> None:
        """Remember that a program has been told; the first time counts."""

    def forget_before(self, created_ms: int) -> None:
        """Remove the signals that were given before a moment."""


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
    def holds(self) -> HoldStore:
        """Who needs that no blob is removed."""

    @property
    def checks(self) -> CheckStore:
        """Questions about everything."""

    @property
    def usage(self) -> UsageStore:
        """How much is stored."""

    @property
    def registry(self) -> RegistryStore:
        """Models and versions."""

    @property
    def artifacts(self) -> ArtifactStore:
        """Artifacts."""

    @property
    def replays(self) -> ReplayStore:
        """Batches that were answered."""

    @property
    def users(self) -> UserStore:
        """Users."""

    @property
    def tokens(self) -> TokenStore:
        """API tokens."""

    @property
    def keys(self) -> KeyStore:
        """Keys of the server."""

    @property
    def views(self) -> ViewStore:
        """Saved views."""

    @property
    def workspaces(self) -> WorkspaceStore:
        """Workspaces and their members."""

    @property
    def members(self) -> MemberStore:
        """Members of projects."""

    @property
    def tables(self) -> TableStore:
        """Tables."""

    @property
    def trash(self) -> TrashStore:
        """The trash."""

    @property
    def signals(self) -> SignalStore:
        """Signals to running programs."""


class Store(Protocol):
    """Gives transactions."""

    def read(self, *, is_long: bool = False) -> AbstractContextManager[Session]:
        """Open a transaction that cannot write; a long one may take any time."""

    def write(self) -> AbstractContextManager[Session]:
        """Open a transaction that is committed, and safe on disk, when the block ends without an error."""

    def write_in_group(self, work: Callable[[Session], T]) -> T:
        """Do a work in a transaction that other threads' works may share; return its result once that is committed.

        An error of one work undoes only what that work has done.

        Args:
            work: It changes nothing outside the transaction: it may be done twice, and what it did first be undone.
        """

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

    def stage(self, contents: Sequence[bytes]) -> list[StagedBlob]:
        """Make the bytes of several small blobs durable, in order; all or none."""

    def prepare(self, staged: Sequence[StagedBlob]) -> None:
        """Do the slow part of ``place`` ahead, before a transaction keeps others waiting; harmless without one."""

    def place(self, staged: Sequence[StagedBlob]) -> None:
        """Let blobs be found by their hash; those that are there already are dropped.

        Call it in the transaction that makes attributes refer to them: nobody removes them before its end.
        """

    def discard(self, staged: Iterable[StagedBlob]) -> None:
        """Drop staged bytes; harmless for blobs that were placed."""

    def size_bytes(self, sha256: Sha256) -> int | None:
        """Return the size of a blob, None if there is none."""

    def list_all(self) -> Iterator[Sha256]:
        """Yield the hashes of all blobs."""

    def list_leftovers(self, older_than_seconds: float) -> Iterator[Leftover]:
        """Yield what a server that was killed has staged and never placed."""

    def discard_leftovers(self, older_than_seconds: float) -> list[Leftover]:
        """Drop what a server that was killed has staged and never placed; return what was dropped."""

    def read_chunks(self, sha256: Sha256, *, chunk_bytes: int = 1024 * 1024, first: int = 0) -> Iterator[bytes]:
        """Yield the bytes of a blob from position ``first`` on; who has begun to read can go on if it is removed.

        Raises:
            NotFoundError: If there is no such blob.
        """

    def remove(self, hashes: Sequence[Sha256]) -> set[Sha256]:
        """Remove blobs; return those for which that has to be tried again.

        Call it in a transaction that has found that nobody refers to them.
        """

    def place_part(self, upload_id: UploadId, index: int, staged: StagedBlob) -> None:
        """Make bytes a part of an upload, in place of one with the same index."""

    def join_parts(self, upload_id: UploadId, indices: Sequence[int]) -> StagedBlob:
        """Make one staged blob of the parts, in the order given.

        Raises:
            NotFoundError: If one of them is missing.
        """

    def list_uploads(self) -> Iterator[UploadId]:
        """Yield the uploads that have parts."""

    def part_sizes(self, upload_id: UploadId) -> dict[int, int]:
        """Return the sizes in bytes of the parts of an upload, by index."""

    def discard_parts(self, upload_id: UploadId) -> None:
        """Remove the parts of an upload."""


__all__ = [
    "ArtifactStore",
    "AttributeStore",
    "BlobStore",
    "BlobWriter",
    "CheckStore",
    "ContainerStore",
    "FileStore",
    "FileTarget",
    "HoldStore",
    "ImageStore",
    "KeyStore",
    "MemberStore",
    "ProjectStore",
    "ReferenceStore",
    "RegistryStore",
    "ReplayStore",
    "SeriesStore",
    "Session",
    "Store",
    "TableStore",
    "TokenStore",
    "UsageStore",
    "UserStore",
    "WorkspaceStore",
]
