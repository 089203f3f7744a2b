"""Series of numbers as arrays, of texts and of pictures, piece by piece."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from neptune_yolo.read.addresses import project_path, run_path
from neptune_yolo.read.forms import PicturePage, PicturePoint, TextPage, TextPoint
from neptune_yolo.read.series_wire import SERIES_TYPE, SeriesPoints, unpack_series
from neptune_yolo.read.transport import Transport

SeriesKey = tuple[str, str]
"""Identifier of a run, and path of an attribute."""

CHUNK_POINTS = 250_000
"""Points that are asked for at a time: 24 bytes each."""

_MAX_SERIES = 2000
_PAGE = 10_000


class SeriesReader:
    """Series of the runs of a server."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def raw(
        self,
        project: str,
        series: Sequence[SeriesKey],
        *,
        first: float | None = None,
        last: float | None = None,
        after: float | None = None,
        chunk_points: int = CHUNK_POINTS,
    ) -> Iterator[SeriesPoints]:
        """Yield all points of float series, bit for bit as they were logged, in pieces.

        The pieces of a series follow each other by step, and the series come in the order given; those that are not
        there, or have no points, are left out. ``in_range`` of a piece is its number of points.

        Args:
            project: ``workspace/name``.
            series: Run and path of each.
            first: Lowest step, included; None leaves it open.
            last: Highest step, included; None leaves it open.
            after: Only steps above this one, of every series.
            chunk_points: Points that are in memory at a time, 1 to 2,000,000.

        Raises:
            ThingNotFoundError: If there is no such project.
        """
        rest = list(dict.fromkeys(series))
        known: float | None = None
        while rest:
            asked = rest[:_MAX_SERIES]
            choices = [{"run": run, "path": path, "after": after} for run, path in asked]
            if known is not None:
                choices[0]["after"] = known
            body = {"series": choices, "first": first, "last": last, "raw": True, "limit": chunk_points}
            found = self._ask(project, body)
            yield from (points for points in found if len(points))
            if sum(map(len, found)) < chunk_points:
                rest, known = rest[len(asked) :], None
            else:
                end = next(points for points in reversed(found) if len(points))
                rest, known = rest[asked.index((end.run, end.path)) :], float(end.steps[-1])

    def thinned(
        self,
        project: str,
        series: Sequence[SeriesKey],
        *,
        bins: int = 500,
        x: Literal["step", "time"] = "step",
        first: float | None = None,
        last: float | None = None,
    ) -> list[SeriesPoints]:
        """Return up to 2000 float series thinned for a chart: of each bin, the smallest and the largest value.

        Args:
            project: ``workspace/name``.
            series: Run and path of each; those that are not there are left out of the answer.
            bins: In which the range of each series is divided, 1 to 5000.
            x: Whether bins and bounds are steps or moments (milliseconds since 1970).
            first: Lower bound, included; None leaves it open.
            last: Upper bound, included; None leaves it open.
        """
        choices = [{"run": run, "path": path} for run, path in series]
        return self._ask(project, {"series": choices, "x": x, "first": first, "last": last, "bins": bins})

    def text_page(self, project: str, run: str, path: str, offset: int = 0, limit: int = _PAGE) -> TextPage:
        """Return points of a string series from a position on; a negative one counts from the end.

        Raises:
            ThingNotFoundError: If there is no such run, or it has no such string series.
        """
        return self._transport.get(
            TextPage, f"{run_path(project, run)}/strings", path=path, offset=offset, limit=min(limit, _PAGE)
        )

    def texts(self, project: str, run: str, path: str, offset: int = 0) -> Iterator[TextPoint]:
        """Yield the points of a string series by step, from a position on; a negative one counts from the end.

        Raises:
            ThingNotFoundError: If there is no such run, or it has no such string series.
        """
        while True:
            page = self.text_page(project, run, path, offset)
            yield from page.points
            offset = page.offset + len(page.points)
            if not page.points or offset >= page.total:
                return

    def pictures(self, project: str, run: str, path: str) -> Iterator[PicturePoint]:
        """Yield which pictures a series has, by step; see `FileReader.picture` for their bytes.

        Raises:
            ThingNotFoundError: If there is no such run, or it has no such picture series.
        """
        offset = 0
        while True:
            page = self._transport.get(
                PicturePage, f"{run_path(project, run)}/images", path=path, offset=offset, limit=_PAGE
            )
            yield from page.points
            offset += len(page.points)
            if not page.points or offset >= page.total:
                return

    def _ask(self, project: str, body: Mapping[str, object]) -> list[SeriesPoints]:
        path = f"{project_path(project)}/series"
        return unpack_series(self._transport.request("POST", path, body=body, accept=SERIES_TYPE).content)
