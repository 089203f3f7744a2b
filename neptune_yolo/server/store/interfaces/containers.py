"""What services ask of the storage about containers, and about those in the trash."""

from collections.abc import Sequence
from typing import Protocol

from neptune_yolo.server.domain.container import Container, ContainerType, NewContainer
from neptune_yolo.server.domain.ids import ContainerId, SysId, UploadId
from neptune_yolo.server.domain.project import ProjectName


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

    def list_lively(
        self, project_id: ContainerId, types: Sequence[ContainerType], since_ms: int, sys_ids: Sequence[SysId]
    ) -> list[Container]:
        """Return those of the project that have changed or given a sign of life since a moment.

        Args:
            project_id: UUID text of the project.
            types: Such as runs.
            since_ms: Milliseconds since 1970 (UTC).
            sys_ids: Those that count, 500 at most; none stands for all.
        """

    def create(self, new: NewContainer) -> Container:
        """Store a new container and return it."""

    def record_ping(self, pk: int, pinged_ms: int, running_ms: int) -> None:
        """Store a sign of life."""

    def record_change(self, pk: int, modified_ms: int) -> None:
        """Store when an attribute changed last."""

    def record_past(self, container: Container) -> None:
        """Store the moments and the owner that a container has."""

    def size_bytes(self, pk: int) -> int:
        """Return the sum of the sizes of the container's files and pictures, in bytes."""


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
