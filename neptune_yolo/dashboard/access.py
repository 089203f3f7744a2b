"""Who may see pages: whoever opened a link with the key."""

import hashlib
import hmac

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from neptune_yolo.server.exceptions import UnauthorizedError
from neptune_yolo.server.settings import ServerSettings

COOKIE_NAME = "neptune_yolo"
COOKIE_SECONDS = 30 * 24 * 3600


def require_visitor(settings: ServerSettings, request: Request) -> None:
    """Require the cookie that a link with the key has set.

    Raises:
        UnauthorizedError: If it is missing or wrong.
    """
    if not hmac.compare_digest(request.cookies.get(COOKIE_NAME, "").encode(), _cookie_value(settings).encode()):
        raise UnauthorizedError(
            "Expected a visitor who came by a link with the key, got one without. "
            "Open the link that the training printed, or run 'neptune-yolo open'."
        )


def open_with_key(settings: ServerSettings, request: Request) -> Response:
    """Answer a link with the key: set the cookie and go to the page without the key in its address.

    Raises:
        UnauthorizedError: If the key is wrong.
    """
    key = request.path_params["key"]
    if not hmac.compare_digest(key.encode(), settings.page_key.encode()):
        raise UnauthorizedError(
            "Expected a link with this server's key, got one with another. "
            "Open the link that the training printed, or run 'neptune-yolo open'."
        )
    query = f"?{request.url.query}" if request.url.query else ""
    path = "/" + request.path_params["path"].lstrip("/")
    answer = RedirectResponse(path + query, status_code=303, headers={"Referrer-Policy": "no-referrer"})
    answer.set_cookie(COOKIE_NAME, _cookie_value(settings), COOKIE_SECONDS, httponly=True, samesite="lax")
    return answer


def _cookie_value(settings: ServerSettings) -> str:
    """Return what the cookie holds: derived from the key, so that the key itself stays in links."""
    return hmac.new(settings.signing_key.encode(), settings.page_key.encode(), hashlib.sha256).hexdigest()
