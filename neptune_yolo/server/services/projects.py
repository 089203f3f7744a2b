"""Find projects, and make them on first use."""

import uuid
from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import ContainerType, NewContainer
from neptune_yolo.server.domain.ids import ContainerId, SysId
from neptune_yolo.server.domain.project import Project, ProjectName, make_key
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Session, Store


@dataclass(frozen=True)
class ProjectService:
    """Projects.

    Attributes:
        access: What the caller may do; projects belong to the caller.
        store: Gives transactions.
        clock: Gives the present moment.
    """

    access: Access
    store: Store
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
        with self.store.write() as session:
            return self._find(session, identifier) or self._create(session, identifier)

    def search(self, term: str, limit: int) -> list[Project]:
        """Return up to ``limit`` projects whose qualified name contains ``term``, by name."""
        with self.store.read() as session:
            projects = [
                project for project in session.projects.list_all() if self.access.may(session, project.id, Role.VIEWER)
            ]
        wanted = term.casefold()
        return [project for project in projects if wanted in str(project.name).casefold()][:limit]

    def list_workspaces(self) -> list[str]:
        """Return the names of all workspaces, the default one included."""
        with self.store.read() as session:
            return sorted({self.access.default_workspace, *session.projects.list_workspaces()})

    def _find(self, session: Session, identifier: str) -> Project | None:
        by_id = session.projects.find_by_id(ContainerId(identifier))
        return by_id or session.projects.find_by_name(ProjectName.parse(identifier, self.access.default_workspace))

    def _create(self, session: Session, identifier: str) -> Project:
        name = ProjectName.parse(identifier, self.access.default_workspace)
        now_ms = self.clock()
        project = Project(
            id=ContainerId(str(uuid.uuid4())),
            name=name,
            key=make_key(name.name, session.projects.keys(name.workspace)),
            visibility="workspace",
            created_ms=now_ms,
        )
        session.projects.create(project)
        session.containers.create(
            NewContainer(
                id=project.id,
                type=ContainerType.PROJECT,
                sys_id=SysId(project.key),
                project_id=project.id,
                owner=self.access.caller.user_name,
                custom_run_id=None,
                created_ms=now_ms,
            )
        )
        return project
