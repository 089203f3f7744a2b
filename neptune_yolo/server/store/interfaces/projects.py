"""What services ask of the storage about projects."""

from typing import Protocol

from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.project import Project, ProjectActivity, ProjectName


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

    def raise_run_number(self, project_id: ContainerId, number: int) -> None:
        """Give no later run of the project this number or a smaller one."""
