"""What an operation of the read API is made of: a function whose annotations describe its route and its document."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, get_origin, get_type_hints

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.bundle import Services

PREFIX = "/api/v1"
"""Version 1; what it promises is only ever added to."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all that travels as JSON; its fields and docstrings make the OpenAPI document."""


class Nothing(Record, frozen=True, kw_only=True):
    """The answer of an operation that only does something."""


@dataclass(frozen=True)
class Asked:
    """Who asks, and how.

    Attributes:
        services: The use cases, with the rights of the caller.
        caller: Who asks.
        request: Headers, for operations that send bytes.
    """

    services: Services
    caller: Caller
    request: Request


@dataclass(frozen=True)
class Operation:
    """An operation.

    Attributes:
        method: HTTP method.
        path: Path below ``/api/v1``, with parameters in braces.
        handler: A function of an ``Asked`` and, by name, ``where`` (parameters of path and query, a ``Record``) and
            ``body`` (a JSON body, a ``Record``). It returns a ``Record``, or a ``Response`` of another form. A plain
            function runs in a worker thread, a coroutine function in the event loop. Its name is the operation's, its
            docstring the description.
        tag: Group in the document.
        media_type: Of an answer that is no JSON.
    """

    method: str
    path: str
    handler: Callable[..., Any]
    tag: str
    media_type: str | None = None

    @property
    def name(self) -> str:
        """Name of the operation."""
        return self.handler.__name__.strip("_")

    @property
    def full_path(self) -> str:
        """Path on the server."""
        return PREFIX + self.path

    @property
    def is_coroutine(self) -> bool:
        """Whether the handler runs in the event loop."""
        return inspect.iscoroutinefunction(self.handler)

    @cached_property
    def where(self) -> type[Record] | None:
        """Type of the parameters of path and query."""
        return self._annotations.get("where")

    @cached_property
    def body(self) -> type[Record] | None:
        """Type of the JSON body."""
        return self._annotations.get("body")

    @cached_property
    def answer(self) -> type[Record] | None:
        """Type of the JSON answer; None for an answer of another form."""
        answer = self._annotations["return"]
        return None if inspect.isclass(answer) and issubclass(answer, Response) else answer

    @cached_property
    def _annotations(self) -> dict[str, Any]:
        return get_type_hints(self.handler)


def read_parameters(kind: type[Record], request: Request) -> Record:
    """Return the parameters of path and query.

    Args:
        kind: What they are to be.
        request: The request; parameters that ``kind`` does not have are refused.

    Raises:
        InvalidRequestError: If they do not fit.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, object] = dict(request.path_params)
    for name in request.query_params:
        if name not in fields or name in request.path_params:
            raise InvalidRequestError(
                f"Expected parameters among {', '.join(fields)}, got {name[:80]!r}. Check the document at "
                f"{PREFIX}/openapi.json."
            )
        many = _takes_many(fields[name].type)
        values[name] = request.query_params.getlist(name) if many else request.query_params[name]
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidRequestError(f"Expected fitting parameters, got others: {error}.") from error


def _takes_many(kind: Any) -> bool:
    """Return whether a parameter of this type can be given several times."""
    if get_origin(kind) is Annotated:
        kind = kind.__origin__
    return get_origin(kind) in (list, tuple)


def read_body(kind: type[Record], content: bytes) -> Record:
    """Return the JSON body.

    Args:
        kind: What it is to be.
        content: As it came; nothing stands for an empty object.

    Raises:
        InvalidRequestError: If it does not fit.
    """
    try:
        return msgspec.json.decode(content or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequestError(f"Expected a fitting JSON body, got another: {error}.") from error
