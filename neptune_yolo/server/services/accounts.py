"""Who somebody is: API tokens and passwords, checked against the database."""

import hmac
import uuid
from dataclasses import dataclass, replace

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.passwords import new_secret, password_fits, secret_digest
from neptune_yolo.server.domain.users import ApiToken, User
from neptune_yolo.server.exceptions import UnauthorizedError
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.interfaces import Store

SIGNING_KEY = "signing"
"""Name of the key that signs access tokens."""

USE_INTERVAL_MS = 60_000
"""The last use of a token is noted this often at most, in milliseconds."""


@dataclass(frozen=True)
class AccountService:
    """Signs users in. Nothing is kept in memory: what is revoked is refused at once, by every server process.

    Attributes:
        store: Gives transactions.
        clock: Gives the present moment.
    """

    store: Store
    clock: Clock

    def shared_key(self, name: str) -> str:
        """Return a key that all processes on this database share; it is made when it is first asked for."""
        with self.store.read() as session:
            known = session.keys.find(name)
        if known is not None:
            return known
        with self.store.write() as session:
            return session.keys.keep(name, new_secret(), self.clock())

    def use_once(self, digest: str, expires_ms: int) -> bool:
        """Return whether a one-time key is used for the first time, by any server process; it is used then.

        Args:
            digest: Tells the key from others.
            expires_ms: When the key ends, in milliseconds since 1970 (UTC); it need not be remembered for longer.
        """
        with self.store.write() as session:
            return session.keys.use_once(digest, expires_ms, self.clock())

    def prepare(self, settings: ServerSettings) -> ServerSettings:
        """Return settings with what the database knows: the signing key of a server that is given none.

        The user of a server with a secret of its own is made in the database, so that it can be a member of projects.
        """
        if settings.api_secret is not None:
            self._make_administrator(settings.user_name)
        if settings.signing_key:
            return settings
        return replace(settings, signing_key=self.shared_key(SIGNING_KEY))

    def identify(self, secret: str) -> ApiToken:
        """Return the valid API token of a secret. It is looked up by its digest, which tells nothing by its timing.

        Raises:
            UnauthorizedError: If there is none, or it has expired or been revoked, or its user is disabled.
        """
        with self.store.read() as session:
            found = session.tokens.find_by_digest(secret_digest(secret))
        if found is None:
            raise UnauthorizedError(
                "Expected an API token of this server, got another one or none. "
                "Set NEPTUNE_API_TOKEN to a token that was made on this server for you."
            )
        self._require_valid(*found)
        return found[0]

    def sign_in(self, secret: str) -> ApiToken:
        """Return the valid API token of a secret, and note that it was used.

        Raises:
            UnauthorizedError: As ``identify`` does.
        """
        token = self.identify(secret)
        now_ms = self.clock()
        if token.used_ms is None or now_ms - token.used_ms > USE_INTERVAL_MS:
            with self.store.write() as session:
                session.tokens.record_use(token.id, now_ms)
        return token

    def sign_in_caller(self, secret: str) -> Caller:
        """Return the user of the secret of an API token, and note that the token was used.

        Raises:
            UnauthorizedError: As ``identify`` does.
        """
        return self.confirm_token(self.sign_in(secret).id)

    def confirm_token(self, token_id: str) -> Caller:
        """Return the user of an API token as the database knows both at this moment.

        Raises:
            UnauthorizedError: If it is unknown, has expired or been revoked, or its user is disabled.
        """
        with self.store.read() as session:
            found = session.tokens.find(token_id)
        if found is None:
            raise UnauthorizedError("Expected an access token of a known API token, got one of none. Log in again.")
        token, user = found
        self._require_valid(token, user)
        return Caller(user.name, user.is_admin, token.id)

    def password_fingerprint(self, name: str) -> str:
        """Return what tells a user's password from the next one, and nothing else of it."""
        with self.store.read() as session:
            return _fingerprint(session.users.password_hash(name))

    def confirm_user(self, name: str, fingerprint: str) -> Caller:
        """Return a user who has signed in with a password, as the database knows it at this moment.

        Args:
            name: Name of the user.
            fingerprint: Of the password that the user signed in with.

        Raises:
            UnauthorizedError: If it is unknown or disabled, or has another password by now.
        """
        with self.store.read() as session:
            user = session.users.find(name)
            kept = _fingerprint(session.users.password_hash(name))
        if user is None or not user.is_active or not hmac.compare_digest(kept, fingerprint):
            raise UnauthorizedError(f"Expected an active user, got {name!r}, who is not. Ask an administrator.")
        return Caller(user.name, user.is_admin)

    def check_password(self, name: str, password: str) -> Caller:
        """Return the user of a name and password; takes as long for unknown names.

        Raises:
            UnauthorizedError: If they do not belong together, or the user is disabled.
        """
        with self.store.read() as session:
            user = session.users.find(name)
            kept = session.users.password_hash(name)
        fits = password_fits(password, kept)
        if user is None or not fits or not user.is_active:
            raise UnauthorizedError("Expected a user name and its password, got two that do not belong together.")
        return Caller(user.name, user.is_admin)

    def _make_administrator(self, name: str) -> None:
        with self.store.read() as session:
            known = session.users.find(name)
        if known is None:
            user = User(
                name=name,
                id=str(uuid.uuid4()),
                is_admin=True,
                is_service_account=False,
                is_active=True,
                created_ms=self.clock(),
            )
            with self.store.write() as session:
                session.users.create(user, None)

    def _require_valid(self, token: ApiToken, user: User) -> None:
        if not user.is_active:
            raise UnauthorizedError(
                f"Expected an active user, got {user.name!r}, who is disabled. Ask an administrator of this server."
            )
        if token.revoked_ms is not None:
            raise UnauthorizedError(
                f"Expected a valid API token, got {token.label!r} of {user.name!r}, which was revoked. "
                "Make a new one and set NEPTUNE_API_TOKEN to it."
            )
        if not token.is_valid(self.clock()):
            raise UnauthorizedError(
                f"Expected a valid API token, got {token.label!r} of {user.name!r}, which has expired. "
                "Make a new one and set NEPTUNE_API_TOKEN to it."
            )


def _fingerprint(password_hash: str | None) -> str:
    return secret_digest(password_hash or "")[:16]
