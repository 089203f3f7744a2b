"""Make and change users and their API tokens; for those who administer the server."""

import uuid
from dataclasses import dataclass

from neptune_yolo.server.domain.passwords import MIN_PASSWORD_LENGTH, hash_password, new_secret, secret_digest
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import ApiToken, User, WorkspaceRole, require_user_name
from neptune_yolo.server.exceptions import ConflictError, InvalidRequestError, NotFoundError
from neptune_yolo.server.services.clock import Clock, system_clock
from neptune_yolo.server.services.members import accept
from neptune_yolo.server.store.interfaces import Session, Store


@dataclass(frozen=True)
class NewUser:
    """A user to be made.

    Attributes:
        name: What the user is called.
        is_admin: Whether the user may do everything on this server.
        is_service_account: Whether it is a program's account.
    """

    name: str
    is_admin: bool = False
    is_service_account: bool = False


@dataclass(frozen=True)
class UserService:
    """Users and API tokens.

    Attributes:
        store: Gives transactions.
        clock: Gives the present moment.
    """

    store: Store
    clock: Clock = system_clock

    def add(self, new: NewUser, password: str | None = None) -> User:
        """Make a user; those who invited this name get their new member.

        Args:
            new: The user.
            password: For the pages; None for a user who has tokens only.

        Raises:
            InvalidUserNameError: If the name has not the form of one.
            InvalidRequestError: If the password is too short.
            ConflictError: If the name is taken.
        """
        user = User(
            name=require_user_name(new.name),
            id=str(uuid.uuid4()),
            is_admin=new.is_admin,
            is_service_account=new.is_service_account,
            is_active=True,
            created_ms=self.clock(),
        )
        password_hash = None if password is None else hash_password(_require_password(password))
        with self.store.write() as session:
            if not session.users.create(user, password_hash):
                raise ConflictError(f"Expected a new user name, got {new.name!r}, which is taken. Choose another name.")
            for invitation in session.workspaces.take_invitations(user.name):
                accept(session, invitation)
        return user

    def list_all(self) -> list[User]:
        """Return all users, by name."""
        with self.store.read() as session:
            return session.users.list_all()

    def set_active(self, name: str, *, is_active: bool) -> None:
        """Let a user sign in, or not any more; tokens of a disabled user are refused at once.

        Raises:
            NotFoundError: If there is no such user.
        """
        with self.store.write() as session:
            session.users.set_active(_require_user(session, name).name, is_active=is_active)

    def set_password(self, name: str, password: str) -> None:
        """Give a user a new password.

        Raises:
            NotFoundError: If there is no such user.
            InvalidRequestError: If the password is too short.
        """
        password_hash = hash_password(_require_password(password))
        with self.store.write() as session:
            session.users.set_password_hash(_require_user(session, name).name, password_hash)

    def join_workspace(self, name: str, workspace: str, role: WorkspaceRole) -> bool:
        """Make a user a member of a workspace, or give the member another role; the workspace is made if need be.

        Returns:
            Whether the workspace was made.

        Raises:
            NotFoundError: If there is no such user.
            InvalidProjectNameError: If the workspace's name has not the form of one.
        """
        ProjectName.parse(f"{workspace}/project", workspace)
        with self.store.write() as session:
            user = _require_user(session, name)
            is_new = session.workspaces.create(workspace, self.clock())
            session.workspaces.put_member(workspace, user.name, role)
        return is_new

    def leave_workspace(self, name: str, workspace: str) -> None:
        """Take a user out of a workspace.

        Raises:
            NotFoundError: If the user is no member of it.
        """
        with self.store.write() as session:
            if not session.workspaces.remove_member(workspace, name):
                raise NotFoundError(f"member of workspace {workspace!r}", name)

    def create_token(self, user_name: str, label: str, expires_ms: int | None = None) -> tuple[ApiToken, str]:
        """Make an API token.

        Args:
            user_name: Whose it will be.
            label: What it is for, at most 255 characters.
            expires_ms: When it ends, in milliseconds since 1970 (UTC); None for never.

        Returns:
            The token, and its secret, which is not kept.

        Raises:
            NotFoundError: If there is no such user.
            InvalidRequestError: If the label is too long.
        """
        if len(label) > 255:  # noqa: PLR2004 - width of the column
            raise InvalidRequestError(f"Expected a label of at most 255 characters, got {len(label)}. Shorten it.")
        secret = new_secret()
        with self.store.write() as session:
            user = _require_user(session, user_name)
            token = ApiToken(str(uuid.uuid4()), user.name, label, self.clock(), expires_ms)
            session.tokens.create(token, secret_digest(secret))
        return token, secret

    def list_tokens(self, user_name: str | None = None) -> list[ApiToken]:
        """Return the tokens of a user, or of all with None, oldest first.

        Raises:
            NotFoundError: If there is no such user.
        """
        with self.store.read() as session:
            if user_name is not None:
                _require_user(session, user_name)
            return session.tokens.list_of(user_name)

    def revoke_token(self, token_id: str) -> int | None:
        """Let a token be valid no more, at once; one that is revoked already stays as it is.

        Returns:
            When it was revoked before, in ms since 1970 (UTC); None if it wasn't.

        Raises:
            NotFoundError: If there is no such token.
        """
        with self.store.write() as session:
            found = session.tokens.find(token_id)
            if found is None:
                raise NotFoundError("API token", token_id)
            token, _ = found
            if token.revoked_ms is None:
                session.tokens.revoke(token_id, self.clock())
        return token.revoked_ms


def _require_user(session: Session, name: str) -> User:
    user = session.users.find(name)
    if user is None:
        raise NotFoundError("user", name)
    return user


def _require_password(password: str) -> str:
    if len(password) < MIN_PASSWORD_LENGTH:
        raise InvalidRequestError(f"Expected a password of {MIN_PASSWORD_LENGTH} characters or more, got less.")
    return password
