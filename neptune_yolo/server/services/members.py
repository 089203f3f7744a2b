"""Who belongs to projects and workspaces."""

import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.users import Invitation, Member, User, WorkspaceMember, WorkspaceRole
from neptune_yolo.server.exceptions import ConflictError, NotApplicableError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Session, Store


class Account(Enum):
    """Kinds of accounts, which the client lists apart."""

    PERSON = False
    SERVICE = True

    def includes(self, user: User) -> bool:
        """Return whether a user is of this kind."""
        return user.is_service_account is self.value


@dataclass(frozen=True)
class WorkspaceStatus:
    """What a workspace holds.

    Attributes:
        member_count: Number of persons in it.
        project_count: Number of its projects.
        size_bytes: Sum of the sizes of its files and pictures.
        free_bytes: Room that is left for more; None where that is not known.
    """

    member_count: int
    project_count: int
    size_bytes: int
    free_bytes: int | None


@dataclass(frozen=True)
class MemberService:
    """Members of projects and workspaces, and invitations.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        clock: Gives the present moment.
        file_root: Folder of uploaded files; None where they are elsewhere.
    """

    access: Access
    store: Store
    clock: Clock
    file_root: Path | None

    def list_project_members(self, project: str, kind: Account) -> list[Member]:
        """Return who belongs to a project, by themselves or by its workspace.

        Args:
            project: Name or UUID text.
            kind: Persons or service accounts.

        Raises:
            NotFoundError: If there is none that the caller may see.
        """
        with self.store.read() as session:
            found = self.access.named_project(session, project, Role.VIEWER)
            return [member for member in session.members.list_members(found.id) if kind.includes(member.user)]

    def add_project_member(self, project: str, user_name: str, role: Role) -> None:
        """Make somebody a member of a project.

        Raises:
            NotFoundError: If there is no project that the caller may see.
            ForbiddenError: If the caller does not own it.
            NotApplicableError: If there is no such user.
            ConflictError: If the user is a member already, or has that role by the workspace.
        """
        with self.store.write() as session:
            found = self.access.named_project(session, project, Role.OWNER)
            user = _require_user(session, user_name)
            standing = session.members.standing(found.id, user.name)
            own = None if standing is None else standing.membership
            if (own is not None and own >= role) or not session.members.add(found.id, user.name, role):
                raise ConflictError(
                    f"Expected somebody who is not a member of {str(found.name)!r}, got {user_name!r}, who is. "
                    "Remove that member first to give another role."
                )

    def put_project_member(self, project: str, user_name: str, role: Role) -> None:
        """Make somebody a member of a project, or give a member another role.

        Args:
            project: Name or UUID text.
            user_name: Name of a user.
            role: What the member may do.

        Raises:
            NotFoundError: If there is no project that the caller may see.
            ForbiddenError: If the caller does not own it.
            NotApplicableError: If there is no such user.
        """
        with self.store.write() as session:
            found = self.access.named_project(session, project, Role.OWNER)
            _require_user(session, user_name)
            session.members.remove(found.id, user_name)
            session.members.add(found.id, user_name, role)

    def add_service_account(self, project: str, account_id: str, role: Role) -> None:
        """Make a service account a member of a project, see ``add_project_member``."""
        self.add_project_member(project, self._service_account_name(project, account_id), role)

    def remove_project_member(self, project: str, user_name: str) -> None:
        """Take somebody out of a project.

        Raises:
            NotFoundError: If there is no project that the caller may see.
            ForbiddenError: If the caller does not own it.
            NotApplicableError: If the user is no member of the project itself.
        """
        with self.store.write() as session:
            found = self.access.named_project(session, project, Role.OWNER)
            if not session.members.remove(found.id, user_name):
                raise NotApplicableError(
                    f"Expected a member of {str(found.name)!r}, got {user_name!r}, who is none. Whoever belongs to it "
                    "by its workspace has to leave the workspace."
                )

    def remove_service_account(self, project: str, account_id: str) -> None:
        """Take a service account out of a project, see ``remove_project_member``."""
        self.remove_project_member(project, self._service_account_name(project, account_id))

    def list_workspace_members(self, workspace: str, kind: Account) -> list[WorkspaceMember]:
        """Return the members of a workspace.

        Raises:
            NotFoundError: If there is none that the caller may know of.
            ForbiddenError: If the caller is no member.
        """
        with self.store.read() as session:
            name = self.access.workspace(session, workspace, WorkspaceRole.MEMBER)
            return [member for member in session.workspaces.list_members(name) if kind.includes(member.user)]

    def list_with_own_roles(self, project: str) -> list[tuple[Member, Role | None]]:
        """Return who belongs to a project, each with the role in the project itself; None for one by the workspace.

        Raises:
            NotFoundError: If there is none that the caller may see.
        """
        with self.store.read() as session:
            found = self.access.named_project(session, project, Role.VIEWER)
            members = session.members.list_members(found.id)
            standings = [session.members.standing(found.id, member.user.name) for member in members]
        own = [None if standing is None else standing.project_role for standing in standings]
        return list(zip(members, own, strict=True))

    def put_workspace_member(self, workspace: str, user_name: str, role: WorkspaceRole) -> None:
        """Make somebody a member of a workspace, or give a member another role.

        Raises:
            NotFoundError: If there is no workspace that the caller may know of.
            ForbiddenError: If the caller does not own it.
            NotApplicableError: If there is no such user.
        """
        with self.store.write() as session:
            name = self.access.workspace(session, workspace, WorkspaceRole.OWNER)
            session.workspaces.put_member(name, _require_user(session, user_name).name, role)

    def remove_workspace_member(self, workspace: str, user_name: str) -> None:
        """Take somebody out of a workspace.

        Raises:
            NotFoundError: If there is no workspace that the caller may know of.
            ForbiddenError: If the caller does not own it.
            NotApplicableError: If the user is no member of it.
        """
        with self.store.write() as session:
            name = self.access.workspace(session, workspace, WorkspaceRole.OWNER)
            if not session.workspaces.remove_member(name, user_name):
                raise NotApplicableError(
                    f"Expected a member of workspace {workspace!r}, got {user_name!r}, who is none. Check its spelling."
                )

    def invite(self, workspace: str, invitee: str, role: WorkspaceRole, *, add_to_all_projects: bool) -> None:
        """Make somebody a member of a workspace: at once, or as soon as a user of that name is made.

        Raises:
            NotFoundError: If there is no workspace that the caller may know of.
            ForbiddenError: If the caller does not own it.
            ConflictError: If the invitee is a member or invited already.
        """
        with self.store.write() as session:
            name = self.access.workspace(session, workspace, WorkspaceRole.OWNER)
            invitation = Invitation(name, invitee, role, add_to_all_projects, self.clock())
            is_known = session.users.find(invitee) is not None
            if is_known and name not in session.workspaces.roles_of(invitee):
                accept(session, invitation)
            elif is_known or not session.workspaces.invite(invitation):
                raise ConflictError(
                    f"Expected somebody new to workspace {workspace!r}, got {invitee!r}, who is a member or invited."
                )

    def workspace_status(self, workspace: str) -> WorkspaceStatus:
        """Return what a workspace holds.

        Raises:
            NotFoundError: If there is none that the caller may know of.
            ForbiddenError: If the caller is no member.
        """
        with self.store.read() as session:
            name = self.access.workspace(session, workspace, WorkspaceRole.MEMBER)
            members = session.workspaces.list_members(name)
            return WorkspaceStatus(
                member_count=sum(Account.PERSON.includes(member.user) for member in members),
                project_count=session.members.count_projects(name),
                size_bytes=session.projects.size_bytes(name),
                free_bytes=self._free_bytes(),
            )

    def _free_bytes(self) -> int | None:
        if self.file_root is None:
            return None
        try:
            return shutil.disk_usage(self.file_root).free
        except OSError:
            return None

    def _service_account_name(self, project: str, account_id: str) -> str:
        with self.store.read() as session:
            self.access.named_project(session, project, Role.OWNER)
            account = session.users.find_by_id(account_id)
        if account is None or not account.is_service_account:
            raise NotApplicableError(f"Expected the ID of a service account, got {account_id!r}. List them first.")
        return account.name


def _require_user(session: Session, name: str) -> User:
    user = session.users.find(name)
    if user is None:
        raise NotApplicableError(
            f"Expected the name of a user of this server, got {name!r}. Check its spelling, or have the user made "
            "first (neptune-yolo user add)."
        )
    return user


def accept(session: Session, invitation: Invitation) -> None:
    """Make an invited user a member.

    Args:
        session: The transaction.
        invitation: Its invitee is the name of a user.
    """
    session.workspaces.put_member(invitation.workspace, invitation.invitee, invitation.role)
    if invitation.add_to_all_projects:
        for project in session.projects.list_all():
            if project.name.workspace == invitation.workspace:
                session.members.add(project.id, invitation.invitee, Role.CONTRIBUTOR)
