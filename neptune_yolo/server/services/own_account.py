"""What users do with their own accounts, and administrators with those of all."""

from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.users import ApiToken, User
from neptune_yolo.server.exceptions import ForbiddenError, InvalidRequestError, NotApplicableError, NotFoundError
from neptune_yolo.server.services.sign_in import PasswordDoor
from neptune_yolo.server.services.users import NewUser, UserService
from neptune_yolo.server.store.interfaces import Store


@dataclass(frozen=True)
class UserChange:
    """What is to become of a user; None leaves it as it is.

    Attributes:
        is_active: Whether the user may sign in.
        is_admin: Whether the user may do everything on this server.
        password: A new password.
    """

    is_active: bool | None = None
    is_admin: bool | None = None
    password: str | None = None


@dataclass(frozen=True)
class AccountManagement:
    """Accounts, with the rights of the caller.

    Attributes:
        caller: Who asks.
        store: Gives transactions.
        users: Does it, whoever asks.
        door: Checks passwords at a pace that does not help those who guess.
        has_users: Whether this server has users that sign in; the embedded one has one who does not.
    """

    caller: Caller
    store: Store
    users: UserService
    door: PasswordDoor
    has_users: bool

    def list_tokens(self) -> list[ApiToken]:
        """Return the caller's API tokens that were not revoked, oldest first."""
        if not self.has_users:
            return []
        return [token for token in self.users.list_tokens(self.caller.user_name) if token.revoked_ms is None]

    def create_token(self, label: str, expires_ms: int | None) -> tuple[ApiToken, str]:
        """Make an API token of the caller; see ``UserService.create_token``.

        Raises:
            NotApplicableError: If this server has no users that sign in.
            InvalidRequestError: If the label is too long or empty, or the end has passed.
            ForbiddenError: If it would outlive the API token that the caller has signed in with.
        """
        self._require_users()
        if not label.strip() or not label.isprintable():
            raise InvalidRequestError(
                "Expected a label that says what the token is for, got none, or one with characters that cannot be "
                "shown. Name the machine or the program."
            )
        if expires_ms is not None and expires_ms <= self.users.clock():
            raise InvalidRequestError("Expected an end in the future, got one that has passed. Choose a later day.")
        self._require_no_longer(expires_ms)
        return self.users.create_token(self.caller.user_name, label.strip(), expires_ms)

    def revoke_token(self, token_id: str) -> None:
        """Let an API token of the caller (of anybody, for administrators) be valid no more, at once.

        Raises:
            NotFoundError: If the caller has no such token.
        """
        with self.store.read() as session:
            found = session.tokens.find(token_id)
        if found is None or (found[1].name != self.caller.user_name and not self.caller.is_admin):
            raise NotFoundError("API token", token_id)
        self.users.revoke_token(token_id)

    def change_password(self, current: str, new: str, address: str) -> None:
        """Give the caller a new password; whoever signed in with the old one has to sign in again.

        Args:
            current: The password until now.
            new: The next one.
            address: Where the request comes from.

        Raises:
            NotApplicableError: If this server has no users that sign in.
            ForbiddenError: If the current password is another one, or there is none.
            InvalidRequestError: If the new one is too short.
        """
        self._require_users()
        if not self.door.fits(self.caller.user_name, current, address):
            raise ForbiddenError(
                "Expected your current password, got another one. Type it again; if you have none, or cannot remember "
                "it, ask an administrator for a new one."
            )
        self.users.set_password(self.caller.user_name, new)

    def list_users(self) -> list[tuple[User, bool]]:
        """Return all users, by name, each with whether there is a password.

        Raises:
            ForbiddenError: If the caller is no administrator.
        """
        self._require_admin()
        with self.store.read() as session:
            return [(user, session.users.password_hash(user.name) is not None) for user in session.users.list_all()]

    def add_user(self, new: NewUser, password: str | None) -> User:
        """Make a user; see ``UserService.add``.

        Raises:
            ForbiddenError: If the caller is no administrator.
            NotApplicableError: If this server has no users that sign in.
        """
        self._require_admin()
        self._require_users()
        return self.users.add(new, password)

    def change_user(self, name: str, change: UserChange) -> User:
        """Change a user.

        Raises:
            ForbiddenError: If the caller is no administrator.
            NotFoundError: If there is no such user.
            NotApplicableError: If administrators take away their own rights, or nobody here signs in.
            InvalidRequestError: If the password is too short.
        """
        self._require_admin()
        self._require_users()
        if name == self.caller.user_name and (change.is_active is False or change.is_admin is False):
            raise NotApplicableError(
                f"Expected another user than {name!r}, who is asking: nobody can lock themselves out. Ask another "
                "administrator."
            )
        if change.password is not None:
            self.users.set_password(name, change.password)
        with self.store.write() as session:
            if session.users.find(name) is None:
                raise NotFoundError("user", name)
            if change.is_active is not None:
                session.users.set_active(name, is_active=change.is_active)
            if change.is_admin is not None:
                session.users.set_admin(name, is_admin=change.is_admin)
            user = session.users.find(name)
        if user is None:
            raise NotFoundError("user", name)
        return user

    def _require_admin(self) -> None:
        if not self.caller.is_admin:
            raise ForbiddenError(
                f"Expected an administrator, got {self.caller.user_name!r}, who is none. Ask an administrator of this "
                "server."
            )

    def _require_users(self) -> None:
        if not self.has_users:
            raise NotApplicableError(
                "Expected a server whose users sign in, got the embedded one, which has a single user. Its API token "
                "is printed by `neptune-yolo env`; for several users, run `neptune-yolo server` for a team."
            )

    def _require_no_longer(self, expires_ms: int | None) -> None:
        """Keep an API token that leaked from living on in tokens made with it."""
        if self.caller.token_id is None:
            return
        with self.store.read() as session:
            found = session.tokens.find(self.caller.token_id)
        end_ms = None if found is None else found[0].expires_ms
        if end_ms is not None and (expires_ms is None or expires_ms > end_ms):
            raise ForbiddenError(
                "Expected a token that ends no later than the one you signed in with, got a later end. Choose an "
                "earlier day, or sign in with your password."
            )
