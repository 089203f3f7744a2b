"""Read series of several runs at once, thinned for a chart or raw."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.ids import SysId
from neptune_yolo.server.domain.series import FloatArrays
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.thinning import thin
from neptune_yolo.server.store.interfaces import Session, Store

MAX_RAW_POINTS = 2_000_000
"""Points of one answer that is not thinned."""


@dataclass(frozen=True)
class CurveRequest:
    """A series that is asked for.

    Attributes:
        sys_id: Of the run.
        path: Of the series.
        after: Step after which points are new; None asks for all.
    """

    sys_id: str
    path: str
    after: float | None = None


@dataclass(frozen=True)
class Range:
    """Which points, and how many.

    Attributes:
        by_time: Whether bins and bounds are moments (ms since 1970), and not steps.
        first: Lower bound, included; None leaves it open.
        last: Upper bound, included; None leaves it open.
        bins: In which the range of each series is divided; None asks for all points.
    """

    by_time: bool
    first: float | None
    last: float | None
    bins: int | None


@dataclass(frozen=True)
class Curve:
    """A series.

    Attributes:
        sys_id: Of the run.
        path: Of the series.
        total: Points of the whole series.
        in_range: Points among those that were asked for.
        started_ms: When its run began: its creation, or an earlier point of the series.
        points: Those that are shown.
    """

    sys_id: str
    path: str
    total: int
    in_range: int
    started_ms: int
    points: FloatArrays


@dataclass(frozen=True)
class CurveService:
    """Series of runs.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
    """

    access: Access
    store: Store

    def read(self, project: str, requests: Sequence[CurveRequest], asked: Range) -> list[Curve]:
        """Return series of runs of a project, in the order asked for; what is not there is left out.

        Args:
            project: Its UUID or name.
            requests: Which series.
            asked: Which of their points.

        Raises:
            NotFoundError: If there is no such project.
            InvalidRequestError: If too many points are asked for.
        """
        with self.store.read() as session:
            name = self.access.named_project(session, project, Role.VIEWER).name
            paths: dict[str, list[str]] = {}
            for request in requests:
                paths.setdefault(request.sys_id, []).append(request.path)
            runs = {sys_id: session.containers.find_by_sys_id(name, SysId(sys_id)) for sys_id in paths}
            found = {
                sys_id: session.attributes.find_many(run.pk, paths[sys_id])
                for sys_id, run in runs.items()
                if run is not None
            }
            if asked.bins is None:
                _require_few(requests, found)
            return list(_curves(session, requests, asked, runs, found))


def _curves(
    session: Session,
    requests: Sequence[CurveRequest],
    asked: Range,
    runs: dict[str, Container | None],
    found: dict[str, dict[str, Attribute]],
) -> Iterator[Curve]:
    for request in requests:
        run, attribute = runs[request.sys_id], found.get(request.sys_id, {}).get(request.path)
        if run is None or attribute is None or attribute.type is not AttributeType.FLOAT_SERIES:
            continue
        points = _read(session, attribute.pk, request.after, asked)
        started_ms = run.created_ms
        if len(points):
            started_ms = min(started_ms, _first_moment(session, attribute.pk, points, asked))
        shown = points if asked.bins is None else thin(points, _axis(points, by_time=asked.by_time), asked.bins)
        total = max(_count(attribute), len(points))
        yield Curve(request.sys_id, request.path, total, len(points), started_ms, shown)


def _read(session: Session, pk: int, after: float | None, asked: Range) -> FloatArrays:
    first, last = (None, None) if asked.by_time else (asked.first, asked.last)
    if after is not None:
        new = math.nextafter(after, math.inf)
        first = new if first is None else max(first, new)
    points = session.series.read_floats(pk, first, last)
    if not asked.by_time or (asked.first is None and asked.last is None):
        return points
    moments = points.timestamps_ms
    inside = np.ones(len(moments), dtype=bool)
    if asked.first is not None:
        inside &= moments >= asked.first
    if asked.last is not None:
        inside &= moments <= asked.last
    return FloatArrays(points.steps[inside], moments[inside], points.values[inside])


def _first_moment(session: Session, pk: int, points: FloatArrays, asked: Range) -> int:
    """Return when the first point of a series was logged; only charts over time need it exactly."""
    if not asked.by_time:
        return int(points.timestamps_ms[0])
    first = session.series.page_floats(pk, 0, 1)
    return first[0][1] if first else int(points.timestamps_ms[0])


def _axis(points: FloatArrays, *, by_time: bool) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return where points stand; clocks that were set back do not lead backwards."""
    if not by_time:
        return points.steps
    return np.maximum.accumulate(points.timestamps_ms).astype(np.float64)


def _count(attribute: Attribute) -> int:
    return int(getattr(attribute.value, "point_count", 0))


def _require_few(requests: Sequence[CurveRequest], found: dict[str, dict[str, Attribute]]) -> None:
    attributes = (found.get(request.sys_id, {}).get(request.path) for request in requests)
    count = sum(_count(attribute) for attribute in attributes if attribute is not None)
    if count > MAX_RAW_POINTS:
        raise InvalidRequestError(
            f"Expected series of {MAX_RAW_POINTS} points together to be asked for raw, got {count}. "
            f"Ask for fewer of them at a time, or leave out 'raw'."
        )
