"""The caller's own API tokens and password."""

from neptune_yolo.server.api.v1.operation import Asked, Nothing, Operation, Record
from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.domain.users import ApiToken


class TokenPath(Record, frozen=True, kw_only=True):
    """Names an API token by its ID."""

    token: str


class TokenView(Record, frozen=True, kw_only=True):
    """An API token without its secret; moments are in milliseconds since 1970 (UTC), ``expires_ms`` null for never.

    ``is_own`` says that the request itself was made with this token.
    """

    id: str
    label: str
    created_ms: int
    expires_ms: int | None
    used_ms: int | None
    is_own: bool


class TokenList(Record, frozen=True, kw_only=True):
    """API tokens, the oldest first."""

    tokens: list[TokenView]


class TokenWanted(Record, frozen=True, kw_only=True):
    """A token to be made: ``label`` says what it is for; ``expires_ms`` is its end, null for never."""

    label: str
    expires_ms: int | None = None


class NewToken(Record, frozen=True, kw_only=True):
    """A new token: ``api_token`` is what a client needs as ``NEPTUNE_API_TOKEN``. It is shown this once."""

    token: TokenView
    api_token: str


class PasswordChange(Record, frozen=True, kw_only=True):
    """The password until now, and the next one, of eight characters or more."""

    current: str
    new: str


def list_tokens(asked: Asked) -> TokenList:
    """Return the caller's API tokens that were not revoked."""
    return TokenList(tokens=[_view(asked, token) for token in asked.services.account.list_tokens()])


def create_token(asked: Asked, body: TokenWanted) -> NewToken:
    """Make an API token of the caller; its secret is in this answer only.

    Whoever signed in with a token that ends can only make tokens that end no later.
    """
    token, secret = asked.services.account.create_token(body.label, body.expires_ms)
    return NewToken(token=_view(asked, token), api_token=make_api_token(asked.services.limits.public_url, secret))


def revoke_token(asked: Asked, where: TokenPath) -> Nothing:
    """Let an API token of the caller be valid no more, at once; administrators may revoke those of all."""
    asked.services.account.revoke_token(where.token)
    return Nothing()


def change_password(asked: Asked, body: PasswordChange) -> Nothing:
    """Give the caller a new password; whoever signed in with the old one has to sign in again."""
    client = asked.request.client
    asked.services.account.change_password(body.current, body.new, client.host if client else "")
    return Nothing()


def _view(asked: Asked, token: ApiToken) -> TokenView:
    return TokenView(
        id=token.id,
        label=token.label,
        created_ms=token.created_ms,
        expires_ms=token.expires_ms,
        used_ms=token.used_ms,
        is_own=token.id == asked.caller.token_id,
    )


TOKEN_OPERATIONS = (
    Operation("GET", "/tokens", list_tokens, "account"),
    Operation("POST", "/tokens", create_token, "account"),
    Operation("DELETE", "/tokens/{token}", revoke_token, "account"),
    Operation("PUT", "/password", change_password, "account"),
)
