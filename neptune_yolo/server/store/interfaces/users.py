"""What services ask of the storage about users, their tokens and the server's keys."""

from typing import Protocol

from neptune_yolo.server.domain.users import ApiToken, User


class UserStore(Protocol):
    """Users and what is kept of their passwords."""

    def find(self, name: str) -> User | None:
        """Return the user of that name, or None."""

    def find_by_id(self, user_id: str) -> User | None:
        """Return the user of that ID, or None."""

    def list_all(self) -> list[User]:
        """Return all users, by name."""

    def count(self) -> int:
        """Return the number of users."""

    def create(self, user: User, password_hash: str | None) -> bool:
        """Store a new user; False if the name is taken."""

    def password_hash(self, name: str) -> str | None:
        """Return what is kept of a user's password; None without one."""

    def set_password_hash(self, name: str, password_hash: str | None) -> None:
        """Store what is kept of a user's password."""

    def set_active(self, name: str, *, is_active: bool) -> None:
        """Store whether a user may sign in."""

    def set_admin(self, name: str, *, is_admin: bool) -> None:
        """Store whether a user may do everything."""


class TokenStore(Protocol):
    """API tokens; of their secrets, only digests are kept."""

    def create(self, token: ApiToken, digest: str) -> None:
        """Store a new token."""

    def find(self, token_id: str) -> tuple[ApiToken, User] | None:
        """Return the token of that ID and its user, or None."""

    def find_by_digest(self, digest: str) -> tuple[ApiToken, User] | None:
        """Return the token whose secret has that digest and its user, or None."""

    def list_of(self, user_name: str | None) -> list[ApiToken]:
        """Return the tokens of a user, or of all with None, oldest first."""

    def revoke(self, token_id: str, revoked_ms: int) -> None:
        """Let a token be valid no more."""

    def record_use(self, token_id: str, used_ms: int) -> None:
        """Store when a token was used last."""


class KeyStore(Protocol):
    """Keys that all server processes on one database share."""

    def find(self, name: str) -> str | None:
        """Return a key, or None if it is not made yet."""

    def keep(self, name: str, value: str, now_ms: int) -> str:
        """Store a key unless there is one of that name, and return the one that is kept."""

    def use_once(self, digest: str, expires_ms: int, now_ms: int) -> bool:
        """Use a one-time key, given by its digest; False if it was used before. Expired ones are forgotten."""
