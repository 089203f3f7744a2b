"""Workspaces, members and invitations in the database."""

from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, Select, and_, bindparam, delete, func, select, update

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.users import Invitation, Member, Standing, User, WorkspaceMember, WorkspaceRole
from neptune_yolo.server.store.models import (
    invitations,
    project_members,
    projects,
    users,
    workspace_members,
    workspaces,
)
from neptune_yolo.server.store.upsert import insert_or_ignore
from neptune_yolo.server.store.users import to_user

_USER_NAME: BindParameter[str] = bindparam("user_name")
_STANDINGS: Select[Any] = (
    select(projects.c.id, projects.c.visibility, project_members.c.role, workspace_members.c.role.label("outer_role"))
    .select_from(projects)
    .outerjoin(
        project_members,
        and_(project_members.c.project_id == projects.c.id, project_members.c.user_name == _USER_NAME),
    )
    .outerjoin(
        workspace_members,
        and_(workspace_members.c.workspace == projects.c.workspace, workspace_members.c.user_name == _USER_NAME),
    )
)
_STANDING = _STANDINGS.where(projects.c.id == bindparam("project_id"))
"""Made once: it is asked for at nearly every request."""


class SqlWorkspaceStore:
    """Implements ``WorkspaceStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def exists(self, name: str) -> bool:
        """Return whether there is a workspace of that name."""
        return self._connection.scalar(select(workspaces.c.name).where(workspaces.c.name == name)) is not None

    def create(self, name: str, now_ms: int) -> bool:
        """Store a workspace; False if it is there already."""
        return insert_or_ignore(self._connection, workspaces, name=name, created_ms=now_ms)

    def list_all(self) -> list[str]:
        """Return the names of all workspaces, sorted."""
        return list(self._connection.scalars(select(workspaces.c.name).order_by(workspaces.c.name)))

    def roles_of(self, user_name: str) -> dict[str, WorkspaceRole]:
        """Return the workspaces that a user is a member of, with the role in each."""
        statement = select(workspace_members.c.workspace, workspace_members.c.role).where(
            workspace_members.c.user_name == user_name
        )
        return {row.workspace: WorkspaceRole(row.role) for row in self._connection.execute(statement)}

    def list_members(self, name: str) -> list[WorkspaceMember]:
        """Return the members of a workspace, by name."""
        statement = (
            select(users, workspace_members.c.role)
            .join(workspace_members, workspace_members.c.user_name == users.c.name)
            .where(workspace_members.c.workspace == name)
            .order_by(users.c.name)
        )
        rows = self._connection.execute(statement).mappings()
        return [WorkspaceMember(to_user(row), WorkspaceRole(row[workspace_members.c.role])) for row in rows]

    def put_member(self, name: str, user_name: str, role: WorkspaceRole) -> None:
        """Make a user a member of a workspace, or give a member another role."""
        key = and_(workspace_members.c.workspace == name, workspace_members.c.user_name == user_name)
        if not insert_or_ignore(
            self._connection, workspace_members, workspace=name, user_name=user_name, role=role.value
        ):
            self._connection.execute(update(workspace_members).where(key).values(role=role.value))

    def remove_member(self, name: str, user_name: str) -> bool:
        """Take a user out of a workspace; False for no member."""
        statement = delete(workspace_members).where(
            workspace_members.c.workspace == name, workspace_members.c.user_name == user_name
        )
        return self._connection.execute(statement).rowcount > 0

    def invite(self, invitation: Invitation) -> bool:
        """Store an invitation; False if there is one already."""
        return insert_or_ignore(
            self._connection,
            invitations,
            workspace=invitation.workspace,
            invitee=invitation.invitee,
            role=invitation.role.value,
            add_to_all_projects=invitation.add_to_all_projects,
            created_ms=invitation.created_ms,
        )

    def take_invitations(self, invitee: str) -> list[Invitation]:
        """Return the invitations of somebody, and forget them."""
        rows = self._connection.execute(select(invitations).where(invitations.c.invitee == invitee)).mappings()
        found = [
            Invitation(
                workspace=row[invitations.c.workspace],
                invitee=row[invitations.c.invitee],
                role=WorkspaceRole(row[invitations.c.role]),
                add_to_all_projects=row[invitations.c.add_to_all_projects],
                created_ms=row[invitations.c.created_ms],
            )
            for row in rows
        ]
        self._connection.execute(delete(invitations).where(invitations.c.invitee == invitee))
        return found


class SqlMemberStore:
    """Implements ``MemberStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self, project_id: ContainerId, user_name: str) -> Standing | None:
        """Return what the rights of a user in a project follow from; None if there is no such project."""
        parameters = {"user_name": user_name, "project_id": project_id}
        row = self._connection.execute(_STANDING, parameters).mappings().one_or_none()
        return None if row is None else _to_standing(row)

    def standings(self, user_name: str) -> dict[ContainerId, Standing]:
        """Return what the rights of a user follow from, for all projects."""
        rows = self._connection.execute(_STANDINGS, {"user_name": user_name}).mappings()
        return {ContainerId(row[projects.c.id]): _to_standing(row) for row in rows}

    def list_members(self, project_id: ContainerId) -> list[Member]:
        """Return who belongs to a project, by themselves or by its workspace, by name."""
        statement = (
            select(users, projects.c.visibility, project_members.c.role, workspace_members.c.role.label("outer_role"))
            .select_from(projects)
            .join(users, users.c.is_active)
            .outerjoin(
                project_members,
                and_(project_members.c.project_id == projects.c.id, project_members.c.user_name == users.c.name),
            )
            .outerjoin(
                workspace_members,
                and_(
                    workspace_members.c.workspace == projects.c.workspace,
                    workspace_members.c.user_name == users.c.name,
                ),
            )
            .where(projects.c.id == project_id)
            .order_by(users.c.name)
        )
        found: list[tuple[User, Role | None]] = [
            (to_user(row), _to_standing(row).membership) for row in self._connection.execute(statement).mappings()
        ]
        return [Member(user, role) for user, role in found if role is not None]

    def add(self, project_id: ContainerId, user_name: str, role: Role) -> bool:
        """Make a user a member of a project; False for one who is a member already."""
        values = {"project_id": project_id, "user_name": user_name, "role": role.name.lower()}
        return insert_or_ignore(self._connection, project_members, **values)

    def remove(self, project_id: ContainerId, user_name: str) -> bool:
        """Take a user out of a project; False for no member."""
        statement = delete(project_members).where(
            project_members.c.project_id == project_id, project_members.c.user_name == user_name
        )
        return self._connection.execute(statement).rowcount > 0

    def count_projects(self, workspace: str) -> int:
        """Return the number of projects of a workspace."""
        statement = select(func.count()).select_from(projects).where(projects.c.workspace == workspace)
        return int(self._connection.execute(statement).scalar_one())


def _to_standing(row: RowMapping) -> Standing:
    project_role, workspace_role = row[project_members.c.role], row["outer_role"]
    return Standing(
        visibility=row[projects.c.visibility],
        project_role=None if project_role is None else Role[project_role.upper()],
        workspace_role=None if workspace_role is None else WorkspaceRole(workspace_role),
    )
