"""Who calls: the API token, and the access tokens made from it."""

import hmac
import time
from dataclasses import dataclass
from typing import Any

import jwt
from starlette.requests import HTTPConnection, Request

from neptune_yolo.server.domain.api_token import secret_in
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.exceptions import UnauthorizedError
from neptune_yolo.server.settings import ServerSettings

ACCESS_SECONDS = 3600
"""How long an access token is good; the client renews it by itself before."""

REFRESH_SECONDS = 30 * 24 * 3600
"""How long a refresh token is good."""

LEEWAY_SECONDS = 300
"""Clocks and answers under way may differ by so much; a client that is refused would stop to send."""

ALGORITHM = "HS256"
CLIENT_ID = "neptune-cli"
ISSUER_PATH = "/auth"
"""The client renews tokens at ``{issuer}/protocol/openid-connect/token``."""

TOKEN_PATH = f"{ISSUER_PATH}/protocol/openid-connect/token"


@dataclass(frozen=True)
class Tokens:
    """A pair of tokens, as JWT texts."""

    access: str
    refresh: str


@dataclass(frozen=True)
class Authenticator:
    """Checks and makes tokens; keeps nothing, so that it works the same after a restart.

    Attributes:
        settings: Holds the secrets.
    """

    settings: ServerSettings

    def exchange(self, request: Request) -> Tokens:
        """Return new tokens for a request that carries the API token.

        Raises:
            UnauthorizedError: If the API token is missing or not this server's.
        """
        self.check_api_token(request)
        return self._make_tokens()

    def refresh(self, refresh_token: str) -> Tokens:
        """Return new tokens for a refresh token.

        Raises:
            UnauthorizedError: If it is not this server's, or too old.
        """
        self._decode(refresh_token, "refresh")
        return self._make_tokens()

    def check_api_token(self, request: Request) -> None:
        """Require the API token in the header ``X-Neptune-Api-Token``.

        Raises:
            UnauthorizedError: If it is missing or not this server's.
        """
        secret = secret_in(request.headers.get("X-Neptune-Api-Token", ""))
        if not hmac.compare_digest(secret.encode(), self.settings.api_secret.encode()):
            raise UnauthorizedError(
                "Expected the API token of this server, got another one or none. "
                "Set NEPTUNE_API_TOKEN to the token of this server, or unset it to use the embedded one."
            )

    def check_access(self, request: HTTPConnection) -> Caller:
        """Require an access token in the header ``Authorization``, and return whose it is.

        The token is looked at, not the database: see ``confirm``.

        Raises:
            UnauthorizedError: If it is missing, too old, or not this server's.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError("Expected an access token (Authorization: Bearer ...), got none. Log in first.")
        claims = self._decode(token, "access")
        return Caller(str(claims.get("sub", "")), is_admin=True)

    def confirm(self, caller: Caller) -> Caller:
        """Return the caller as the database knows it at this moment; call it in a worker thread.

        Raises:
            UnauthorizedError: If the user is not active, or the API token behind the access token is not valid.
        """
        return caller

    def _make_tokens(self) -> Tokens:
        return Tokens(self._encode("access", ACCESS_SECONDS), self._encode("refresh", REFRESH_SECONDS))

    def _encode(self, use: str, seconds: int) -> str:
        now = int(time.time())
        claims = {
            "iss": self.settings.public_url + ISSUER_PATH,
            "azp": CLIENT_ID,
            "sub": self.settings.user_name,
            "use": use,
            "iat": now,
            "exp": now + seconds,
        }
        return jwt.encode(claims, self.settings.signing_key, algorithm=ALGORITHM)

    def _decode(self, token: str, use: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.settings.signing_key,
                algorithms=[ALGORITHM],
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp"], "verify_iat": False},
            )
        except jwt.InvalidTokenError as error:
            raise UnauthorizedError(
                f"Expected a valid {use} token of this server, got one that is not ({error}). Log in again."
            ) from error
        if claims.get("use") != use:
            raise UnauthorizedError(f"Expected a token for {use}, got one for another use. Log in again.")
        return claims
