"""Routes of the read API, made from the table of operations."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from neptune_yolo.server.api.bodies import JsonBodies
from neptune_yolo.server.api.v1.openapi import openapi_document
from neptune_yolo.server.api.v1.operation import PREFIX, Asked, Operation, read_body, read_parameters
from neptune_yolo.server.api.v1.operations import OPERATIONS
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.settings import ServerSettings

Answer = Callable[[Request], Awaitable[Response]]
Identify = Callable[[Request], Caller]
"""Tells who asks; called in a worker thread, and raises ``UnauthorizedError`` for nobody who may."""


def v1_routes(settings: ServerSettings, services: ServiceFactory, identify: Identify) -> list[BaseRoute]:
    """Return the routes of all operations and of the OpenAPI document.

    Args:
        settings: Limits of bodies.
        services: Makes the services of each caller.
        identify: Tells who asks.
    """
    bodies = JsonBodies(settings)
    document = msgspec.json.encode(openapi_document(OPERATIONS))

    async def describe(_request: Request) -> Response:
        return Response(document, media_type="application/json")

    return [
        Route(f"{PREFIX}/openapi.json", describe, name="v1.openapi"),
        *(
            Route(
                operation.full_path,
                _answer(operation, bodies, services, identify),
                methods=[operation.method],
                name=f"v1.{operation.name}",
            )
            for operation in OPERATIONS
        ),
    ]


def _answer(operation: Operation, bodies: JsonBodies, services: ServiceFactory, identify: Identify) -> Answer:
    def prepare(request: Request, content: bytes) -> tuple[Asked, dict[str, object]]:
        caller = identify(request)
        request.state.user_name = caller.user_name  # for the log
        arguments: dict[str, object] = {}
        if operation.where is not None:
            arguments["where"] = read_parameters(operation.where, request)
        if operation.body is not None:
            arguments["body"] = read_body(operation.body, content)
        return Asked(services.for_caller(caller), caller, request), arguments

    def run(request: Request, content: bytes) -> Response:
        asked, arguments = prepare(request, content)
        return _response(operation.handler(asked, **arguments))

    async def answer(request: Request) -> Response:
        async with bodies.open(request, is_expected=operation.body is not None) as content:
            if not operation.is_coroutine:
                return await run_in_threadpool(run, request, content)
            asked, arguments = await run_in_threadpool(prepare, request, content)
        return _response(await operation.handler(asked, **arguments))

    return answer


def _response(content: object) -> Response:
    if isinstance(content, Response):
        return content
    return Response(msgspec.json.encode(content), media_type="application/json")
