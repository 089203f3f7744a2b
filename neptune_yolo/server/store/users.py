"""Users, API tokens and the keys of the server in the database."""

from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, delete, func, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.users import ApiToken, User
from neptune_yolo.server.store.models import api_tokens, server_keys, used_keys, users
from neptune_yolo.server.store.upsert import insert_or_ignore

_TOKENS: Select[Any] = select(api_tokens, users).join(users, users.c.name == api_tokens.c.user_name)
_BY_ID = _TOKENS.where(api_tokens.c.id == bindparam("wanted"))
_BY_DIGEST = _TOKENS.where(api_tokens.c.digest == bindparam("wanted"))
"""Made once: a token is looked up at each request."""


class SqlUserStore:
    """Implements ``UserStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> User | None:
        """Return the user of that name, or None."""
        return self._find(select(users).where(users.c.name == name))

    def find_by_id(self, user_id: str) -> User | None:
        """Return the user of that ID, or None."""
        return self._find(select(users).where(users.c.id == user_id))

    def list_all(self) -> list[User]:
        """Return all users, by name."""
        return [to_user(row) for row in self._connection.execute(select(users).order_by(users.c.name)).mappings()]

    def count(self) -> int:
        """Return the number of users."""
        return int(self._connection.execute(select(func.count()).select_from(users)).scalar_one())

    def create(self, user: User, password_hash: str | None) -> bool:
        """Store a new user; False if the name is taken."""
        return insert_or_ignore(
            self._connection,
            users,
            name=user.name,
            id=user.id,
            password_hash=password_hash,
            is_admin=user.is_admin,
            is_service_account=user.is_service_account,
            is_active=user.is_active,
            created_ms=user.created_ms,
        )

    def password_hash(self, name: str) -> str | None:
        """Return what is kept of a user's password; None without one."""
        return self._connection.scalar(select(users.c.password_hash).where(users.c.name == name))

    def set_password_hash(self, name: str, password_hash: str | None) -> None:
        """Store what is kept of a user's password."""
        self._update(name, password_hash=password_hash)

    def set_active(self, name: str, *, is_active: bool) -> None:
        """Store whether a user may sign in."""
        self._update(name, is_active=is_active)

    def set_admin(self, name: str, *, is_admin: bool) -> None:
        """Store whether a user may do everything."""
        self._update(name, is_admin=is_admin)

    def _update(self, name: str, **values: Any) -> None:
        self._connection.execute(update(users).where(users.c.name == name).values(**values))

    def _find(self, statement: Select[Any]) -> User | None:
        row = self._connection.execute(statement).mappings().one_or_none()
        return None if row is None else to_user(row)


class SqlTokenStore:
    """Implements ``TokenStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, token: ApiToken, digest: str) -> None:
        """Store a new token."""
        self._connection.execute(
            insert_into(api_tokens).values(
                id=token.id,
                user_name=token.user_name,
                digest=digest,
                label=token.label,
                created_ms=token.created_ms,
                expires_ms=token.expires_ms,
            )
        )

    def find(self, token_id: str) -> tuple[ApiToken, User] | None:
        """Return the token of that ID and its user, or None."""
        return self._find(_BY_ID, token_id)

    def find_by_digest(self, digest: str) -> tuple[ApiToken, User] | None:
        """Return the token whose secret has that digest and its user, or None."""
        return self._find(_BY_DIGEST, digest)

    def list_of(self, user_name: str | None) -> list[ApiToken]:
        """Return the tokens of a user, or of all with None, oldest first."""
        statement = select(api_tokens).order_by(api_tokens.c.created_ms, api_tokens.c.id)
        if user_name is not None:
            statement = statement.where(api_tokens.c.user_name == user_name)
        return [_to_token(row) for row in self._connection.execute(statement).mappings()]

    def revoke(self, token_id: str, revoked_ms: int) -> None:
        """Let a token be valid no more."""
        statement = update(api_tokens).where(api_tokens.c.id == token_id, api_tokens.c.revoked_ms.is_(None))
        self._connection.execute(statement.values(revoked_ms=revoked_ms))

    def record_use(self, token_id: str, used_ms: int) -> None:
        """Store when a token was used last."""
        self._connection.execute(update(api_tokens).where(api_tokens.c.id == token_id).values(used_ms=used_ms))

    def _find(self, statement: Select[Any], wanted: str) -> tuple[ApiToken, User] | None:
        row = self._connection.execute(statement, {"wanted": wanted}).mappings().one_or_none()
        return None if row is None else (_to_token(row), to_user(row))


class SqlKeyStore:
    """Implements ``KeyStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> str | None:
        """Return a key, or None if it is not made yet."""
        return self._connection.scalar(select(server_keys.c.value).where(server_keys.c.name == name))

    def keep(self, name: str, value: str, now_ms: int) -> str:
        """Store a key unless there is one of that name, and return the one that is kept."""
        insert_or_ignore(self._connection, server_keys, name=name, value=value, created_ms=now_ms)
        return str(self._connection.execute(select(server_keys.c.value).where(server_keys.c.name == name)).scalar_one())

    def use_once(self, digest: str, expires_ms: int, now_ms: int) -> bool:
        """Use a one-time key, given by its digest; False if it was used before. Expired ones are forgotten."""
        self._connection.execute(delete(used_keys).where(used_keys.c.expires_ms <= now_ms))
        return insert_or_ignore(self._connection, used_keys, digest=digest, expires_ms=expires_ms)


def to_user(row: RowMapping) -> User:
    """Return the user of a row."""
    return User(
        name=row[users.c.name],
        id=row[users.c.id],
        is_admin=row[users.c.is_admin],
        is_service_account=row[users.c.is_service_account],
        is_active=row[users.c.is_active],
        created_ms=row[users.c.created_ms],
    )


def _to_token(row: RowMapping) -> ApiToken:
    return ApiToken(
        id=row[api_tokens.c.id],
        user_name=row[api_tokens.c.user_name],
        label=row[api_tokens.c.label],
        created_ms=row[api_tokens.c.created_ms],
        expires_ms=row[api_tokens.c.expires_ms],
        revoked_ms=row[api_tokens.c.revoked_ms],
        used_ms=row[api_tokens.c.used_ms],
    )
