"""The smallest application that the embedded server can run: health, and one request that counts as use."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from neptune_yolo.server.settings import ServerSettings


def create_app(settings: ServerSettings) -> Starlette:
    async def health(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "instance": settings.instance, "version": "stub"})

    async def use(_request: Request) -> JSONResponse:
        return JSONResponse({})

    async def use_for_long(_request: Request) -> JSONResponse:
        await asyncio.sleep(3)
        return JSONResponse({})

    return Starlette(
        routes=[Route("/api/health", health), Route("/use", use), Route("/use-for-long", use_for_long)],
    )


def create_broken_app(settings: ServerSettings) -> Starlette:
    raise RuntimeError(f"made to fail for {settings.host}")
