"""Projects as the dashboard shows them: with what goes on in them, and what the caller may do."""

from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.project import Project, ProjectActivity
from neptune_yolo.server.domain.users import Visibility, WorkspaceRole
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Session, Store

MAX_DESCRIPTION_LENGTH = 10_000


@dataclass(frozen=True)
class ProjectFacts:
    """A project with what goes on in it.

    Attributes:
        project: The project.
        activity: Its runs.
        role: What the caller may do in it.
    """

    project: Project
    activity: ProjectActivity
    role: Role


@dataclass(frozen=True)
class ProjectListService:
    """Lists, shows and changes projects.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        clock: Gives the present moment.
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    access: Access
    store: Store
    clock: Clock
    idle_after_ms: int

    def page(self, term: str, workspace: str | None, offset: int, limit: int) -> tuple[int, list[ProjectFacts]]:
        """Return how many projects the caller may see, and some of them; those that changed last come first.

        Args:
            term: Part of the qualified name or the description, in any case of letters.
            workspace: Of this workspace only; None for all.
            offset: Position of the first.
            limit: Number of projects.
        """
        wanted = term.strip().casefold()
        with self.store.read() as session:
            activity = session.projects.activity(self.clock() - self.idle_after_ms)
            found = [
                (project, activity.get(project.id, ProjectActivity(0, 0, project.created_ms)))
                for project, _ in self.access.visible_projects(session)
                if workspace in (None, project.name.workspace)
                and (wanted in str(project.name).casefold() or wanted in (project.description or "").casefold())
            ]
            found.sort(key=lambda entry: entry[1].modified_ms, reverse=True)
            shown = found[offset : offset + limit]
            return len(found), [ProjectFacts(*entry, self._role(session, entry[0])) for entry in shown]

    def get(self, identifier: str) -> ProjectFacts:
        """Return a project.

        Raises:
            NotFoundError: If there is none that the caller may see.
        """
        with self.store.read() as session:
            return self._facts(session, self.access.named_project(session, identifier, Role.VIEWER))

    def change(self, identifier: str, visibility: Visibility | None, description: str | None) -> ProjectFacts:
        """Change a project; None leaves something as it is, an empty description takes it away.

        Raises:
            NotFoundError: If there is none that the caller may see.
            ForbiddenError: If the caller does not own it.
            InvalidRequestError: If the description is too long.
        """
        if description is not None and (len(description) > MAX_DESCRIPTION_LENGTH or "\0" in description):
            raise InvalidRequestError(
                f"Expected a description of at most {MAX_DESCRIPTION_LENGTH} characters, none of them NUL; got "
                f"{len(description)}. Shorten it."
            )
        with self.store.write() as session:
            found = self.access.named_project(session, identifier, Role.OWNER)
            session.projects.change(
                found.id,
                visibility=found.visibility if visibility is None else visibility.value,
                description=found.description if description is None else description.strip() or None,
            )
            return self._facts(session, self.access.named_project(session, identifier, Role.OWNER))

    def workspaces(self) -> dict[str, WorkspaceRole | None]:
        """Return the workspaces that the caller may see something of, with the caller's role in each."""
        with self.store.read() as session:
            own = self.access.workspace_roles(session)
            seen = {project.name.workspace for project, _ in self.access.visible_projects(session)}
        if self.access.caller.is_admin:
            own.setdefault(self.access.default_workspace, WorkspaceRole.OWNER)
        return {name: own.get(name) for name in sorted(seen | set(own))}

    def _facts(self, session: Session, project: Project) -> ProjectFacts:
        activity = session.projects.activity(self.clock() - self.idle_after_ms, project.id)
        found = activity.get(project.id, ProjectActivity(0, 0, project.created_ms))
        return ProjectFacts(project, found, self._role(session, project))

    def _role(self, session: Session, project: Project) -> Role:
        return self.access.role(session, project.id) or Role.VIEWER
