"""Errors of the server as HTTP answers; one body for all of them."""

from collections.abc import Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response

from neptune_yolo.server.exceptions import (
    ConflictError,
    InvalidProjectNameError,
    InvalidRequestError,
    LengthMismatchError,
    NotFoundError,
    OperationRefusedError,
    RequestTooLargeError,
    ServerError,
    StorageUnavailableError,
    UnauthorizedError,
)

STATUS: Mapping[type[ServerError], int] = {
    LengthMismatchError: 400,
    InvalidProjectNameError: 400,
    InvalidRequestError: 400,
    OperationRefusedError: 400,
    UnauthorizedError: 401,
    NotFoundError: 404,
    ConflictError: 409,
    RequestTooLargeError: 413,
    StorageUnavailableError: 503,
}
"""Status of each error. 503 makes the client keep its data and try again."""

RETRY_AFTER_SECONDS = "5"
"""One digit: the client reads only the first."""


def error_body(status: int, message: str, error_type: str | None = None) -> bytes:
    """Return the JSON body of every error.

    Args:
        status: HTTP status, repeated as ``code``.
        message: What was expected, what came, what to do.
        error_type: One of the client's own words, which makes it raise a special error.
    """
    typed = {} if error_type is None else {"errorType": error_type}
    return orjson.dumps({"code": status, "title": message, "message": message, **typed})


def error_response(status: int, message: str, error_type: str | None = None) -> Response:
    """Return the HTTP answer for an error."""
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if status == 503 else None  # noqa: PLR2004 - service unavailable
    return Response(error_body(status, message, error_type), status, headers, "application/json")


def answer_server_error(_request: Request, error: Exception) -> Response:
    """Answer one of the server's own errors."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    return error_response(status, str(error), getattr(error, "error_type", None))


def answer_unexpected_error(_request: Request, _error: Exception) -> Response:
    """Answer an error that nobody foresaw; its traceback goes to the log.

    The status is one that the client does not repeat for a minute: the same request would fail the same way.
    """
    return error_response(
        400, "Expected the server to handle the request, but it failed inside. The server's log has the traceback."
    )
