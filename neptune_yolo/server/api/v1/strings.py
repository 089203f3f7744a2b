"""String series in pages: what a program printed, and other texts over steps."""

from typing import Annotated

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.values import AttributeOfRun
from neptune_yolo.server.domain.attribute import AttributeType

MAX_LINES = 10_000

_FAR = 2**53


class TextsAsked(AttributeOfRun, frozen=True, kw_only=True):
    """Which points of a string series: ``limit`` from position ``offset`` on; a negative one counts from the end."""

    offset: Annotated[int, msgspec.Meta(ge=-_FAR, le=_FAR)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LINES)] = 1000


class TextPoint(Record, frozen=True, kw_only=True):
    """A point of a string series; the moment is in milliseconds since 1970 (UTC)."""

    step: float
    logged_ms: int
    value: str


class TextPage(Record, frozen=True, kw_only=True):
    """Points of a string series by step: ``offset`` is the position of the first, ``total`` the number of all."""

    total: int
    offset: int
    points: list[TextPoint]


def list_texts(asked: Asked, where: TextsAsked) -> TextPage:
    """Return points of a string series, such as ``monitoring/<process>/stdout``.

    To follow a series, ask again from the position behind the last point that is known.
    """
    page = asked.services.attributes.page(
        where.identifier, where.path, AttributeType.STRING_SERIES, where.offset, where.limit
    )
    points = [TextPoint(step=step, logged_ms=moment, value=str(value)) for step, moment, value in page.points]
    return TextPage(total=page.total, offset=page.offset, points=points)


STRING_OPERATIONS = (Operation("GET", "/projects/{workspace}/{project}/runs/{run}/strings", list_texts, "run"),)
