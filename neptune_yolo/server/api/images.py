"""Image series: how many pictures there are, and their bytes one by one."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from neptune_yolo.server.api.attributes import DEFAULT_PAGE
from neptune_yolo.server.api.endpoint import Call, Endpoint, Parameter, queries, reference, require_text, whole_number
from neptune_yolo.server.services.bundle import Services


def _points(call: Call) -> Any:
    page = call.services.images.page(
        call.text("experimentId"),
        call.text("attribute"),
        call.number("offset", 0),
        call.number("limit", DEFAULT_PAGE),
    )
    values = [
        {
            "timestampMillis": timestamp_ms,
            "step": step,
            "name": image.name,
            "description": image.description,
            "contentType": image.media_type,
            "size": image.size_bytes,
        }
        for step, timestamp_ms, image in page.points
    ]
    return {"totalItemCount": page.total, "values": values}


async def _download(services: Services, request: Request) -> Response:
    container_id = require_text(request, "experimentId")
    path = require_text(request, "attribute")
    index = whole_number(request, "index")
    image = await run_in_threadpool(services.images.at, container_id, path, index)
    chunks = await run_in_threadpool(services.images.read, image)
    return StreamingResponse(chunks, headers={"Content-Length": str(image.size_bytes)}, media_type=image.media_type)


IMAGE_ENDPOINTS = (
    Endpoint(
        "getImageSeriesValues",
        "GET",
        "/attributes/imageseries/values",
        _points,
        parameters=(
            *queries("experimentId", "attribute"),
            Parameter("limit", schema={"type": "integer"}),
            Parameter("offset", schema={"type": "integer"}),
        ),
        result=reference("ImagePoints"),
    ),
    Endpoint(
        "getImageSeriesValue",
        "GET",
        "/attributes/imageseries/value",
        raw=_download,
        parameters=(*queries("experimentId", "attribute"), Parameter("index", schema={"type": "integer"})),
    ),
)
