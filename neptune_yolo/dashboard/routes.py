"""The application at the addresses that the client prints, and what is shown to those who may not in."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from neptune_yolo.dashboard.access import Visitors, sign_in_link
from neptune_yolo.dashboard.bundle import Bundle, asset_routes, installed_bundle
from neptune_yolo.dashboard.context import ProblemPage, run_link, runs_page
from neptune_yolo.dashboard.sign_in import sign_in_routes
from neptune_yolo.server.exceptions import NotFoundError, UnauthorizedError
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.settings import ServerSettings

NOT_PAGES = frozenset({"api", "static", "open", "sign-in", "sign-out"})
"""First parts of addresses where no page is, whatever follows."""

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Answer = Callable[[Request], Awaitable[Response]]


class _Pages:
    """The pages over the services."""

    def __init__(self, services: Services, templates: Environment, bundle: Bundle) -> None:
        self._services = services
        self._templates = templates
        self._bundle = bundle

    def application(self, _request: Request) -> Response:
        if self._bundle.exists:
            return self._bundle.page()
        return HTMLResponse(self._templates.get_template("not_built.html").render(), 503, PAGE_HEADERS)

    def workspace(self, request: Request) -> Response:
        query = urlencode({"search": f"{request.path_params['workspace']}/"})
        return RedirectResponse(f"/?{query}", status_code=303)

    def run_anywhere(self, request: Request) -> Response:
        runs = self._services.runs.find_everywhere(request.path_params["sys_id"])
        if len(runs) == 1:
            return RedirectResponse(run_link(runs[0]), status_code=303)
        page = runs_page(request.path_params["sys_id"], runs)
        return HTMLResponse(self._templates.get_template("runs.html").render(page=page), headers=PAGE_HEADERS)


PageAnswer = Callable[[_Pages, Request], Response]


def page_routes(settings: ServerSettings, services: ServiceFactory, visitors: Visitors) -> list[BaseRoute]:
    """Return the routes of all pages; they come after those of the protocol.

    Args:
        settings: Those of the server process.
        services: Makes the services for a visitor.
        visitors: Tells who somebody is.
    """
    templates = Environment(loader=PackageLoader("neptune_yolo.dashboard"), autoescape=select_autoescape(default=True))
    bundle = installed_bundle()

    def problem(status: int, message: str) -> Response:
        page = ProblemPage(message, leads_on=status == HTTPStatus.NOT_FOUND)
        return HTMLResponse(templates.get_template("problem.html").render(page=page), status, PAGE_HEADERS)

    async def open_link(request: Request) -> Response:
        if request.method == "HEAD":  # of a program that looks whether a link is alive: it must not use it up
            return Response(headers=PAGE_HEADERS)
        try:
            return await run_in_threadpool(visitors.open_link, request)
        except UnauthorizedError as error:
            return problem(401, str(error))

    def guarded(answer: PageAnswer) -> Answer:
        def answer_visitor(request: Request) -> Response:
            caller = visitors.require(request)
            return answer(_Pages(services.for_caller(caller), templates, bundle), request)

        async def guarded_answer(request: Request) -> Response:
            try:
                return await run_in_threadpool(answer_visitor, request)
            except UnauthorizedError as error:
                if settings.page_key is None:
                    return RedirectResponse(sign_in_link(request), 303)
                return problem(401, str(error))
            except NotFoundError as error:
                return problem(404, str(error))

        return guarded_answer

    links = [Route(path, open_link, methods=["GET"]) for path in ("/open/{ticket}", "/open/{ticket}/{path:path}")]
    sign_in = sign_in_routes(visitors, services.door, templates, PAGE_HEADERS) if settings.page_key is None else []
    return [*sign_in, *links, *asset_routes(bundle), *_pages(guarded)]


class _PageRoute(Route):
    """A route of pages, whose addresses begin with the name of a workspace: any but those of other things."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        first_part = scope["path"].split("/", 2)[1]
        return (Match.NONE, {}) if first_part in NOT_PAGES else super().matches(scope)


class _WorkspaceRoute(_PageRoute):
    """The route of a workspace alone. Only browsers are led on: a program has rather mistyped an address of the API."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_wanted = scope["type"] == "http" and "text/html" in Headers(scope=scope).get("Accept", "")
        return super().matches(scope) if is_wanted else (Match.NONE, {})


def _pages(guarded: Callable[[PageAnswer], Answer]) -> list[BaseRoute]:
    application = guarded(_Pages.application)
    return [
        Route("/", application),
        Route("/runs/{sys_id}", guarded(_Pages.run_anywhere)),
        Route("/account", application),
        _WorkspaceRoute("/{workspace}", guarded(_Pages.workspace)),
        _PageRoute("/{workspace}/{project}", application),
        _PageRoute("/{workspace}/{project}/{page:path}", application),
    ]
