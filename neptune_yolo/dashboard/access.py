"""Who may see pages: whoever opened a link with the key, or has signed in, as the server's settings say."""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.exceptions import RequestTooLargeError, UnauthorizedError
from neptune_yolo.server.services.accounts import AccountService
from neptune_yolo.server.services.tickets import Tickets, TicketUse
from neptune_yolo.server.settings import ServerSettings

COOKIE_NAME = "neptune_yolo"
COOKIE_SECONDS = 30 * 24 * 3600
SIGN_IN_PATH = "/sign-in"
SIGN_OUT_PATH = "/sign-out"

_MAX_FORM_BYTES = 16 * 1024


@dataclass(frozen=True)
class Visitors:
    """Tells visitors apart.

    Attributes:
        settings: Holds the keys.
        accounts: Knows users.
    """

    settings: ServerSettings
    accounts: AccountService

    def require(self, request: Request) -> Caller:
        """Return who looks at a page; call it in a worker thread.

        Raises:
            UnauthorizedError: If that is nobody who may.
        """
        cookie = request.cookies.get(COOKIE_NAME, "")
        if self.settings.page_key is None:
            if not cookie:
                raise UnauthorizedError("Expected somebody who has signed in, got nobody. Sign in first.")
            ticket = self._tickets.read(cookie, TicketUse.PAGES)
            return self.accounts.confirm_user(ticket.user_name, ticket.token_id or "")
        if not hmac.compare_digest(cookie.encode(), self._key_cookie(self.settings.page_key).encode()):
            raise UnauthorizedError(
                "Expected a visitor who came by a link with the key, got one without. "
                "Open the link that the training printed, or run 'neptune-yolo open'."
            )
        return Caller(self.settings.user_name, is_admin=True)

    def open_with_key(self, request: Request) -> Response:
        """Answer a link with the key: set the cookie and go to the page without the key in its address.

        Raises:
            UnauthorizedError: If the key is wrong.
        """
        key = request.path_params["key"]
        page_key = self.settings.page_key
        if page_key is None or not hmac.compare_digest(key.encode(), page_key.encode()):
            raise UnauthorizedError(
                "Expected a link with this server's key, got one with another. "
                "Open the link that the training printed, or run 'neptune-yolo open'."
            )
        query = f"?{request.url.query}" if request.url.query else ""
        path = "/" + request.path_params["path"].lstrip("/")
        answer = RedirectResponse(path + query, status_code=303, headers={"Referrer-Policy": "no-referrer"})
        self._set_cookie(answer, self._key_cookie(page_key))
        return answer

    def welcome(self, caller: Caller, target: str) -> Response:
        """Answer somebody who has just signed in: set the cookie and go to the page that was asked for.

        Args:
            caller: Who it is.
            target: Path and query of the page, as anybody may have put it into the form.
        """
        is_local = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
        answer = RedirectResponse(target if is_local else "/", status_code=303)
        fingerprint = self.accounts.password_fingerprint(caller.user_name)
        ticket = Caller(caller.user_name, token_id=fingerprint)
        self._set_cookie(answer, self._tickets.make(TicketUse.PAGES, ticket, COOKIE_SECONDS))
        return answer

    def farewell(self) -> Response:
        """Answer somebody who signs out."""
        answer = RedirectResponse(SIGN_IN_PATH, status_code=303)
        answer.delete_cookie(COOKIE_NAME)
        return answer

    @property
    def _tickets(self) -> Tickets:
        return Tickets(self.settings.signing_key)

    def _set_cookie(self, answer: Response, value: str) -> None:
        is_secure = self.settings.public_url.startswith("https://")
        answer.set_cookie(COOKIE_NAME, value, COOKIE_SECONDS, httponly=True, samesite="lax", secure=is_secure)

    def _key_cookie(self, page_key: str) -> str:
        """Return what the cookie holds: derived from the key, so that the key itself stays in links."""
        return hmac.new(self.settings.signing_key.encode(), page_key.encode(), hashlib.sha256).hexdigest()


def sign_in_link(request: Request) -> str:
    """Return the address of the page to sign in at that leads back to the page of a request."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{SIGN_IN_PATH}?{urlencode({'next': request.url.path + query})}"


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a small form.

    Raises:
        RequestTooLargeError: If it is not small.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM_BYTES:
            raise RequestTooLargeError(_MAX_FORM_BYTES)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
