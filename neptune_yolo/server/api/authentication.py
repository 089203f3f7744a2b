"""Who calls: the API token, and the access tokens made from it."""

import hmac
import uuid
from dataclasses import dataclass, replace

from starlette.requests import HTTPConnection, Request

from neptune_yolo.server.domain.api_token import secret_in
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.exceptions import UnauthorizedError
from neptune_yolo.server.services.accounts import AccountService
from neptune_yolo.server.services.tickets import Tickets, TicketUse
from neptune_yolo.server.settings import ServerSettings

ACCESS_SECONDS = 3600
"""How long an access token is good; the client renews it by itself before."""

REFRESH_SECONDS = 30 * 24 * 3600
"""How long a refresh token is good."""

CLIENT_ID = "neptune-cli"
ISSUER_PATH = "/auth"
"""The client renews tokens at ``{issuer}/protocol/openid-connect/token``."""

API_TOKEN_HEADER = "X-Neptune-Api-Token"  # noqa: S105 - the name of a header

TOKEN_PATH = f"{ISSUER_PATH}/protocol/openid-connect/token"


@dataclass(frozen=True)
class Tokens:
    """A pair of tokens, as JWT texts, and whose they are."""

    access: str
    refresh: str
    user_name: str


@dataclass(frozen=True)
class Authenticator:
    """Checks and makes tokens; keeps nothing, so that it works the same after a restart and in every process.

    A server with an API secret of its own has one user, who may do everything. Any other knows the users and the API
    tokens of its database, and asks it at each request whether both are still valid.

    Attributes:
        settings: Holds the secrets.
        accounts: Knows users and API tokens.
    """

    settings: ServerSettings
    accounts: AccountService

    def exchange(self, request: Request) -> Tokens:
        """Return new tokens for a request that carries the API token.

        Raises:
            UnauthorizedError: If the API token is missing, not this server's, or no longer valid.
        """
        secret = _secret(request)
        if self.settings.api_secret is None:
            token = self.accounts.sign_in(secret)
            return self._make_tokens(Caller(token.user_name, token_id=token.id, session_id=_new_session()))
        self._check_own_secret(secret, self.settings.api_secret)
        return self._make_tokens(Caller(self.settings.user_name, session_id=_new_session()))

    def refresh(self, refresh_token: str) -> Tokens:
        """Return new tokens for a refresh token.

        Raises:
            UnauthorizedError: If it is not this server's, or too old, or what it was made from is no longer valid.
        """
        return self._make_tokens(self.confirm(self._tickets.read(refresh_token, TicketUse.REFRESH)))

    def check_api_token(self, request: Request) -> None:
        """Require the API token in the header ``X-Neptune-Api-Token``.

        Raises:
            UnauthorizedError: If it is missing, not this server's, or no longer valid.
        """
        if self.settings.api_secret is None:
            self.accounts.identify(_secret(request))
        else:
            self._check_own_secret(_secret(request), self.settings.api_secret)

    def check_access(self, request: HTTPConnection) -> Caller:
        """Require an access token in the header ``Authorization``, and return whose it is.

        The token is looked at, not the database: see ``confirm``.

        Raises:
            UnauthorizedError: If it is missing, too old, or not this server's.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError("Expected an access token (Authorization: Bearer ...), got none. Log in first.")
        return self._tickets.read(token, TicketUse.ACCESS)

    def confirm(self, caller: Caller) -> Caller:
        """Return the caller as the database knows it at this moment; call it in a worker thread.

        Raises:
            UnauthorizedError: If the user is not active, or the API token behind the access token is not valid.
        """
        if self.settings.api_secret is not None:
            return Caller(self.settings.user_name, is_admin=True, session_id=caller.session_id)
        return replace(self.accounts.confirm_token(caller.token_id or ""), session_id=caller.session_id)

    def identify(self, request: Request) -> Caller:
        """Return who sends an API token, or an access token, as the database knows it; call it in a worker thread.

        Raises:
            UnauthorizedError: If there is no token, or one that is not this server's or no longer valid.
        """
        if API_TOKEN_HEADER not in request.headers:
            return self.confirm(self.check_access(request))
        if self.settings.api_secret is None:
            return self.accounts.confirm_token(self.accounts.identify(_secret(request)).id)
        self._check_own_secret(_secret(request), self.settings.api_secret)
        return Caller(self.settings.user_name, is_admin=True)

    @property
    def _tickets(self) -> Tickets:
        return Tickets(self.settings.signing_key, self.settings.user_name)

    def _make_tokens(self, caller: Caller) -> Tokens:
        issuer = self.settings.public_url + ISSUER_PATH
        access, refresh = (
            self._tickets.make(use, caller, seconds, iss=issuer, azp=CLIENT_ID)
            for use, seconds in ((TicketUse.ACCESS, ACCESS_SECONDS), (TicketUse.REFRESH, REFRESH_SECONDS))
        )
        return Tokens(access, refresh, caller.user_name)

    def _check_own_secret(self, secret: str, expected: str) -> None:
        if not hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), expected.encode()):
            raise UnauthorizedError(
                "Expected the API token of this server, got another one or none. "
                "Set NEPTUNE_API_TOKEN to the token of this server, or unset it to use the embedded one."
            )


def _new_session() -> str:
    return str(uuid.uuid4())


def _secret(request: Request) -> str:
    return secret_in(request.headers.get(API_TOKEN_HEADER, ""))
