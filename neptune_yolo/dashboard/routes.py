"""Pages of projects and runs, at the addresses that the client prints."""

import mimetypes
from collections.abc import Awaitable, Callable

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from neptune_yolo.dashboard.access import Visitors, sign_in_link
from neptune_yolo.dashboard.context import PICTURE_EXTENSIONS, ProjectRow, project_link, run_link, run_page, runs_page
from neptune_yolo.dashboard.sign_in import sign_in_routes
from neptune_yolo.server.domain.attribute import AttributeType, FileValue
from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.exceptions import NotFoundError, UnauthorizedError
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.settings import ServerSettings

SHOWN_RUNS = 200

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

FILE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}
"""Uploaded files are other people's: a browser must not run anything in them. Their own style sheets do no harm, and
the trainers' charts are nothing else."""

Answer = Callable[[Request], Awaitable[Response]]


class _Pages:
    """The pages over the services."""

    def __init__(self, services: Services, templates: Environment) -> None:
        self._services = services
        self._templates = templates

    def home(self, _request: Request) -> str:
        projects = self._services.projects.search("", SHOWN_RUNS)
        rows = [ProjectRow(str(project.name), project_link(project.name)) for project in projects]
        return self._render("home.html", rows)

    def project(self, request: Request) -> str:
        _, runs = self._services.runs.list_newest(_project_name(request), SHOWN_RUNS)
        return self._render("runs.html", runs_page(str(_project_name(request)), runs))

    def models(self, request: Request) -> str:
        _, models = self._services.runs.list_newest(_project_name(request), SHOWN_RUNS, ContainerType.MODEL)
        return self._render("runs.html", runs_page(f"Models of {_project_name(request)}", models))

    def run_anywhere(self, request: Request) -> str | Response:
        runs = self._services.runs.find_everywhere(request.path_params["sys_id"])
        if len(runs) == 1:
            return RedirectResponse(run_link(runs[0]), status_code=303)
        return self._render("runs.html", runs_page(request.path_params["sys_id"], runs))

    def run(self, request: Request) -> str:
        run = self._services.runs.find(_run_identifier(request))
        return self._render("run.html", run_page(run, self._services.attributes.list_all(run.id)))

    def file(self, request: Request) -> Response:
        path = request.query_params.get("attribute", "")
        attribute = self._services.attributes.get(_run_identifier(request), path, AttributeType.FILE)
        if not isinstance(attribute.value, FileValue):
            raise NotFoundError("uploaded file", path)
        extension = attribute.value.extension.lower()
        shown = extension in PICTURE_EXTENSIONS
        media_type = mimetypes.types_map.get(f".{extension}") if shown else None
        headers = {**FILE_HEADERS, "Content-Length": str(attribute.value.size_bytes)}
        if not shown:
            headers["Content-Disposition"] = f'attachment; filename="{_download_name(path, extension)}"'
        chunks = self._services.files.read(attribute.value.sha256)
        return StreamingResponse(chunks, headers=headers, media_type=media_type or "application/octet-stream")

    def _render(self, template: str, page: object) -> str:
        return self._templates.get_template(template).render(page=page)


PageAnswer = Callable[[_Pages, Request], str | Response]


def page_routes(settings: ServerSettings, services: ServiceFactory) -> list[BaseRoute]:
    """Return the routes of all pages; they come after those of the protocol."""
    templates = Environment(loader=PackageLoader("neptune_yolo.dashboard"), autoescape=select_autoescape(default=True))
    visitors = Visitors(settings, services.accounts)

    def problem(status: int, message: str) -> Response:
        return HTMLResponse(templates.get_template("problem.html").render(page=message), status, PAGE_HEADERS)

    async def open_link(request: Request) -> Response:
        try:
            return visitors.open_with_key(request)
        except UnauthorizedError as error:
            return problem(401, str(error))

    def guarded(answer: PageAnswer) -> Answer:
        def answer_visitor(request: Request) -> str | Response:
            caller = visitors.require(request)
            return answer(_Pages(services.for_caller(caller), templates), request)

        async def guarded_answer(request: Request) -> Response:
            try:
                content = await run_in_threadpool(answer_visitor, request)
            except UnauthorizedError as error:
                if settings.page_key is None:
                    return RedirectResponse(sign_in_link(request), 303)
                return problem(401, str(error))
            except NotFoundError as error:
                return problem(404, str(error))
            return content if isinstance(content, Response) else HTMLResponse(content, headers=PAGE_HEADERS)

        return guarded_answer

    sign_in = sign_in_routes(visitors, templates, PAGE_HEADERS) if settings.page_key is None else []
    return [*sign_in, Route("/open/{key}", open_link), Route("/open/{key}/{path:path}", open_link), *_pages(guarded)]


def _pages(guarded: Callable[[PageAnswer], Answer]) -> list[BaseRoute]:
    run_path = "/{workspace}/{project}/e/{sys_id}"
    return [
        Route("/", guarded(_Pages.home)),
        Route("/runs/{sys_id}", guarded(_Pages.run_anywhere)),
        Route(f"{run_path}/file", guarded(_Pages.file)),
        Route(run_path, guarded(_Pages.run)),
        Route(f"{run_path}/{{view:path}}", guarded(_Pages.run)),
        Route("/{workspace}/{project}/m/{sys_id}", guarded(_Pages.run)),
        Route("/{workspace}/{project}/m/{model}/v/{sys_id}", guarded(_Pages.run)),
        Route("/{workspace}/{project}/m/{sys_id}/metadata", guarded(_Pages.run)),
        Route("/{workspace}/{project}/m/{model}/v/{sys_id}/metadata", guarded(_Pages.run)),
        Route("/{workspace}/{project}/models", guarded(_Pages.models)),
        Route("/{workspace}/{project}/", guarded(_Pages.project)),
        Route("/{workspace}/{project}/metadata", guarded(_Pages.project)),
    ]


def _project_name(request: Request) -> ProjectName:
    return ProjectName(request.path_params["workspace"], request.path_params["project"])


def _run_identifier(request: Request) -> str:
    return f"{_project_name(request)}/{request.path_params['sys_id']}"


def _download_name(path: str, extension: str) -> str:
    stem = "".join(char if char.isascii() and (char.isalnum() or char in "-_()") else "_" for char in path)
    return f"{stem}.{extension}" if extension.isalnum() and extension.isascii() else stem
