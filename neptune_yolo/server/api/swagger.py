"""Make the Swagger documents from the table of operations.

The client has no addresses of its own: it downloads these documents and calls operations by their ``operationId``.
``host`` and ``schemes`` are left out, so that the same server works under any address.
"""

from collections.abc import Sequence
from typing import Any

from neptune_yolo.server.api.definitions import DEFINITIONS
from neptune_yolo.server.api.endpoint import Document, Endpoint, Parameter, Place

TAG = "api"
"""The client finds operations under this tag."""


def build_document(document: Document, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return a Swagger 2.0 document.

    Args:
        document: Which of them.
        endpoints: All operations; those of other documents are left out.
    """
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        if endpoint.document is document:
            paths.setdefault(endpoint.full_path, {})[endpoint.method.lower()] = _describe(endpoint)
    return {
        "swagger": "2.0",
        "info": {"title": document.value.rsplit("/", 1)[-1], "version": "1"},
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": paths,
        "definitions": DEFINITIONS,
    }


def _describe(endpoint: Endpoint) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "success"}
    if endpoint.result is not None:
        success["schema"] = endpoint.result
    return {
        "operationId": endpoint.operation_id,
        "tags": [TAG],
        "parameters": [_describe_parameter(parameter) for parameter in endpoint.parameters],
        "responses": {
            "200": success,
            "default": {"description": "error", "schema": {"$ref": "#/definitions/Error"}},
        },
    }


def _describe_parameter(parameter: Parameter) -> dict[str, Any]:
    shared = {"name": parameter.name, "in": parameter.place.value, "required": False}
    if parameter.place is Place.BODY:
        return {**shared, "schema": parameter.schema}
    collection = {"collectionFormat": "multi"} if parameter.schema.get("type") == "array" else {}
    return {**shared, **parameter.schema, **collection}
