"""What services ask of the storage about workspaces and members."""

from typing import Protocol

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.users import Invitation, Member, Standing, WorkspaceMember, WorkspaceRole


class WorkspaceStore(Protocol):
    """Workspaces, their members, and invitations to them."""

    def exists(self, name: str) -> bool:
        """Return whether there is a workspace of that name."""

    def create(self, name: str, now_ms: int) -> bool:
        """Store a workspace; False if it is there already."""

    def list_all(self) -> list[str]:
        """Return the names of all workspaces, sorted."""

    def roles_of(self, user_name: str) -> dict[str, WorkspaceRole]:
        """Return the workspaces that a user is a member of, with the role in each."""

    def list_members(self, name: str) -> list[WorkspaceMember]:
        """Return the members of a workspace, by name."""

    def put_member(self, name: str, user_name: str, role: WorkspaceRole) -> None:
        """Make a user a member of a workspace, or give a member another role."""

    def remove_member(self, name: str, user_name: str) -> bool:
        """Take a user out of a workspace; False for no member."""

    def invite(self, invitation: Invitation) -> bool:
        """Store an invitation; False if there is one already."""

    def take_invitations(self, invitee: str) -> list[Invitation]:
        """Return the invitations of somebody, and forget them."""


class MemberStore(Protocol):
    """Members of projects, and what the rights of users follow from."""

    def standing(self, project_id: ContainerId, user_name: str) -> Standing | None:
        """Return what the rights of a user in a project follow from; None if there is no such project."""

    def standings(self, user_name: str) -> dict[ContainerId, Standing]:
        """Return what the rights of a user follow from, for all projects."""

    def list_members(self, project_id: ContainerId) -> list[Member]:
        """Return who belongs to a project, by themselves or by its workspace, by name."""

    def add(self, project_id: ContainerId, user_name: str, role: Role) -> bool:
        """Make a user a member of a project; False for one who is a member already."""

    def remove(self, project_id: ContainerId, user_name: str) -> bool:
        """Take a user out of a project; False for no member."""

    def count_projects(self, workspace: str) -> int:
        """Return the number of projects of a workspace."""
