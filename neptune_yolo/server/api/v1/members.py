"""Members of projects and workspaces."""

from typing import Literal

from neptune_yolo.server.api.v1.operation import Asked, Nothing, Operation, Record
from neptune_yolo.server.api.v1.values import ProjectPath
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.users import WorkspaceRole
from neptune_yolo.server.services.members import Account


class ProjectMemberPath(Record, frozen=True, kw_only=True):
    """Names a member of a project."""

    workspace: str
    project: str
    user: str


class WorkspacePath(Record, frozen=True, kw_only=True):
    """Names a workspace."""

    workspace: str


class WorkspaceMemberPath(Record, frozen=True, kw_only=True):
    """Names a member of a workspace."""

    workspace: str
    user: str


class ProjectRoleWanted(Record, frozen=True, kw_only=True):
    """What a member of a project may do."""

    role: Literal["viewer", "contributor", "owner"]


class WorkspaceRoleWanted(Record, frozen=True, kw_only=True):
    """What a member is in a workspace; its owners own all projects in it."""

    role: WorkspaceRole


class MemberView(Record, frozen=True, kw_only=True):
    """Somebody who belongs to a project or workspace.

    ``role`` is what they may do; ``own_role`` that which the project itself gives them, null for one who belongs to it
    by its workspace only.
    """

    user: str
    is_service_account: bool
    role: str
    own_role: str | None


class MemberList(Record, frozen=True, kw_only=True):
    """Members, by name."""

    members: list[MemberView]


def list_project_members(asked: Asked, where: ProjectPath) -> MemberList:
    """Return who belongs to a project, by themselves or by its workspace."""
    found = asked.services.members.list_with_own_roles(f"{where.workspace}/{where.project}")
    return MemberList(
        members=[
            MemberView(
                user=member.user.name,
                is_service_account=member.user.is_service_account,
                role=member.role.name.lower(),
                own_role=None if own is None else own.name.lower(),
            )
            for member, own in found
        ]
    )


def put_project_member(asked: Asked, where: ProjectMemberPath, body: ProjectRoleWanted) -> Nothing:
    """Make somebody a member of a project, or give a member another role; for its owners."""
    project = f"{where.workspace}/{where.project}"
    asked.services.members.put_project_member(project, where.user, Role[body.role.upper()])
    return Nothing()


def remove_project_member(asked: Asked, where: ProjectMemberPath) -> Nothing:
    """Take somebody out of a project; for its owners."""
    asked.services.members.remove_project_member(f"{where.workspace}/{where.project}", where.user)
    return Nothing()


def list_workspace_members(asked: Asked, where: WorkspacePath) -> MemberList:
    """Return the members of a workspace; for its members."""
    members = [
        MemberView(
            user=member.user.name,
            is_service_account=member.user.is_service_account,
            role=member.role.value,
            own_role=member.role.value,
        )
        for kind in Account
        for member in asked.services.members.list_workspace_members(where.workspace, kind)
    ]
    return MemberList(members=sorted(members, key=lambda member: member.user))


def put_workspace_member(asked: Asked, where: WorkspaceMemberPath, body: WorkspaceRoleWanted) -> Nothing:
    """Make somebody a member of a workspace, or give a member another role; for its owners."""
    asked.services.members.put_workspace_member(where.workspace, where.user, body.role)
    return Nothing()


def remove_workspace_member(asked: Asked, where: WorkspaceMemberPath) -> Nothing:
    """Take somebody out of a workspace; for its owners."""
    asked.services.members.remove_workspace_member(where.workspace, where.user)
    return Nothing()


_OF_PROJECT, _OF_WORKSPACE = "/projects/{workspace}/{project}/members", "/workspaces/{workspace}/members"

MEMBER_OPERATIONS = (
    Operation("GET", _OF_PROJECT, list_project_members, "members"),
    Operation("PUT", f"{_OF_PROJECT}/{{user}}", put_project_member, "members"),
    Operation("DELETE", f"{_OF_PROJECT}/{{user}}", remove_project_member, "members"),
    Operation("GET", _OF_WORKSPACE, list_workspace_members, "members"),
    Operation("PUT", f"{_OF_WORKSPACE}/{{user}}", put_workspace_member, "members"),
    Operation("DELETE", f"{_OF_WORKSPACE}/{{user}}", remove_workspace_member, "members"),
)
