"""What a caller may see and do. Every service asks here before it reads or writes."""

from collections.abc import Mapping
from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Caller, Role
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.ids import ContainerId, SysId
from neptune_yolo.server.domain.project import Project, ProjectName
from neptune_yolo.server.domain.users import WorkspaceRole
from neptune_yolo.server.exceptions import ForbiddenError, NotFoundError
from neptune_yolo.server.store.interfaces import Session

_PROJECT = "project"
_CONTAINER = "run, model or project"
_ROLE_WORDS: Mapping[Role, str] = {
    Role.VIEWER: "viewer",
    Role.CONTRIBUTOR: "contributor",
    Role.OWNER: "owner",
}


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
            ForbiddenError: If the caller may see it, and not do that.
        """
        container = _find_container(session, identifier)
        if container is None:
            raise NotFoundError(_CONTAINER, identifier)
        self.require(session, container.project_id, role, identifier, kind=_CONTAINER)
        return container

    def project(self, session: Session, project_id: str, role: Role) -> Project:
        """Return a project by its UUID.

        Raises:
            NotFoundError: If there is none that the caller may see.
            ForbiddenError: If the caller may see it, and not do that.
        """
        project = session.projects.find_by_id(ContainerId(project_id))
        if project is None:
            raise NotFoundError(_PROJECT, project_id)
        self.require(session, project.id, role, project_id)
        return project

    def named_project(self, session: Session, identifier: str, role: Role) -> Project:
        """Return a project by its UUID or its name.

        Raises:
            NotFoundError: If there is none that the caller may see.
            ForbiddenError: If the caller may see it, and not do that.
            InvalidProjectNameError: If there is none, and the identifier has not the form of a name.
        """
        project = find_project(session, identifier, self.default_workspace)
        if project is None:
            raise NotFoundError(_PROJECT, identifier)
        self.require(session, project.id, role, identifier)
        return project

    def workspace(self, session: Session, name: str, role: WorkspaceRole) -> str:
        """Return the name of a workspace in which the caller has a role.

        Raises:
            NotFoundError: If there is none that the caller may know of.
            ForbiddenError: If the caller may know of it, and not do that.
        """
        if self.caller.is_admin and session.workspaces.exists(name):
            return name
        own = self.workspace_roles(session).get(name)
        if own is WorkspaceRole.OWNER or own is role:
            return name
        if own is None and all(project.name.workspace != name for project, _ in self.visible_projects(session)):
            raise NotFoundError("workspace", name)
        raise ForbiddenError(
            f"Expected {'an owner' if role is WorkspaceRole.OWNER else 'a member'} of workspace {name!r}, got "
            f"{self.caller.user_name!r}, who is not. Ask one of its owners."
        )

    def workspace_roles(self, session: Session) -> dict[str, WorkspaceRole]:
        """Return the workspaces that the caller is a member of; an administrator owns all."""
        if self.caller.is_admin:
            return dict.fromkeys(session.workspaces.list_all(), WorkspaceRole.OWNER)
        return session.workspaces.roles_of(self.caller.user_name) if self.caller.user_name else {}

    def visible_projects(self, session: Session) -> list[tuple[Project, bool]]:
        """Return the projects that the caller may see, by name, each with whether the caller belongs to it."""
        projects = session.projects.list_all()
        if self.caller.is_admin:
            return [(project, True) for project in projects]
        standings = session.members.standings(self.caller.user_name) if self.caller.user_name else {}
        return [
            (project, standings[project.id].membership is not None)
            for project in projects
            if project.id in standings and standings[project.id].role is not None
        ]

    def require(
        self, session: Session, project_id: ContainerId, role: Role, identifier: str, *, kind: str = _PROJECT
    ) -> None:
        """Require a role in a project.

        Args:
            session: The transaction.
            project_id: UUID text of the project.
            role: What the caller wants to do.
            identifier: What the caller asked for, for the message.
            kind: What that is; the message is the same as where there is none.

        Raises:
            NotFoundError: If the caller may not see the project.
            ForbiddenError: If the caller may see it, and not do that.
        """
        own = self.role(session, project_id)
        if own is None:
            raise NotFoundError(kind, identifier)
        if own < role:
            project = session.projects.find_by_id(project_id)
            shown = identifier if project is None else str(project.name)
            raise ForbiddenError(
                f"Expected the role of {_ROLE_WORDS[role]} (or more) in the project {shown!r}, but "
                f"{self.caller.user_name!r} has that of {_ROLE_WORDS[own]}. Ask an owner of the project for more."
            )

    def may(self, session: Session, project_id: ContainerId, role: Role) -> bool:
        """Return whether the caller has a role in a project."""
        own = self.role(session, project_id)
        return own is not None and own >= role

    def role(self, session: Session, project_id: ContainerId) -> Role | None:
        """Return what the caller may do in a project, as the database says at this moment; None for nothing."""
        if self.caller.is_admin:
            return Role.OWNER
        if not self.caller.user_name:
            return None
        standing = session.members.standing(project_id, self.caller.user_name)
        return None if standing is None else standing.role


def find_project(session: Session, identifier: str, default_workspace: str) -> Project | None:
    """Return a project by ``workspace/name``, ``name``, UUID text or ``workspace/UUID text``; None if there is none.

    Raises:
        InvalidProjectNameError: If there is none, and the identifier has not the form of a name.
    """
    by_id = session.projects.find_by_id(ContainerId(identifier))
    if by_id is not None:
        return by_id
    name = ProjectName.parse(identifier, default_workspace)
    by_name = session.projects.find_by_name(name)
    if by_name is not None:
        return by_name
    inside = session.projects.find_by_id(ContainerId(name.name))
    return inside if inside is not None and inside.name.workspace == name.workspace else None


def _find_container(session: Session, identifier: str) -> Container | None:
    found = session.containers.find_by_id(ContainerId(identifier))
    parts = identifier.split("/")
    if found is None and len(parts) == 3:  # noqa: PLR2004 - workspace, project, sys_id
        found = session.containers.find_by_sys_id(ProjectName(parts[0], parts[1]), SysId(parts[2]))
    return found
