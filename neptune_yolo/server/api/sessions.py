"""Handshake: configuration of the client, and tokens."""

from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response

from neptune_yolo.server.api.authentication import ACCESS_SECONDS, API_TOKEN_HEADER, Authenticator
from neptune_yolo.server.api.bodies import read_small_body
from neptune_yolo.server.api.endpoint import Call, Document, Endpoint, JsonHandler, Parameter, Place, reference
from neptune_yolo.server.domain.page_tickets import page_link
from neptune_yolo.server.exceptions import InvalidRequestError, UnauthorizedError
from neptune_yolo.server.services.clock import system_clock
from neptune_yolo.server.settings import ServerSettings

MEBIBYTE = 1024 * 1024
MAX_FORM_FIELDS = 20

_TOKEN_HEADER = Parameter(API_TOKEN_HEADER, Place.HEADER)


def session_endpoints(settings: ServerSettings) -> tuple[Endpoint, ...]:
    """Return the operations of the handshake."""
    return (
        Endpoint(
            "getClientConfig",
            "GET",
            "/clients/config",
            _client_config(settings),
            parameters=(_TOKEN_HEADER, Parameter("alpha")),
            result=reference("ClientConfig"),
            document=Document.BACKEND,
            public=True,
        ),
        Endpoint(
            "exchangeApiToken",
            "GET",
            "/authorization/oauth-token",
            _exchange(settings),
            parameters=(_TOKEN_HEADER,),
            result=reference("Tokens"),
            document=Document.BACKEND,
            public=True,
        ),
    )


def application_url(settings: ServerSettings) -> str:
    """Return the base of the links that the client prints; a server without sign-in puts a one-time ticket in it."""
    if settings.page_key is None:
        return settings.public_url
    return page_link(settings.public_url, settings.page_key, system_clock())


def _client_config(settings: ServerSettings) -> JsonHandler:
    def handler(call: Call) -> Any:
        Authenticator(settings, call.services.accounts).check_api_token(call.request)
        return {
            "apiUrl": settings.public_url,
            "applicationUrl": application_url(settings),
            "pyLibVersions": {
                "minRecommendedVersion": None,
                "minCompatibleVersion": None,
                "maxCompatibleVersion": None,
            },
            "multiPartUpload": {
                "enabled": True,
                "minChunkSize": 5 * MEBIBYTE,
                "maxChunkSize": 1024 * MEBIBYTE,
                "maxChunkCount": 1000,
                "maxSinglePartSize": 5 * MEBIBYTE,
            },
            "artifacts": {"enabled": True, "apiVersion": 2},
            "sysNameSetByBackend": True,
        }

    return handler


def _exchange(settings: ServerSettings) -> JsonHandler:
    def handler(call: Call) -> Any:
        tokens = Authenticator(settings, call.services.accounts).exchange(call.request)
        return {"accessToken": tokens.access, "refreshToken": tokens.refresh, "username": tokens.user_name}

    return handler


def answer_token_refresh(authenticator: Authenticator, body: dict[str, str]) -> Response:
    """Answer the OAuth request that renews tokens.

    Args:
        authenticator: Checks and makes tokens.
        body: The form's fields.
    """
    try:
        tokens = authenticator.refresh(body.get("refresh_token", ""))
    except UnauthorizedError as error:
        content = {"error": "invalid_grant", "error_description": str(error)}
        return Response(orjson.dumps(content), 400, media_type="application/json")
    answer: dict[str, str | int] = {
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "expires_in": ACCESS_SECONDS,
        "token_type": "Bearer",
    }
    return Response(orjson.dumps(answer), media_type="application/json")


async def parse_form(request: Request) -> dict[str, str]:
    """Return the fields of a URL-encoded form.

    Raises:
        RequestTooLargeError: If it is larger than tokens are.
        InvalidRequestError: If it has too many fields.
    """
    text = (await read_small_body(request)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, max_num_fields=MAX_FORM_FIELDS))
    except ValueError as error:
        raise InvalidRequestError(f"Expected a form of at most {MAX_FORM_FIELDS} fields, got more.") from error
