"""Series of several runs in one answer, thinned for charts or raw."""

import gzip
from typing import Annotated, Literal

import msgspec
from starlette.responses import Response

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.series_wire import SERIES_TYPE, pack_curves
from neptune_yolo.server.api.v1.values import Path, ProjectPath
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.curves import MAX_RAW_POINTS, Curve, CurveRequest, Range
from neptune_yolo.server.services.thinning import Parts

MAX_SERIES = 2000
MAX_BINS = 5000
COMPRESSED_FROM_BYTES = 1024
_COMPRESSION = 1
"""Level of gzip: higher ones take longer than they save on the way."""


class SeriesChoice(Record, frozen=True, kw_only=True):
    """A series: identifier of the run, path, and the last step that is known already (null for none)."""

    run: Annotated[str, msgspec.Meta(max_length=160)]
    path: Path
    after: float | None = None


class SeriesSearch(Record, frozen=True, kw_only=True):
    """Which series, and which of their points.

    ``first`` and ``last`` bound the points: as steps, with ``x`` of ``time`` as milliseconds since 1970, and with
    ``relative`` as milliseconds since the run began. The range of each series is divided into ``bins`` of the same
    width, with ``log`` on a logarithmic axis; of each, the smallest and the largest value are kept. Of a series with
    hundreds of points in each bin, the borders of bins may be off by less than half a bin. ``raw`` asks for all
    points; with ``limit``, for at most so many of all series together: the answer ends with the series in which
    they are reached, and can be gone on with there by ``after``.
    """

    series: Annotated[list[SeriesChoice], msgspec.Meta(max_length=MAX_SERIES)]
    x: Literal["step", "time", "relative"] = "step"
    log: bool = False
    first: float | None = None
    last: float | None = None
    bins: Annotated[int, msgspec.Meta(ge=1, le=MAX_BINS)] = 500
    raw: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_RAW_POINTS)] | None = None


class SeriesView(Record, frozen=True, kw_only=True):
    """A series: its number of points in all and in the range asked for, and those that are shown, as columns.

    ``started_ms`` is when its run began, from which relative time is counted. If points were left out, ``means`` has
    the mean of all points of each bin, from the first one to the last, and null for a bin without points.
    """

    run: str
    path: str
    total: int
    in_range: int
    started_ms: int
    steps: list[float]
    times_ms: list[int]
    values: list[float]
    means: list[float | None]


class SeriesPage(Record, frozen=True, kw_only=True):
    """Series in the order asked for; those that are not there are left out."""

    series: list[SeriesView]


def search_series(asked: Asked, where: ProjectPath, body: SeriesSearch) -> Response:
    """Return series of several runs, thinned or raw.

    The answer is binary (``application/vnd.neptune-yolo.series``) if the request accepts that type by name; it begins
    with the length of its JSON header in 4 bytes. Else it is JSON: ``series`` with ``run``, ``path``, ``total``,
    ``in_range``, ``started_ms``, ``steps``, ``times_ms``, ``values`` and ``means``.
    """
    if body.first is not None and body.last is not None and body.first > body.last:
        raise InvalidRequestError(
            f"Expected 'first' to be at most 'last', got {body.first:g} and {body.last:g}. Exchange them."
        )
    if body.limit is not None and (not body.raw or body.x != "step"):
        raise InvalidRequestError(
            "Expected 'limit' with 'raw' and with 'x' of 'step' only, got it otherwise. Ask for fewer 'bins' instead."
        )
    requests = [CurveRequest(choice.run, choice.path, choice.after) for choice in body.series]
    reach = Range(body.x, body.first, body.last, None if body.raw else body.bins, body.log, body.limit)
    curves = asked.services.curves.read(f"{where.workspace}/{where.project}", requests, reach)
    headers = asked.request.headers
    if SERIES_TYPE in headers.get("accept", ""):
        content, media_type = pack_curves(curves, exact=body.raw, with_times=body.x != "step" or body.raw), SERIES_TYPE
    else:
        content, media_type = msgspec.json.encode(_page(curves)), "application/json"
    answer_headers = {"Vary": "Accept, Accept-Encoding"}
    if len(content) >= COMPRESSED_FROM_BYTES and _takes_gzip(headers.get("accept-encoding", "")):
        content = gzip.compress(content, _COMPRESSION, mtime=0)
        answer_headers["Content-Encoding"] = "gzip"
    return Response(content, headers=answer_headers, media_type=media_type)


def _page(curves: list[Curve]) -> SeriesPage:
    return SeriesPage(
        series=[
            SeriesView(
                run=curve.sys_id,
                path=curve.path,
                total=curve.total,
                in_range=curve.in_range,
                started_ms=curve.started_ms,
                steps=curve.points.steps.tolist(),
                times_ms=curve.points.timestamps_ms.tolist(),
                values=curve.points.values.tolist(),
                means=_means(curve.parts),
            )
            for curve in curves
        ]
    )


def _means(parts: Parts | None) -> list[float | None]:
    if parts is None:
        return []
    means = iter(parts.means.tolist())
    return [next(means) if size else None for size in parts.sizes.tolist()]


def _takes_gzip(accepted: str) -> bool:
    codings = (coding.replace(" ", "").lower() for coding in accepted.split(","))
    return any(coding.startswith("gzip") and not coding.endswith(";q=0") for coding in codings)


SERIES_OPERATIONS = (
    Operation("POST", "/projects/{workspace}/{project}/series", search_series, "series", media_type=SERIES_TYPE),
)
