"""Signed tickets (JWT) that say who somebody is, so that the server need not remember who signed in."""

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import jwt

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.exceptions import UnauthorizedError

LEEWAY_SECONDS = 300
"""Clocks and answers under way may differ by so much; a client that is refused would stop to send."""

ALGORITHM = "HS256"


class TicketUse(StrEnum):
    """What a ticket is for; one for another use is refused."""

    ACCESS = "access"
    REFRESH = "refresh"
    PAGES = "pages"


@dataclass(frozen=True)
class Tickets:
    """Makes and reads tickets.

    Attributes:
        signing_key: Signs them (HS256).
        user_name: Whose tickets are that name nobody.
    """

    signing_key: str = field(repr=False)
    user_name: str = ""

    def make(self, use: TicketUse, caller: Caller, seconds: int, **claims: str) -> str:
        """Return a ticket.

        Args:
            use: What it is for.
            caller: Whose it is.
            seconds: How long it is good.
            **claims: What else it says.
        """
        now = int(time.time())
        origins = {"tid": caller.token_id, "sid": caller.session_id}
        known = {name: origin for name, origin in origins.items() if origin is not None}
        content = {**claims, **known, "sub": caller.user_name, "use": use.value, "iat": now, "exp": now + seconds}
        return jwt.encode(content, self.signing_key, algorithm=ALGORITHM)

    def read(self, text: str, use: TicketUse) -> Caller:
        """Return whose ticket it is; whether that user may still sign in is another question.

        Raises:
            UnauthorizedError: If it is too old, for another use, or not this server's.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                text,
                self.signing_key,
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
        return Caller(
            str(claims.get("sub", self.user_name)), token_id=_text(claims, "tid"), session_id=_text(claims, "sid")
        )


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) else None
