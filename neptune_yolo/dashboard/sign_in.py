"""The page to sign in at, for servers whose users are in their database."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from neptune_yolo.dashboard.access import SIGN_IN_PATH, SIGN_OUT_PATH, Visitors, read_form
from neptune_yolo.server.domain.api_token import secret_in
from neptune_yolo.server.exceptions import UnauthorizedError
from neptune_yolo.server.services.sign_in import PasswordDoor


@dataclass(frozen=True)
class SignInPage:
    """What the page shows.

    Attributes:
        target: Path and query of the page to go to afterwards.
        problem: Why the last attempt failed; empty at first.
        name: What was typed as name.
        with_token: Whether a token was typed last.
    """

    target: str
    problem: str = ""
    name: str = ""
    with_token: bool = False


def sign_in_routes(
    visitors: Visitors, door: PasswordDoor, templates: Environment, headers: Mapping[str, str]
) -> list[BaseRoute]:
    """Return the routes to sign in and out.

    Args:
        visitors: Tells who somebody is.
        door: Checks passwords.
        templates: Of all pages.
        headers: Of all pages; this one may send its form.
    """
    policy = headers["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")
    # Without any referrer, browsers don't tell the origin of a form either, and the guard would refuse it.
    form_headers = {**headers, "Content-Security-Policy": policy, "Referrer-Policy": "same-origin"}

    def show(page: SignInPage, status: int) -> Response:
        content = templates.get_template("sign_in.html").render(page=page)
        return HTMLResponse(content, status, form_headers)

    async def ask(request: Request) -> Response:
        return show(SignInPage(request.query_params.get("next", "/")), 200)

    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        target = form.get("next", "/")
        address = request.client.host if request.client else ""
        token = form.get("token", "").strip()
        try:
            if token:
                caller = await run_in_threadpool(visitors.accounts.sign_in_caller, secret_in(token))
            else:
                caller = await run_in_threadpool(door.sign_in, form.get("name", ""), form.get("password", ""), address)
        except UnauthorizedError as error:
            return show(SignInPage(target, str(error), form.get("name", ""), with_token=bool(token)), 401)
        return await run_in_threadpool(visitors.welcome, caller, target)

    async def sign_out(_request: Request) -> Response:
        return visitors.farewell()

    return [
        Route(SIGN_IN_PATH, ask, methods=["GET"]),
        Route(SIGN_IN_PATH, sign_in, methods=["POST"]),
        Route(SIGN_OUT_PATH, sign_out, methods=["POST"]),
    ]
