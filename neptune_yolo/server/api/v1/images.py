"""Picture series: which steps there are, and one picture at a time."""

from typing import Annotated

import msgspec
from starlette.responses import Response, StreamingResponse

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.values import Path

_CACHE = "private, no-cache"  # kept, but asked for each time: whoever may no longer see it does not get it


class PictureSeriesPart(Record, frozen=True, kw_only=True):
    """Names a picture series of a run, and which of its points: ``limit`` of them from position ``offset`` on."""

    workspace: str
    project: str
    run: str
    path: Path
    offset: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1000


class PictureOfSeries(Record, frozen=True, kw_only=True):
    """Names one picture of a series by its step."""

    workspace: str
    project: str
    run: str
    path: Path
    step: float


class PicturePoint(Record, frozen=True, kw_only=True):
    """A picture of a series, without its bytes; ``sha256`` tells whether it is the same as another."""

    step: float
    logged_ms: int
    name: str | None
    description: str | None
    media_type: str
    size_bytes: int
    sha256: str


class PicturePage(Record, frozen=True, kw_only=True):
    """Points of a picture series by step; ``total`` is the number of all of them."""

    total: int
    points: list[PicturePoint]


def list_pictures(asked: Asked, where: PictureSeriesPart) -> PicturePage:
    """Return which pictures a series has, by step, in pages."""
    run = f"{where.workspace}/{where.project}/{where.run}"
    page = asked.services.images.page(run, where.path, where.offset, where.limit)
    points = [
        PicturePoint(
            step=step,
            logged_ms=timestamp_ms,
            name=image.name,
            description=image.description,
            media_type=image.media_type,
            size_bytes=image.size_bytes,
            sha256=image.sha256,
        )
        for step, timestamp_ms, image in page.points
    ]
    return PicturePage(total=page.total, points=points)


def get_picture(asked: Asked, where: PictureOfSeries) -> Response:
    """Return the bytes of one picture of a series.

    Its ``ETag`` is the hash of the bytes: with the same one in ``If-None-Match`` the answer is 304, without bytes.
    """
    run = f"{where.workspace}/{where.project}/{where.run}"
    image = asked.services.images.at_step(run, where.path, where.step)
    tag = f'"{image.sha256}"'
    headers = {"ETag": tag, "Cache-Control": _CACHE}
    known = [one.strip().removeprefix("W/") for one in asked.request.headers.get("if-none-match", "").split(",")]
    if tag in known:
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(image.size_bytes)
    return StreamingResponse(asked.services.images.read(image), headers=headers, media_type=image.media_type)


_RUN = "/projects/{workspace}/{project}/runs/{run}"

IMAGE_OPERATIONS = (
    Operation("GET", f"{_RUN}/images", list_pictures, "files"),
    Operation("GET", f"{_RUN}/image", get_picture, "files", media_type="image/*"),
)
