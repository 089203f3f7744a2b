"""Who may see pages: whoever opened a link with a ticket, or has signed in, as the server's settings say."""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.page_tickets import TICKET_SECONDS, read_page_ticket
from neptune_yolo.server.exceptions import RequestTooLargeError, UnauthorizedError
from neptune_yolo.server.services.accounts import AccountService
from neptune_yolo.server.services.tickets import Tickets, TicketUse
from neptune_yolo.server.settings import ServerSettings

COOKIE_SECONDS = 30 * 24 * 3600
SIGN_IN_PATH = "/sign-in"
SIGN_OUT_PATH = "/sign-out"

_MAX_FORM_BYTES = 16 * 1024
_USED_KEPT_MS = 60_000
"""A used ticket is remembered for so long after its end: it may be looked at just before and noted just after it."""

_BY_TOKEN = "token:"  # noqa: S105 - a mark, no secret
"""Begins what a ticket says of somebody who signed in with an API token; a password's fingerprint has no colon."""

_NEW_LINK = "Run 'neptune-yolo open' on the machine where the server runs: it prints a new link and opens it."


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
        cookie = request.cookies.get(cookie_name(self.settings), "")
        if self.settings.page_key is None:
            if not cookie:
                raise UnauthorizedError("Expected somebody who has signed in, got nobody. Sign in first.")
            return self._confirm(self._tickets.read(cookie, TicketUse.PAGES))
        if not self._came_by_link(request, self.settings.page_key):
            raise UnauthorizedError(
                "Expected a visitor who came by a link of this server before, got one who did not, or in another "
                f"browser. Open the link that the training printed, if it is unused, or: {_NEW_LINK}"
            )
        return Caller(self.settings.user_name, is_admin=True)

    def open_link(self, request: Request) -> Response:
        """Answer a link with a ticket: set the cookie and go to the page without the ticket in its address.

        A visitor who has the cookie is let through by any link. Call it in a worker thread.

        Raises:
            UnauthorizedError: If the visitor has no cookie, and the ticket was used before, is too old, or not ours.
        """
        page_key = self.settings.page_key
        if page_key is None:
            raise UnauthorizedError("Expected somebody who signs in, got a link of a server without that. Sign in.")
        if not self._came_by_link(request, page_key):
            self._use_ticket(request.path_params["ticket"], page_key)
        query = f"?{request.url.query}" if request.url.query else ""
        path = "/" + request.path_params.get("path", "").lstrip("/")
        answer = RedirectResponse(path + query, status_code=303, headers={"Referrer-Policy": "no-referrer"})
        self._set_cookie(answer, self._key_cookie(page_key))
        return answer

    def _use_ticket(self, text: str, page_key: str) -> None:
        ticket = read_page_ticket(page_key, text)
        if ticket is None:
            raise UnauthorizedError(
                f"Expected a link that this server's programs have made, got another one, or one in part. {_NEW_LINK}"
            )
        hours = TICKET_SECONDS // 3600
        if ticket.expires_ms <= self.accounts.clock():
            raise UnauthorizedError(
                f"Expected a link that is opened within {hours} hours of its making, got an older one. {_NEW_LINK}"
            )
        if not self.accounts.use_once(ticket.digest, ticket.expires_ms + _USED_KEPT_MS):
            raise UnauthorizedError(
                "Expected a link that nobody has opened yet, got one that was opened before, in another browser or "
                f"by somebody else: a link lets in one browser, once. {_NEW_LINK}"
            )

    def welcome(self, caller: Caller, target: str) -> Response:
        """Answer somebody who has just signed in: set the cookie and go to the page that was asked for.

        Args:
            caller: Who it is; with an API token, the visit ends when that does, else with the next password.
            target: Path and query of the page, as anybody may have put it into the form.
        """
        is_local = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
        answer = RedirectResponse(target if is_local else "/", status_code=303)
        if caller.token_id is None:
            proof = self.accounts.password_fingerprint(caller.user_name)
        else:
            proof = _BY_TOKEN + caller.token_id
        ticket = Caller(caller.user_name, token_id=proof)
        self._set_cookie(answer, self._tickets.make(TicketUse.PAGES, ticket, COOKIE_SECONDS))
        return answer

    def _confirm(self, ticket: Caller) -> Caller:
        proof = ticket.token_id or ""
        if proof.startswith(_BY_TOKEN):
            return self.accounts.confirm_token(proof.removeprefix(_BY_TOKEN))
        return self.accounts.confirm_user(ticket.user_name, proof)

    def farewell(self) -> Response:
        """Answer somebody who signs out."""
        answer = RedirectResponse(SIGN_IN_PATH, status_code=303)
        answer.delete_cookie(cookie_name(self.settings))
        return answer

    @property
    def _tickets(self) -> Tickets:
        return Tickets(self.settings.signing_key)

    def _set_cookie(self, answer: Response, value: str) -> None:
        is_secure = self.settings.public_url.startswith("https://")
        answer.set_cookie(
            cookie_name(self.settings), value, COOKIE_SECONDS, httponly=True, samesite="lax", secure=is_secure
        )

    def _came_by_link(self, request: Request, page_key: str) -> bool:
        cookie = request.cookies.get(cookie_name(self.settings), "")
        return hmac.compare_digest(cookie.encode(), self._key_cookie(page_key).encode())

    def _key_cookie(self, page_key: str) -> str:
        """Return what the cookie holds: derived from the key, which stays in the data folder."""
        return hmac.new(self.settings.signing_key.encode(), page_key.encode(), hashlib.sha256).hexdigest()


def cookie_name(settings: ServerSettings) -> str:
    """Return the name of the cookie: browsers do not tell the servers of one machine apart, whatever their ports."""
    key = settings.signing_key.encode()
    return f"neptune_yolo_{hmac.new(key, b'name of the cookie', hashlib.sha256).hexdigest()[:12]}"


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
