"""Users, their API tokens, and their roles in workspaces and projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.exceptions import InvalidUserNameError

MAX_USER_NAME_LENGTH = 128


class WorkspaceRole(StrEnum):
    """What somebody is in a workspace; its owners own all projects in it."""

    MEMBER = "member"
    OWNER = "owner"


class Visibility(StrEnum):
    """Who may see a project without being a member of it."""

    PRIVATE = "priv"
    WORKSPACE = "workspace"
    PUBLIC = "pub"


@dataclass(frozen=True)
class User:
    """Somebody, or a program, that has an account.

    Attributes:
        name: What the user is called; it never changes.
        id: UUID text.
        is_admin: Whether the user may do everything on this server.
        is_service_account: Whether it is a program's account.
        is_active: Whether the user may sign in.
        created_ms: Milliseconds since 1970 (UTC).
    """

    name: str
    id: str
    is_admin: bool
    is_service_account: bool
    is_active: bool
    created_ms: int


@dataclass(frozen=True)
class ApiToken:
    """A token of a user, without its secret, which is kept nowhere.

    Attributes:
        id: UUID text.
        user_name: Whose it is.
        label: What it is for, in the user's words.
        created_ms: Milliseconds since 1970 (UTC).
        expires_ms: When it ends, in milliseconds since 1970 (UTC); None for never.
        revoked_ms: When it was revoked; None if it was not.
        used_ms: When it was exchanged for an access token last; None if it never was.
    """

    id: str
    user_name: str
    label: str
    created_ms: int
    expires_ms: int | None = None
    revoked_ms: int | None = None
    used_ms: int | None = None

    def is_valid(self, now_ms: int) -> bool:
        """Return whether the token can be used at a moment."""
        return self.revoked_ms is None and (self.expires_ms is None or now_ms < self.expires_ms)


@dataclass(frozen=True)
class Standing:
    """What the rights of a user in a project follow from.

    Attributes:
        visibility: Of the project.
        project_role: The user's own role in the project; None for no member.
        workspace_role: The user's role in the project's workspace; None for no member.
    """

    visibility: str
    project_role: Role | None
    workspace_role: WorkspaceRole | None

    @property
    def membership(self) -> Role | None:
        """The role of somebody who belongs to the project, by themselves or by its workspace; None otherwise."""
        if self.workspace_role is WorkspaceRole.OWNER:
            return Role.OWNER
        by_workspace = (
            Role.CONTRIBUTOR if self.workspace_role is not None and self.visibility == Visibility.WORKSPACE else None
        )
        return max((role for role in (self.project_role, by_workspace) if role is not None), default=None)

    @property
    def role(self) -> Role | None:
        """What somebody who has signed in may do in the project; None for nothing."""
        if self.membership is None and self.visibility == Visibility.PUBLIC:
            return Role.VIEWER
        return self.membership


@dataclass(frozen=True)
class Member:
    """Somebody who belongs to a project.

    Attributes:
        user: Who.
        role: What they may do.
    """

    user: User
    role: Role


@dataclass(frozen=True)
class WorkspaceMember:
    """Somebody who belongs to a workspace.

    Attributes:
        user: Who.
        role: What they are in it.
    """

    user: User
    role: WorkspaceRole


@dataclass(frozen=True)
class Invitation:
    """Membership of somebody who has no account yet.

    Attributes:
        workspace: Where to.
        invitee: User name or e-mail address.
        role: What they will be in the workspace.
        add_to_all_projects: Whether they become contributors of all its projects.
        created_ms: Milliseconds since 1970 (UTC).
    """

    workspace: str
    invitee: str
    role: WorkspaceRole
    add_to_all_projects: bool
    created_ms: int


WIRE_ROLES: Mapping[Role, str] = {Role.VIEWER: "viewer", Role.CONTRIBUTOR: "member", Role.OWNER: "manager"}
"""Roles in projects, as the client's requests call them."""


def require_user_name(name: str) -> str:
    """Return a name that a new user can have.

    Raises:
        InvalidUserNameError: If it is empty, too long, or holds spaces, slashes or unprintable characters.
    """
    fits = 0 < len(name) <= MAX_USER_NAME_LENGTH and name.isprintable() and not any(char in name for char in "/ ")
    if not fits:
        raise InvalidUserNameError(name)
    return name
