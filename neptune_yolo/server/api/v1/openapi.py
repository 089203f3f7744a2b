"""The OpenAPI document of the read API, made from the table of operations."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from neptune_yolo.server.api.v1.operation import Operation, Record

OPENAPI = "3.1.0"
VERSION = "1"


class Problem(Record, frozen=True, kw_only=True):
    """The body of every error: ``message`` says what was expected, what came and what to do.

    Of a query that cannot be read, ``line`` and ``column`` (both from 1) point at the place.
    """

    code: int
    title: str
    message: str
    line: int | None = None
    column: int | None = None


def openapi_document(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the document as JSON values.

    Args:
        operations: What it describes.
    """
    kinds: list[type[Record]] = [Problem]
    for operation in operations:
        kinds.extend(kind for kind in (operation.body, operation.answer, operation.where) if kind is not None)
    kinds = list(dict.fromkeys(kinds))
    schemas, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    references = dict(zip(kinds, schemas, strict=True))
    places = {operation.where.__name__ for operation in operations if operation.where is not None}
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        entry = _describe(operation, references, components)
        paths.setdefault(operation.full_path, {})[operation.method.lower()] = entry
    return {
        "openapi": OPENAPI,
        "info": {"title": "neptune_yolo read API", "version": VERSION},
        "paths": paths,
        "components": {"schemas": {name: schema for name, schema in components.items() if name not in places}},
    }


def _describe(operation: Operation, references: dict[type[Record], Any], components: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "description": inspect.cleandoc(operation.handler.__doc__ or ""),
        "responses": {"200": _answer(operation, references), "default": _content(references[Problem], "An error.")},
    }
    if operation.where is not None:
        entry["parameters"] = _parameters(operation, components[operation.where.__name__])
    if operation.body is not None:
        entry["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": references[operation.body]}},
        }
    return entry


def _answer(operation: Operation, references: dict[type[Record], Any]) -> dict[str, Any]:
    if operation.answer is None:
        media_type = operation.media_type or "application/octet-stream"
        return {"description": "Bytes.", "content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}
    return _content(references[operation.answer], "Done.")


def _content(schema: Any, description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameters(operation: Operation, schema: dict[str, Any]) -> list[dict[str, Any]]:
    in_path = set(re.findall(r"{(\w+)}", operation.path))
    required = set(schema.get("required", ())) | in_path
    return [
        {
            "name": name,
            "in": "path" if name in in_path else "query",
            "required": name in required,
            "schema": {key: value for key, value in kind.items() if key != "description"},
        }
        for name, kind in schema["properties"].items()
    ]
