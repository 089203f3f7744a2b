"""Users, tokens and projects by hand, straight on a server's database; the server may run or not."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from neptune_yolo.server.configuration import ServerConfiguration
from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.domain.caller import Caller, Role
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.project import Project, ProjectName
from neptune_yolo.server.domain.users import ApiToken, Member, Visibility, WorkspaceRole
from neptune_yolo.server.exceptions import ConfigurationError, NotFoundError
from neptune_yolo.server.home import HomeLayout, data_home
from neptune_yolo.server.process import sqlite_url
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.services.members import Account
from neptune_yolo.server.services.projects import NewProject
from neptune_yolo.server.services.trash import TrashOutcome
from neptune_yolo.server.services.users import NewUser, UserService
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.storage import open_blobs
from neptune_yolo.server.store.sql import SqlStore
from neptune_yolo.server.team_process import server_settings

__all__ = ["Administration", "NewUser", "embedded_administration", "team_administration"]

MILLISECONDS_PER_DAY = 24 * 3600 * 1000
_ALL_PROJECTS = 1_000_000


@dataclass(frozen=True)
class Administration:
    """What may be done by hand.

    Attributes:
        factory: Makes services.
        settings: Of the server.
        made_database: The database, without its password, if it had no tables and they were made now; else None.
    """

    factory: ServiceFactory
    settings: ServerSettings
    made_database: str | None = None

    @property
    def users(self) -> UserService:
        """Users and API tokens."""
        return UserService(self.factory.store, self.factory.clock)

    def join_workspace(self, user_name: str, workspace: str, role: str) -> bool:
        """Make a user a member of a workspace, or give the member another role; the workspace is made if need be.

        Args:
            user_name: Name of a user.
            workspace: Name of the workspace.
            role: ``member`` or ``owner``.

        Returns:
            Whether the workspace was made.

        Raises:
            NotFoundError: If there is no such user.
        """
        return self.users.join_workspace(user_name, workspace, WorkspaceRole(role))

    def add_user(self, new: NewUser, password: str | None, workspaces: dict[str, str]) -> list[str]:
        """Make a user who is a member of workspaces.

        Args:
            new: The user.
            password: For the pages; None for a user who has tokens only.
            workspaces: Names of workspaces, and the role in each (``member`` or ``owner``).

        Returns:
            The names of the workspaces that were made.

        Raises:
            InvalidUserNameError: If the name has not the form of one.
            ConflictError: If the name is taken.
        """
        user = self.users.add(new, password)
        return [workspace for workspace, role in workspaces.items() if self.join_workspace(user.name, workspace, role)]

    def create_token(self, user_name: str, label: str, days: float | None) -> tuple[ApiToken, str]:
        """Make an API token; return it, and what a client needs as ``NEPTUNE_API_TOKEN``, which is not kept.

        Args:
            user_name: Whose it will be.
            label: What it is for.
            days: How long it is good; None for ever.

        Raises:
            NotFoundError: If there is no such user.
        """
        expires_ms = None if days is None else self.factory.clock() + int(days * MILLISECONDS_PER_DAY)
        token, secret = self.users.create_token(user_name, label, expires_ms)
        return token, make_api_token(self.settings.public_url, secret)

    def create_project(self, name: str, *, key: str | None, visibility: str, description: str | None) -> Project:
        """Create a project, and its workspace if there is none.

        Raises:
            InvalidProjectNameError: If the name has not the form ``workspace/name``.
            ProjectExistsError: If there is one of that name.
            ProjectKeyTakenError: If the workspace has one of that key.
        """
        parsed = ProjectName.parse(name, self.settings.default_workspace)
        return self._services.projects.create(NewProject(parsed, key, Visibility(visibility), description))

    def list_projects(self, workspace: str | None) -> list[Project]:
        """Return all projects, or those of a workspace, by name."""
        return self._services.projects.search("", _ALL_PROJECTS, workspace=workspace)

    def delete_project(self, name: str) -> None:
        """Delete a project with all that is in it, and free its bytes.

        Raises:
            NotFoundError: If there is none.
        """
        self._services.projects.delete(name)

    def list_trash(self, project: str) -> list[Container]:
        """Return what lies in a project's trash, oldest first.

        Raises:
            NotFoundError: If there is no such project.
        """
        return self._services.trash.list_trashed(project)

    def restore_from_trash(self, project: str, identifiers: Sequence[str]) -> TrashOutcome:
        """Take containers out of a project's trash.

        Raises:
            NotFoundError: If there is no such project.
        """
        return self._services.trash.restore(project, identifiers)

    def list_members(self, project: str) -> list[Member]:
        """Return who belongs to a project, programs included.

        Raises:
            NotFoundError: If there is none.
        """
        members = self._services.members
        return [member for kind in Account for member in members.list_project_members(project, kind)]

    def add_member(self, project: str, user_name: str, role: str) -> None:
        """Make a user a member of a project, or give a member another role.

        Raises:
            NotFoundError: If there is no such project or user.
        """
        if all(user.name != user_name for user in self.users.list_all()):
            raise NotFoundError("user", user_name)
        self._services.members.put_project_member(project, user_name, Role[role.upper()])

    def remove_member(self, project: str, user_name: str) -> None:
        """Take a user out of a project.

        Raises:
            NotFoundError: If there is no such project.
            NotApplicableError: If the user is no member of it.
        """
        self._services.members.remove_project_member(project, user_name)

    @property
    def _services(self) -> Services:
        return self.factory.for_caller(Caller(self.settings.user_name, is_admin=True))


@contextmanager
def team_administration(configuration: ServerConfiguration) -> Iterator[Administration]:
    """Open the database of a team server.

    Args:
        configuration: Checked settings.

    Raises:
        ConfigurationError: If the address of the server is not known.
        StorageUnavailableError: If the database cannot be opened.
    """
    if configuration.public_url is None and not configuration.port:
        raise ConfigurationError(
            "Expected the address of the server, which API tokens name, got port 0. Set public_url or port."
        )
    with _opened(server_settings(configuration, configuration.port)) as administration:
        yield administration


@contextmanager
def embedded_administration(home: Path | None) -> Iterator[Administration]:
    """Open the database of an embedded server.

    Args:
        home: Its data folder; None for the usual one.

    Raises:
        ConfigurationError: If there is none.
        StorageUnavailableError: If the database cannot be opened.
    """
    layout = HomeLayout(data_home() if home is None else home.expanduser().absolute())
    if not layout.database.is_file():
        raise ConfigurationError(
            f"Expected the data folder of an embedded server, got {str(layout.root)!r} without a database. Correct "
            "--home, start the server once (neptune-yolo server start), or name a team server by --config."
        )
    settings = ServerSettings(
        database_url=sqlite_url(layout.database),
        file_root=layout.files,
        api_secret=None,
        signing_key="",
        page_key=None,
        public_url="",
    )
    with _opened(settings) as administration:
        yield administration


@contextmanager
def _opened(settings: ServerSettings) -> Iterator[Administration]:
    store = SqlStore(settings.database_url)
    try:
        factory = ServiceFactory(store, open_blobs(settings.file_root, settings.bucket), settings)
        yield Administration(factory, settings, store.name if store.is_new else None)
    finally:
        store.close()
