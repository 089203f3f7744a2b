"""What a caller may see and do. Every service asks here before it reads or writes."""

from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Caller, Role
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.ids import ContainerId, SysId
from neptune_yolo.server.domain.project import Project, ProjectName
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.store.interfaces import Session


@dataclass(frozen=True)
class Access:
    """The rights of one caller.

    Attributes:
        caller: Who asks.
        default_workspace: Workspace of projects that are named without one.
        create_projects: Whether a project that is named for the first time is created.
    """

    caller: Caller
    default_workspace: str
    create_projects: bool

    def container(self, session: Session, identifier: str, role: Role) -> Container:
        """Return a container by UUID or by ``workspace/project/SYS-ID``.

        Args:
            session: The transaction.
            identifier: Which container.
            role: What the caller wants to do with it.

        Raises:
            NotFoundError: If there is none that the caller may see.
        """
        container = _find_container(session, identifier)
        if container is None:
            raise NotFoundError("run, model or project", identifier)
        self.require(session, container.project_id, role, identifier)
        return container

    def project(self, session: Session, project_id: str, role: Role) -> Project:
        """Return a project by its UUID.

        Raises:
            NotFoundError: If there is none that the caller may see.
        """
        project = session.projects.find_by_id(ContainerId(project_id))
        if project is None:
            raise NotFoundError("project", project_id)
        self.require(session, project.id, role, project_id)
        return project

    def require(self, session: Session, project_id: ContainerId, role: Role, identifier: str) -> None:
        """Require a role in a project.

        Args:
            session: The transaction.
            project_id: UUID text of the project.
            role: What the caller wants to do.
            identifier: What the caller asked for, for the message.

        Raises:
            NotFoundError: If the caller may not see the project.
        """
        if not self.may(session, project_id, role):
            raise NotFoundError("project, run or model", identifier)

    def may(self, session: Session, project_id: ContainerId, role: Role) -> bool:  # noqa: ARG002 - asked of the store
        """Return whether the caller has a role in a project."""
        return self.caller.is_admin


def _find_container(session: Session, identifier: str) -> Container | None:
    found = session.containers.find_by_id(ContainerId(identifier))
    parts = identifier.split("/")
    if found is None and len(parts) == 3:  # noqa: PLR2004 - workspace, project, sys_id
        found = session.containers.find_by_sys_id(ProjectName(parts[0], parts[1]), SysId(parts[2]))
    return found
