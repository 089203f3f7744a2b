"""Who asks, and what one may do."""

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """What somebody may do in a project; each role includes those below it."""

    VIEWER = 1
    CONTRIBUTOR = 2
    OWNER = 3


@dataclass(frozen=True)
class Caller:
    """The user on whose behalf a request is answered.

    Attributes:
        user_name: Name of the user; empty for somebody who has not signed in.
        is_admin: Whether the user may do everything on this server.
        token_id: UUID text of the API token that the user signed in with; None for the embedded server's own.
        session_id: Which exchange of an API token the request goes back to: each process of the client has its own,
            and keeps it. None for requests without an access token.
    """

    user_name: str
    is_admin: bool = False
    token_id: str | None = None
    session_id: str | None = None


NOBODY = Caller("")
"""Somebody who has not signed in."""
