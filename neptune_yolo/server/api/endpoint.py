"""What an operation of the protocol is made of: one value describes its route and its Swagger entry."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.bundle import Services

MAX_NUMBER = 2**63 - 1
"""Largest number that the databases take."""

MAX_DIGITS = 19


class Document(StrEnum):
    """The Swagger documents that the client loads, by their path."""

    BACKEND = "/api/backend"
    LEADERBOARD = "/api/leaderboard"
    ARTIFACTS = "/api/artifacts"


class Place(StrEnum):
    """Where a parameter travels."""

    QUERY = "query"
    HEADER = "header"
    BODY = "body"


@dataclass(frozen=True)
class Parameter:
    """A parameter, as Swagger describes it.

    Attributes:
        name: As the client passes it.
        place: Query, header or body.
        schema: Type of a query or header parameter, schema of a body.
    """

    name: str
    place: Place = Place.QUERY
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True)
class Call:
    """One call of an operation whose body is JSON.

    Attributes:
        services: The use cases.
        request: Headers and query.
        raw_body: Body as it came.
        body: Body as parsed JSON; None without one.
        warnings: Sentences in ASCII that the client shows its user; a handler adds to them.
    """

    services: Services
    request: Request
    raw_body: bytes
    body: Any
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return a query parameter.

        Raises:
            InvalidRequestError: If it is missing.
        """
        return require_text(self.request, name)

    def number(self, name: str, default: int) -> int:
        """Return a whole number of the query, or the default.

        Raises:
            InvalidRequestError: If it is not a whole number of zero or more.
        """
        return whole_number(self.request, name, default)


JsonHandler = Callable[[Call], Any]
"""Answers with a JSON value; runs in a worker thread."""

RawHandler = Callable[[Services, Request], Awaitable[Response]]
"""Reads and writes bytes itself; runs in the event loop."""


@dataclass(frozen=True)
class Endpoint:
    """An operation of the protocol.

    Attributes:
        operation_id: Name by which the client calls it.
        method: HTTP method.
        path: Path below the document's address; free of ``{}``.
        handler: Answers a call with JSON; None for a raw transfer.
        raw: Answers a raw transfer.
        parameters: All that the client may pass.
        result: Schema of the answer; None if the client ignores it.
        document: Where it is described.
        public: Whether it is answered without an access token.
        not_found_type: The client's word for what is missing, said in a 404.
    """

    operation_id: str
    method: str
    path: str
    handler: JsonHandler | None = None
    raw: RawHandler | None = None
    parameters: tuple[Parameter, ...] = ()
    result: dict[str, Any] | None = None
    document: Document = Document.LEADERBOARD
    public: bool = False
    not_found_type: str | None = None

    @property
    def full_path(self) -> str:
        """Path on the server."""
        return f"{self.document.value}/v1{self.path}"


def queries(*names: str) -> tuple[Parameter, ...]:
    """Return text parameters of the query."""
    return tuple(Parameter(name) for name in names)


def reference(name: str) -> dict[str, Any]:
    """Return the schema of a definition; only such results have attributes in the client."""
    return {"$ref": f"#/definitions/{name}"}


def array_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an array."""
    return {"type": "array", "items": schema}


def require_text(request: Request, name: str) -> str:
    """Return a query parameter.

    Raises:
        InvalidRequestError: If it is missing.
    """
    value = request.query_params.get(name)
    if value is None:
        raise InvalidRequestError(f"Expected the query parameter {name!r}, got none. Add it to the request.")
    return value


def whole_number(request: Request, name: str, default: int | None = None, most: int = MAX_NUMBER) -> int:
    """Return a whole number of the query.

    Args:
        request: The request.
        name: Name of the parameter.
        default: Taken if it is missing; None makes it required.
        most: The largest that is taken.

    Raises:
        InvalidRequestError: If it is missing without a default, or not a whole number from zero to ``most``.
    """
    if default is not None and name not in request.query_params:
        return default
    text = require_text(request, name)
    number = int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else -1
    if not 0 <= number <= most:
        raise InvalidRequestError(f"Expected {name!r} as a whole number from 0 to {most}, got {text[:40]!r}.")
    return number
