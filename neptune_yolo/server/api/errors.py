"""Errors of the server as HTTP answers; one body for all of them."""

from collections.abc import Mapping
from types import MappingProxyType

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from neptune_yolo.server.api.security_headers import SECURITY_HEADERS
from neptune_yolo.server.exceptions import (
    ConflictError,
    ForbiddenError,
    InvalidProjectKeyError,
    InvalidProjectNameError,
    InvalidRequestError,
    InvalidUserNameError,
    LengthMismatchError,
    NotApplicableError,
    NotFoundError,
    OperationRefusedError,
    PackageTooLargeError,
    ProjectExistsError,
    ProjectKeyTakenError,
    QuerySyntaxError,
    RequestTooLargeError,
    ServerError,
    SlowRequestError,
    StorageUnavailableError,
    TooManyValuesError,
    UnauthorizedError,
)

STATUS: Mapping[type[ServerError], int] = {
    LengthMismatchError: 400,
    InvalidProjectNameError: 400,
    QuerySyntaxError: 400,
    InvalidProjectKeyError: 400,
    ProjectExistsError: 400,
    ProjectKeyTakenError: 400,
    InvalidUserNameError: 400,
    InvalidRequestError: 400,
    OperationRefusedError: 400,
    UnauthorizedError: 401,
    ForbiddenError: 403,
    NotFoundError: 404,
    SlowRequestError: 408,
    ConflictError: 409,
    RequestTooLargeError: 413,
    TooManyValuesError: 413,
    PackageTooLargeError: 413,
    NotApplicableError: 422,
    StorageUnavailableError: 503,
}
"""Status of each error. 503 makes the client keep its data and try again."""

SHOWN_HEADER = "X-Server-Error"
"""The client logs what this header says; its own exceptions for these errors leave out the message of the body."""

MAX_MESSAGE_LENGTH = 2000
"""Characters of a message; names that a peer sends may be as long as a body."""

RETRY_AFTER_SECONDS = "5"
"""One digit: the client reads only the first."""


def error_body(
    status: int,
    message: str,
    error_type: str | None = None,
    title: str | None = None,
    details: Mapping[str, object] = MappingProxyType({}),
) -> bytes:
    """Return the JSON body of every error.

    Args:
        status: HTTP status, repeated as ``code``.
        message: What was expected, what came, what to do.
        error_type: One of the client's own words, which makes it raise a special error.
        title: One of the client's own titles; None takes the message.
        details: Further fields that the client reads of this error.
    """
    if len(message) > MAX_MESSAGE_LENGTH:
        message = f"{message[:MAX_MESSAGE_LENGTH]}..."
    typed = {} if error_type is None else {"errorType": error_type}
    return orjson.dumps({"code": status, "title": title or message, "message": message, **typed, **details})


def error_response(
    status: int,
    message: str,
    error_type: str | None = None,
    title: str | None = None,
    details: Mapping[str, object] = MappingProxyType({}),
) -> Response:
    """Return the HTTP answer for an error."""
    headers = dict(SECURITY_HEADERS)
    if status == 503:  # noqa: PLR2004 - service unavailable
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    return Response(error_body(status, message, error_type, title, details), status, headers, "application/json")


def answer_server_error(_request: Request, error: Exception) -> Response:
    """Answer one of the server's own errors."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    error_type, title = getattr(error, "error_type", None), getattr(error, "title", None)
    answer = error_response(status, str(error), error_type, title, getattr(error, "details", {}))
    if isinstance(error, UnauthorizedError | ForbiddenError | QuerySyntaxError):
        answer.headers[SHOWN_HEADER] = _header_text(str(error))
    return answer


def _header_text(message: str) -> str:
    """Return a message in one line of printable ASCII, as a header has to be."""
    line = "".join(character if character.isprintable() else " " for character in message[:MAX_MESSAGE_LENGTH])
    return " ".join(line.encode("ascii", "backslashreplace").decode().split())


def answer_http_error(request: Request, error: Exception) -> Response:
    """Answer a request that leads nowhere: no such path, or not with this method."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    answer = error_response(
        status,
        f"Expected a path and a method that this server answers, got {request.method[:20]} {request.url.path[:200]!r}. "
        f"Load /api/backend/swagger.json and its siblings for those that there are.",
    )
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def answer_unexpected_error(_request: Request, _error: Exception) -> Response:
    """Answer an error that nobody foresaw; its traceback goes to the log.

    The status is one that the client does not repeat for a minute: the same request would fail the same way.
    """
    return error_response(
        400, "Expected the server to handle the request, but it failed inside. The server's log has the traceback."
    )
