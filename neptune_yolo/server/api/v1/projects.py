"""Projects and workspaces."""

from typing import Annotated

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Nothing, Operation, Record
from neptune_yolo.server.api.v1.values import ProjectPath
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import Visibility
from neptune_yolo.server.exceptions import InvalidProjectNameError
from neptune_yolo.server.services.project_lists import MAX_DESCRIPTION_LENGTH, ProjectFacts
from neptune_yolo.server.services.projects import NewProject

Description = Annotated[str, msgspec.Meta(max_length=MAX_DESCRIPTION_LENGTH)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class ProjectSearch(Record, frozen=True, kw_only=True):
    """Which projects: ``search`` is a part of the name or description, in any case of letters."""

    search: Annotated[str, msgspec.Meta(max_length=256)] = ""
    workspace: str | None = None
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class ProjectView(Record, frozen=True, kw_only=True):
    """A project; moments are in milliseconds since 1970 (UTC).

    ``visibility`` is ``priv``, ``workspace`` or ``pub``; ``role`` is what the caller may do in it: ``viewer``,
    ``contributor`` or ``owner``. ``modified_ms`` is when something in it changed last.
    """

    id: str
    workspace: str
    name: str
    key: str
    visibility: str
    description: str
    created_ms: int
    modified_ms: int
    run_count: int
    running_count: int
    role: str


class ProjectPage(Record, frozen=True, kw_only=True):
    """Some of ``total`` projects, those that changed last first."""

    total: int
    projects: list[ProjectView]


class ProjectWanted(Record, frozen=True, kw_only=True):
    """A project to be made: ``key`` begins the identifiers of its runs, null lets the server choose."""

    workspace: Name
    name: Name
    key: str | None = None
    visibility: Visibility = Visibility.WORKSPACE
    description: Description = ""


class ProjectChange(Record, frozen=True, kw_only=True):
    """What is to be another; null leaves it as it is, an empty description takes it away."""

    visibility: Visibility | None = None
    description: Description | None = None


class WorkspaceView(Record, frozen=True, kw_only=True):
    """A workspace; ``role`` is the caller's, ``member`` or ``owner``, null for no member."""

    name: str
    role: str | None


class WorkspaceList(Record, frozen=True, kw_only=True):
    """Workspaces, by name."""

    workspaces: list[WorkspaceView]


def list_projects(asked: Asked, where: ProjectSearch) -> ProjectPage:
    """Return the projects that the caller may see, a page of them."""
    total, found = asked.services.project_lists.page(where.search, where.workspace, where.offset, where.limit)
    return ProjectPage(total=total, projects=[_view(facts) for facts in found])


def get_project(asked: Asked, where: ProjectPath) -> ProjectView:
    """Return a project."""
    return _view(asked.services.project_lists.get(f"{where.workspace}/{where.project}"))


def create_project(asked: Asked, body: ProjectWanted) -> ProjectView:
    """Make a project in a workspace of the caller."""
    if "/" in body.workspace or "/" in body.name:
        raise InvalidProjectNameError(f"{body.workspace}/{body.name}")
    name = ProjectName.parse(f"{body.workspace}/{body.name}", body.workspace)
    new = NewProject(name, body.key or None, body.visibility, body.description.strip() or None)
    created = asked.services.projects.create(new)
    return _view(asked.services.project_lists.get(created.id))


def change_project(asked: Asked, where: ProjectPath, body: ProjectChange) -> ProjectView:
    """Change the description of a project, or who may see it; for its owners."""
    identifier = f"{where.workspace}/{where.project}"
    return _view(asked.services.project_lists.change(identifier, body.visibility, body.description))


def delete_project(asked: Asked, where: ProjectPath) -> Nothing:
    """Delete a project with all its runs, models and files, those in its trash too, for ever; for its owners."""
    asked.services.projects.delete(f"{where.workspace}/{where.project}")
    return Nothing()


def list_workspaces(asked: Asked) -> WorkspaceList:
    """Return the workspaces that the caller belongs to, or may see a project of."""
    found = asked.services.project_lists.workspaces()
    return WorkspaceList(workspaces=[WorkspaceView(name=name, role=role) for name, role in found.items()])


def _view(facts: ProjectFacts) -> ProjectView:
    project, activity = facts.project, facts.activity
    return ProjectView(
        id=project.id,
        workspace=project.name.workspace,
        name=project.name.name,
        key=project.key,
        visibility=project.visibility,
        description=project.description or "",
        created_ms=project.created_ms,
        modified_ms=activity.modified_ms,
        run_count=activity.run_count,
        running_count=activity.running_count,
        role=facts.role.name.lower(),
    )


PROJECT_OPERATIONS = (
    Operation("GET", "/projects", list_projects, "projects"),
    Operation("POST", "/projects", create_project, "projects"),
    Operation("GET", "/projects/{workspace}/{project}", get_project, "projects"),
    Operation("PATCH", "/projects/{workspace}/{project}", change_project, "projects"),
    Operation("DELETE", "/projects/{workspace}/{project}", delete_project, "projects"),
    Operation("GET", "/workspaces", list_workspaces, "projects"),
)
