"""Find, create and delete projects."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import ContainerType, NewContainer
from neptune_yolo.server.domain.ids import ContainerId, SysId, UploadId
from neptune_yolo.server.domain.project import Project, ProjectName, make_key, require_key
from neptune_yolo.server.domain.users import Visibility, WorkspaceRole
from neptune_yolo.server.exceptions import (
    InvalidProjectNameError,
    NotFoundError,
    ProjectExistsError,
    ProjectKeyTakenError,
)
from neptune_yolo.server.services.access import Access, find_project
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.services.collector import BlobCollector
from neptune_yolo.server.store.interfaces import BlobStore, Session, Store

DELETED_AT_ONCE = 20
"""Runs and models that are deleted in one transaction."""


@dataclass(frozen=True)
class NewProject:
    """A project that somebody wants to have.

    Attributes:
        name: Workspace and name.
        key: Beginning of its runs' identifiers; None lets the server choose.
        visibility: Who may see it without being a member.
        description: In the maker's words; None without one.
    """

    name: ProjectName
    key: str | None = None
    visibility: Visibility = Visibility.WORKSPACE
    description: str | None = None


@dataclass(frozen=True)
class ProjectService:
    """Projects.

    Attributes:
        access: What the caller may do; projects belong to the caller.
        store: Gives transactions.
        blobs: Keeps the bytes of files.
        collector: Removes the bytes of what is deleted.
        clock: Gives the present moment.
    """

    access: Access
    store: Store
    blobs: BlobStore
    collector: BlobCollector
    clock: Clock

    def get_or_create(self, identifier: str) -> Project:
        """Return a project by ID or name; one that is named for the first time is created.

        Args:
            identifier: UUID text, ``workspace/name`` or ``name``.

        Raises:
            NotFoundError: If the caller may not see it, or there is none and projects are not created on first use.
            InvalidProjectNameError: If there is no such project and the identifier has not the form of a name.
        """
        with self.store.read() as session:
            known = self._find(session, identifier)
            if known is not None:
                self.access.require(session, known.id, Role.VIEWER, identifier)
                return known
        if not self.access.create_projects:
            raise NotFoundError("project", identifier)
        return self._create_on_first_use(identifier)

    def create(self, new: NewProject) -> Project:
        """Create a project; its workspace as well, if there is none and the caller is an administrator.

        Raises:
            NotFoundError: If the caller may not know of the workspace.
            ForbiddenError: If the caller may not create projects in it.
            InvalidProjectKeyError: If the key has not the form of one.
            ProjectExistsError: If the workspace has a project of that name.
            ProjectKeyTakenError: If the workspace has a project of that key.
        """
        if new.key is not None:
            require_key(new.key)
        with self.store.write() as session:
            self._require_workspace(session, new.name.workspace)
            created = self._create(session, new)
            if created is not None:
                return created
            if new.key is not None and session.projects.find_by_name(new.name) is None:
                raise ProjectKeyTakenError(new.key)
            raise ProjectExistsError(str(new.name))

    def delete(self, identifier: str) -> None:
        """Delete a project with all that is in it, and free its bytes.

        Runs and models go in several transactions, so that other writers need not wait long; the project goes last. If
        the server ends in between, the project is still there, and can be deleted again.

        Raises:
            NotFoundError: If there is none that the caller may see.
            ForbiddenError: If the caller does not own it.
        """
        with self.store.read() as session:
            project = self.access.named_project(session, identifier, Role.OWNER)
            pks = session.trash.list_pks(project.id)
        for start in range(0, len(pks), DELETED_AT_ONCE):
            with self.store.write() as session:
                self.access.require(session, project.id, Role.OWNER, identifier)
                under_way = _delete_inside(session, pks[start : start + DELETED_AT_ONCE])
            self._discard(under_way)
        with self.store.write() as session:
            self.access.require(session, project.id, Role.OWNER, identifier)
            under_way = session.trash.delete(session.trash.list_pks(project.id))
            session.projects.delete(project.id)
        self._discard(under_way)
        self.collector.collect()

    def search(self, term: str, limit: int, *, workspace: str | None = None, only_own: bool = False) -> list[Project]:
        """Return up to ``limit`` projects that the caller may see, by name; first those that are named ``term``.

        Args:
            term: Part of the qualified name, or the UUID text of a project.
            limit: Number of projects at most.
            workspace: Of this workspace only; None for all.
            only_own: Whether to leave out projects that the caller may see without belonging to them.
        """
        with self.store.read() as session:
            visible = self.access.visible_projects(session)
        wanted = term.casefold()
        found = [
            project
            for project, belongs in visible
            if (wanted in str(project.name).casefold() or project.id == term)
            and workspace in (None, project.name.workspace)
            and (belongs or not only_own)
        ]
        found.sort(key=lambda project: term not in (project.name.name, project.id))
        return found[:limit]

    def find_or_create_bare(self, name: str) -> None:
        """Make sure that a project which a client names without its workspace is there, where first use creates it.

        Clients look such a name up among the projects before they ask for the project; see ``search``.

        Args:
            name: What the client looks for.
        """
        if not self.access.create_projects or _is_uuid(name):
            return
        if any(project.name.name == name for project in self.search(name, 1)):
            return
        try:
            self._create_on_first_use(name)
        except (InvalidProjectNameError, NotFoundError):
            return

    def list_workspaces(self) -> list[str]:
        """Return the names of the workspaces that the caller is a member of, or may see a project of."""
        with self.store.read() as session:
            seen = {project.name.workspace for project, _ in self.access.visible_projects(session)}
            own = set(self.access.workspace_roles(session))
        default = {self.access.default_workspace} if self.access.caller.is_admin else set()
        return sorted(seen | own | default)

    def _discard(self, under_way: Sequence[UploadId]) -> None:
        for upload_id in under_way:
            self.blobs.discard_parts(upload_id)

    def _find(self, session: Session, identifier: str) -> Project | None:
        return find_project(session, identifier, self.access.default_workspace)

    def _create_on_first_use(self, identifier: str) -> Project:
        with self.store.write() as session:
            name = ProjectName.parse(identifier, self.access.default_workspace)
            if not self.access.caller.is_admin and name.workspace not in self.access.workspace_roles(session):
                raise NotFoundError("project", identifier)
            known = self._find(session, identifier) or self._create(session, NewProject(name))
            found = known or session.projects.find_by_name(name)
            if found is None:
                raise NotFoundError("project", identifier)
            self.access.require(session, found.id, Role.VIEWER, identifier)
            return found

    def _require_workspace(self, session: Session, workspace: str) -> None:
        if not self.access.caller.is_admin:
            self.access.workspace(session, workspace, WorkspaceRole.MEMBER)

    def _create(self, session: Session, new: NewProject) -> Project | None:
        """Create a project and what it needs; None if its name or key is taken."""
        user = session.users.find(self.access.caller.user_name)
        if session.workspaces.create(new.name.workspace, self.clock()) and user is not None:
            session.workspaces.put_member(new.name.workspace, user.name, WorkspaceRole.OWNER)
        project = self._insert(session, new)
        if project is None:
            return None
        if user is not None:
            session.members.add(project.id, user.name, Role.OWNER)
        session.containers.create(
            NewContainer(
                id=project.id,
                type=ContainerType.PROJECT,
                sys_id=SysId(project.key),
                project_id=project.id,
                owner=self.access.caller.user_name,
                custom_run_id=None,
                created_ms=project.created_ms,
            )
        )
        return project

    def _insert(self, session: Session, new: NewProject) -> Project | None:
        """Insert a project; a key that another process has taken meanwhile is made anew."""
        while session.projects.find_by_name(new.name) is None:
            key = new.key or make_key(new.name.name, session.projects.keys(new.name.workspace))
            project = Project(
                id=ContainerId(str(uuid.uuid4())),
                name=new.name,
                key=key,
                visibility=new.visibility.value,
                created_ms=self.clock(),
                description=new.description,
            )
            if session.projects.create(project):
                return project
            if new.key is not None:
                return None
        return None


def _delete_inside(session: Session, pks: Sequence[int]) -> list[UploadId]:
    """Delete runs, models and versions, which nobody may change meanwhile; the project's own container stays."""
    locked = [session.trash.lock(pk) for pk in sorted(pks)]
    return session.trash.delete(
        [container.pk for container in locked if container is not None and container.type is not ContainerType.PROJECT]
    )


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
