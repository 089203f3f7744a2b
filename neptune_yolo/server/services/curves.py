"""Read series of several runs at once, thinned for a chart or raw."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.ids import SysId
from neptune_yolo.server.domain.series import Drawing, FloatArrays, FloatOutline
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.thinning import Parts, Thinned, thin_outline
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
        axis: What bins and bounds are: steps, moments (ms since 1970), or times since the run began (ms).
        first: Lower bound, included; None leaves it open.
        last: Upper bound, included; None leaves it open.
        bins: In which the range of each series is divided; None asks for all points.
        is_log: Whether bins are equally wide on a logarithmic axis, on which nothing up to 0 has a place.
        limit: At most so many points of all series together, the first series first; only where all are asked for, by
            steps.
    """

    axis: Literal["step", "time", "relative"]
    first: float | None
    last: float | None
    bins: int | None
    is_log: bool = False
    limit: int | None = None


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
        parts: What they stand for if some were left out.
    """

    sys_id: str
    path: str
    total: int
    in_range: int
    started_ms: int
    points: FloatArrays
    parts: Parts | None


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
            if asked.bins is None and asked.limit is None:
                _require_few(requests, found)
            return list(_curves(session, requests, asked, runs, found))


def _curves(
    session: Session,
    requests: Sequence[CurveRequest],
    asked: Range,
    runs: dict[str, Container | None],
    found: dict[str, dict[str, Attribute]],
) -> Iterator[Curve]:
    known: list[tuple[CurveRequest, Container, Attribute]] = []
    for request in requests:
        run, attribute = runs[request.sys_id], found.get(request.sys_id, {}).get(request.path)
        if run is not None and attribute is not None and attribute.type is AttributeType.FLOAT_SERIES:
            known.append((request, run, attribute))
    drawn = _drawn(session, [attribute for request, _, attribute in known if request.after is None], asked)
    left = asked.limit
    for request, run, attribute in known:
        if left == 0:
            return
        if request.after is None and attribute.pk in drawn:
            yield _curve(request, run.created_ms, attribute, *drawn[attribute.pk])
            continue
        started_ms = _started_ms(session, run, attribute, asked)
        points = _read(session, attribute.pk, request.after, replace(asked, limit=left), started_ms)
        left = None if left is None else left - len(points)
        shown = _shown(FloatOutline.of(points), asked, started_ms)
        yield _curve(request, started_ms, attribute, shown, len(points))


def _curve(request: CurveRequest, started_ms: int, attribute: Attribute, shown: Thinned, count: int) -> Curve:
    """Return a series of which so many points are asked for; it began at a moment, or at its first point."""
    began_ms = min([started_ms, *shown.points.timestamps_ms[:1].tolist()])
    total = max(_count(attribute), count)
    return Curve(request.sys_id, request.path, total, count, began_ms, shown.points, shown.parts)


def _drawn(session: Session, attributes: Sequence[Attribute], asked: Range) -> dict[int, tuple[Thinned, int]]:
    """Return series as they are drawn, and how many points that is, if not all points have to be looked at for that."""
    by_step = asked.axis == "step"
    is_bounded = asked.first is not None or asked.last is not None
    if asked.bins is None or asked.is_log or (is_bounded and not by_step):
        return {}
    counts = {attribute.pk: _count(attribute) for attribute in attributes}
    drawing = Drawing(asked.first, asked.last, asked.bins, not by_step)
    return {
        pk: (_shown(outline, asked, 0), outline.total) for pk, outline in session.series.outline_floats(counts, drawing)
    }


def _shown(outline: FloatOutline, asked: Range, started_ms: int) -> Thinned:
    """Return what is shown of points."""
    if asked.bins is None:
        return Thinned(outline.points)
    axis = _places(outline.points, asked, started_ms)
    return thin_outline(outline, np.log(axis) if asked.is_log else axis, asked.bins)


def _started_ms(session: Session, run: Container, attribute: Attribute, asked: Range) -> int:
    """Return when a run began, or an earlier point was logged; only charts over time need it exactly."""
    first = [] if asked.axis == "step" else session.series.page_floats(attribute.pk, 0, 1)
    return min([run.created_ms, *(moment for _, moment, _ in first)])


def _read(session: Session, pk: int, after: float | None, asked: Range, started_ms: int) -> FloatArrays:
    by_step = asked.axis == "step"
    first, last = (asked.first, asked.last) if by_step else (None, None)
    if after is not None:
        new = math.nextafter(after, math.inf)
        first = new if first is None else max(first, new)
    points = session.series.read_floats(pk, first, last, asked.limit)
    places = _places(points, asked, started_ms)
    inside = places > 0 if asked.is_log else np.ones(len(places), dtype=bool)
    if asked.first is not None and not by_step:
        inside &= places >= asked.first
    if asked.last is not None and not by_step:
        inside &= places <= asked.last
    if inside.all():
        return points
    return points.taken(inside)


def _places(points: FloatArrays, asked: Range, started_ms: int) -> NDArray[np.float64]:
    """Return where points stand; clocks that were set back do not lead backwards."""
    if asked.axis == "step":
        return points.steps
    moments = np.maximum.accumulate(points.timestamps_ms).astype(np.float64)
    return moments - started_ms if asked.axis == "relative" else moments


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
