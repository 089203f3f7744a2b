"""Tables: their columns and their rows."""

from collections.abc import Mapping
from typing import Any

import orjson

from neptune_yolo.server.api.endpoint import Call, Endpoint, Parameter, Place, queries, reference
from neptune_yolo.server.api.wire import attribute_to_wire
from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.showing import shown
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.nql.syntax import Aggregate
from neptune_yolo.server.nql.table import Sorting
from neptune_yolo.server.services.tables import TableRequest

DEFAULT_LIMIT = 100
"""Rows of a page if the client names no limit."""

MAX_OFFSET = 2**53
MAX_COLUMNS = 20_000

_AGGREGATES: Mapping[str, Aggregate] = {"none": Aggregate.LAST, **{word.value: word for word in Aggregate}}


def _list_columns(call: Call) -> Any:
    part = call.request.query_params.get("search", "")
    columns = call.services.tables.list_columns(call.text("projectIdentifier"), _types(call), part)
    return {"entries": [{"name": path, "type": kind.value} for path, kind in columns]}


def _search(call: Call) -> Any:
    params = _mapping({} if call.body is None else call.body, "params")
    pagination = _mapping(params.get("pagination") or {}, "pagination")
    query = _mapping(params.get("query") or {}, "query").get("query") or ""
    if not isinstance(query, str):
        raise InvalidRequestError(f"Expected the query as a text, got {shown(query)!r}.")
    request = TableRequest(
        project_id=call.text("projectIdentifier"),
        types=_types(call),
        query=query,
        sorting=_sorting(_mapping(params.get("sorting") or {}, "sorting")),
        offset=_whole(pagination, "offset", 0),
        limit=_whole(pagination, "limit", DEFAULT_LIMIT),
        paths=_paths(params.get("attributeFilters")),
    )
    page = call.services.tables.search(request, _row_to_wire)
    return {"matchingItemCount": page.total, "entries": page.rows}


def _row_to_wire(container: Container, attributes: list[Attribute]) -> orjson.Fragment:
    """Return a row as JSON: much smaller than its values."""
    entry = {
        "experimentId": container.id,
        "projectId": container.project_id,
        "trashed": container.trashed,
        "type": container.type.value,
        "attributes": [attribute_to_wire(attribute) for attribute in attributes],
    }
    return orjson.Fragment(orjson.dumps(entry))


def _types(call: Call) -> tuple[ContainerType, ...]:
    words = call.request.query_params.getlist("type") or [ContainerType.RUN.value]
    try:
        return tuple(dict.fromkeys(ContainerType(word) for word in words))
    except ValueError as error:
        raise InvalidRequestError(
            f"Expected 'type' as one of {', '.join(ContainerType)}, got {shown(words)}."
        ) from error


def _sorting(sorting: Mapping[str, Any]) -> Sorting:
    column = _mapping(sorting.get("sortBy") or {}, "sortBy")
    name, kind = column.get("name", "sys/creation_time"), column.get("type", AttributeType.DATETIME.value)
    direction, aggregate = sorting.get("dir", "descending"), sorting.get("aggregationMode") or "none"
    if not isinstance(name, str) or direction not in ("ascending", "descending") or str(aggregate) not in _AGGREGATES:
        raise InvalidRequestError(
            f"Expected 'sorting' with the name of a column, 'dir' ascending or descending and 'aggregationMode' one of "
            f"{', '.join(_AGGREGATES)}, got {str(sorting)[:200]}."
        )
    known = {word.value: word for word in AttributeType} | {"integer": AttributeType.INT, "boolean": AttributeType.BOOL}
    if str(kind) not in known:
        raise InvalidRequestError(f"Expected the type of a column as one of {', '.join(known)}, got {shown(kind)!r}.")
    return Sorting(name, known[str(kind)], _AGGREGATES[str(aggregate)], descending=direction == "descending")


def _paths(filters: object) -> tuple[str, ...] | None:
    if filters is None:
        return None
    items = filters if isinstance(filters, list) else [None]
    paths = [item.get("path") if isinstance(item, dict) else None for item in items]
    found = tuple(dict.fromkeys(path for path in paths if isinstance(path, str)))
    if None in paths or len(found) > MAX_COLUMNS:
        raise InvalidRequestError(
            f"Expected 'attributeFilters' as a list of up to {MAX_COLUMNS} objects with a 'path', got {shown(filters)}."
        )
    return found


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRequestError(f"Expected {name!r} as an object, got {shown(value)!r}.")
    return value


def _whole(pagination: Mapping[str, Any], name: str, default: int) -> int:
    value = pagination.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_OFFSET:
        raise InvalidRequestError(f"Expected {name!r} as a whole number of 0 or more, got {shown(value)!r}.")
    return value


_TYPES = Parameter("type", schema={"type": "array", "items": {"type": "string"}, "collectionFormat": "multi"})

TABLE_ENDPOINTS = (
    Endpoint(
        "searchLeaderboardAttributes",
        "POST",
        "/leaderboard/attributes/search",
        _list_columns,
        parameters=(*queries("projectIdentifier", "search"), _TYPES, Parameter("params", Place.BODY, {})),
        result=reference("ColumnList"),
    ),
    Endpoint(
        "searchLeaderboardEntries",
        "POST",
        "/leaderboard/entries/search",
        _search,
        parameters=(*queries("projectIdentifier"), _TYPES, Parameter("params", Place.BODY, {})),
        result={},
    ),
)
