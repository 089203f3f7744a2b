"""Attributes: batches of changes, the list, and a getter for each type."""

import hashlib
from typing import Any

from neptune_yolo.server.api.endpoint import Call, Endpoint, JsonHandler, Parameter, Place, array_of, queries, reference
from neptune_yolo.server.api.wire import attribute_to_wire, value_to_wire
from neptune_yolo.server.api.wire_operations import parse_operations
from neptune_yolo.server.domain.attribute import AttributeType

DEFAULT_PAGE = 1000
"""Points in an answer if the client names no limit."""


def _execute(call: Call) -> Any:
    operations = parse_operations(call.body)
    digest = hashlib.sha256(call.raw_body).hexdigest()
    errors = call.services.operations.execute(call.text("experimentId"), operations, digest)
    return [{"errorDescription": error} for error in errors]


def _list_all(call: Call) -> Any:
    attributes = call.services.attributes.list_all(call.text("experimentId"))
    return {"attributes": [attribute_to_wire(attribute) for attribute in attributes]}


def _getter(name: str, attribute_type: AttributeType) -> Endpoint:
    def handler(call: Call) -> Any:
        path = call.text("attribute")
        return value_to_wire(call.services.attributes.get(call.text("experimentId"), path, attribute_type))

    return Endpoint(
        f"get{name}Attribute",
        "GET",
        f"/attributes/{name.lower()}",
        handler,
        parameters=queries("experimentId", "attribute"),
        result=reference(f"{name}Attribute"),
    )


def _points(series_type: AttributeType) -> JsonHandler:
    def handler(call: Call) -> Any:
        page = call.services.attributes.page(
            call.text("experimentId"),
            call.text("attribute"),
            series_type,
            call.number("offset", 0),
            call.number("limit", DEFAULT_PAGE),
        )
        values = [
            {"timestampMillis": timestamp_ms, "step": step, "value": value} for step, timestamp_ms, value in page.points
        ]
        return {"totalItemCount": page.total, "values": values}

    return handler


def _series(name: str, series_type: AttributeType) -> Endpoint:
    return Endpoint(
        f"get{name}SeriesValues",
        "GET",
        f"/attributes/{name.lower()}series/values",
        _points(series_type),
        parameters=(
            *queries("experimentId", "attribute"),
            Parameter("limit", schema={"type": "integer"}),
            Parameter("offset", schema={"type": "integer"}),
        ),
        result=reference(f"{name}Points"),
    )


ATTRIBUTE_ENDPOINTS = (
    Endpoint(
        "executeOperations",
        "POST",
        "/attributes/operations",
        _execute,
        parameters=(
            *queries("experimentId"),
            Parameter("operations", Place.BODY, {}),
        ),
        result=array_of(reference("OperationError")),
    ),
    Endpoint(
        "getExperimentAttributes",
        "GET",
        "/experiment/attributes",
        _list_all,
        parameters=queries("experimentId"),
        result=reference("AttributeList"),
    ),
    _getter("Float", AttributeType.FLOAT),
    _getter("Int", AttributeType.INT),
    _getter("Bool", AttributeType.BOOL),
    _getter("String", AttributeType.STRING),
    _getter("Datetime", AttributeType.DATETIME),
    _getter("File", AttributeType.FILE),
    _getter("FloatSeries", AttributeType.FLOAT_SERIES),
    _getter("StringSeries", AttributeType.STRING_SERIES),
    _getter("StringSet", AttributeType.STRING_SET),
    _getter("Artifact", AttributeType.ARTIFACT),
    _series("Float", AttributeType.FLOAT_SERIES),
    _series("String", AttributeType.STRING_SERIES),
)
