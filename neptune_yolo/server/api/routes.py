"""Routes of the protocol, made from the table of operations."""

from collections.abc import Awaitable, Callable, Sequence

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from neptune_yolo.server.api.artifacts import ARTIFACT_ENDPOINTS
from neptune_yolo.server.api.attributes import ATTRIBUTE_ENDPOINTS
from neptune_yolo.server.api.authentication import TOKEN_PATH, Authenticator
from neptune_yolo.server.api.bodies import JsonBodies
from neptune_yolo.server.api.endpoint import Call, Document, Endpoint, Place
from neptune_yolo.server.api.errors import error_response
from neptune_yolo.server.api.file_sets import FILE_SET_ENDPOINTS
from neptune_yolo.server.api.files import FILE_ENDPOINTS
from neptune_yolo.server.api.images import IMAGE_ENDPOINTS
from neptune_yolo.server.api.management import MANAGEMENT_ENDPOINTS
from neptune_yolo.server.api.notifications import signal_route
from neptune_yolo.server.api.projects import PROJECT_ENDPOINTS
from neptune_yolo.server.api.runs import RUN_ENDPOINTS
from neptune_yolo.server.api.sessions import answer_token_refresh, parse_form, session_endpoints
from neptune_yolo.server.api.signals import SIGNAL_ENDPOINTS
from neptune_yolo.server.api.swagger import build_document
from neptune_yolo.server.api.tables import TABLE_ENDPOINTS
from neptune_yolo.server.api.trash import TRASH_ENDPOINTS
from neptune_yolo.server.domain.caller import NOBODY, Caller
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.settings import ServerSettings

WARNING_HEADER = "X-Server-Warning"
"""The client shows its user what stands in it."""

Answer = Callable[[Request], Awaitable[Response]]


def all_endpoints(settings: ServerSettings) -> tuple[Endpoint, ...]:
    """Return every operation of the protocol."""
    return (
        *session_endpoints(settings),
        *MANAGEMENT_ENDPOINTS,
        *PROJECT_ENDPOINTS,
        *RUN_ENDPOINTS,
        *ATTRIBUTE_ENDPOINTS,
        *FILE_ENDPOINTS,
        *FILE_SET_ENDPOINTS,
        *IMAGE_ENDPOINTS,
        *ARTIFACT_ENDPOINTS,
        *TABLE_ENDPOINTS,
        *TRASH_ENDPOINTS,
        *SIGNAL_ENDPOINTS,
    )


def protocol_routes(settings: ServerSettings, services: ServiceFactory) -> list[BaseRoute]:
    """Return the routes of all operations, of the Swagger documents and of token renewal."""
    endpoints = all_endpoints(settings)
    authenticator = Authenticator(settings, services.accounts)
    bodies = JsonBodies(settings)

    async def refresh(request: Request) -> Response:
        return answer_token_refresh(authenticator, await parse_form(request))

    return [
        *(_swagger_route(document, endpoints) for document in Document),
        Route(TOKEN_PATH, refresh, methods=["POST"]),
        signal_route(authenticator, services),
        *(
            Route(
                endpoint.full_path,
                _answer(endpoint, bodies, services, authenticator),
                methods=[endpoint.method],
                name=endpoint.operation_id,
            )
            for endpoint in endpoints
        ),
    ]


def _swagger_route(document: Document, endpoints: Sequence[Endpoint]) -> Route:
    content = orjson.dumps(build_document(document, endpoints))

    async def answer(_request: Request) -> Response:
        return Response(content, media_type="application/json")

    return Route(f"{document.value}/swagger.json", answer)


def _answer(endpoint: Endpoint, bodies: JsonBodies, services: ServiceFactory, authenticator: Authenticator) -> Answer:
    takes_body = any(parameter.place is Place.BODY for parameter in endpoint.parameters) and not endpoint.public

    async def answer(request: Request) -> Response:
        caller = NOBODY if endpoint.public else authenticator.check_access(request)
        request.state.user_name = caller.user_name  # for the log
        confirm = _confirmed(caller, authenticator)
        try:
            if endpoint.raw is not None:
                return await endpoint.raw(services.for_caller(await run_in_threadpool(confirm)), request)
            async with bodies.open(request, is_expected=takes_body) as raw_body:
                return await run_in_threadpool(_run_handler, endpoint, services, confirm, request, raw_body, bodies)
        except NotFoundError as error:
            return error_response(404, str(error), endpoint.not_found_type)

    return answer


def _confirmed(caller: Caller, authenticator: Authenticator) -> Callable[[], Caller]:
    def confirm() -> Caller:
        return caller if caller is NOBODY else authenticator.confirm(caller)

    return confirm


def _run_handler(
    endpoint: Endpoint,
    services: ServiceFactory,
    confirm: Callable[[], Caller],
    request: Request,
    raw_body: bytes,
    bodies: JsonBodies,
) -> Response:
    if endpoint.handler is None:
        raise NotImplementedError(endpoint.operation_id)
    call = Call(services.for_caller(confirm()), request, raw_body, bodies.parse(raw_body))
    content = orjson.dumps(endpoint.handler(call))
    headers = {WARNING_HEADER: " ".join(call.warnings)} if call.warnings else None
    return Response(content, headers=headers, media_type="application/json")
