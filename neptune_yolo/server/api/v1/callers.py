"""Who asks the read API: a visitor of the pages, or a script with a token."""

from collections.abc import Callable

from starlette.requests import Request

from neptune_yolo.server.api.authentication import API_TOKEN_HEADER, Authenticator
from neptune_yolo.server.domain.caller import Caller


def make_identify(authenticator: Authenticator, visitor: Callable[[Request], Caller]) -> Callable[[Request], Caller]:
    """Return the function that tells who asks.

    Scripts send the API token in ``X-Neptune-Api-Token``, or an access token as ``Authorization: Bearer``; browsers
    send the cookie of the pages.

    Args:
        authenticator: Knows tokens.
        visitor: Tells who looks at pages.
    """

    def identify(request: Request) -> Caller:
        has_token = "authorization" in request.headers or API_TOKEN_HEADER in request.headers
        return authenticator.identify(request) if has_token else visitor(request)

    return identify
