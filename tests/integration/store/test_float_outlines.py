"""A series that is drawn from outlines looks as one that is drawn from all of its points."""

import uuid

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import func, select

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.operation import ClearSeries, DeleteAttribute, LogFloats, Operation
from neptune_yolo.server.domain.series import FloatArrays
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.curves import Curve, CurveRequest, Range
from neptune_yolo.server.services.thinning import thin
from neptune_yolo.server.store import float_outlines, float_series
from neptune_yolo.server.store.chunks import unpack_all
from neptune_yolo.server.store.models import float_outlines as table
from neptune_yolo.server.store.sql import SqlStore

POINTS = 9000
BINS = 12
RANDOM = np.random.default_rng(5)
STEPS = {
    "even": np.arange(POINTS, dtype=np.float64),
    "uneven": np.cumsum(RANDOM.exponential(size=POINTS)),
    "with a gap": np.arange(POINTS) + np.where(np.arange(POINTS) < 4000, 0.0, 50_000.0),
    "dense, then sparse": np.cumsum(np.where(np.arange(POINTS) < 8000, 1.0, 100.0)),
}


def _log(services: Services, run_id: str, steps: NDArray[np.float64], path: str = "a") -> FloatArrays:
    """Log a series in batches of different sizes; its time goes as its steps do."""
    values = RANDOM.normal(size=len(steps)).astype(np.float32).astype(np.float64)
    points = FloatArrays(steps, (1_000_000 + steps * 1000).astype(np.int64), values)
    start = 0
    for size in (700, 3000, 40, 5000, len(steps)):
        offered: list[tuple[float | None, int, float]] = [*points.part(start, start + size).points()]
        if offered:
            assert services.operations.execute(run_id, [LogFloats(path, offered)], uuid.uuid4().hex) == []
        start += size
    return points


def _curve(services: Services, **bounds: float) -> Curve:
    asked = Range("step", bounds.get("first"), bounds.get("last"), BINS)
    (curve,) = services.curves.read("local/yolo", [CurveRequest("YOL-1", "a")], asked)
    return curve


def _bins(places: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.int64]:
    borders = whole[0] + (whole[-1] - whole[0]) * (np.arange(1, BINS) / BINS)
    return np.searchsorted(borders, places, "right")


def _check(curve: Curve, points: FloatArrays) -> None:
    """Peaks may stand beside the border of their bin, and nothing else may differ."""
    shown, expected = curve.points, thin(points, points.steps, BINS)
    assert np.isin(shown.steps, points.steps).all()
    assert (shown.points()[0], shown.points()[-1]) == (points.points()[0], points.points()[-1])
    assert (curve.in_range, len(np.unique(shown.steps))) == (len(points), len(shown))
    of_shown, of_all = _bins(shown.steps, points.steps), _bins(points.steps, points.steps)
    for number in set(of_all.tolist()):
        near = shown.values[np.abs(of_shown - number) <= 1]
        assert near.min() <= points.values[of_all == number].min()
        assert near.max() >= points.values[of_all == number].max()
    assert curve.parts is not None
    assert expected.parts is not None
    assert ((curve.parts.sizes > 0) == (expected.parts.sizes > 0)).all()
    assert curve.parts.means == pytest.approx(expected.parts.means, abs=0.3)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many points of chunks were read, for each time that some were."""
    found: list[int] = []

    def note(chunks: list[bytes]) -> list[FloatArrays]:
        parts = list(unpack_all(chunks))
        found.append(sum(map(len, parts)))
        return parts

    for module in (float_outlines, float_series):
        monkeypatch.setattr(module, "unpack_all", note)
    return found


def _edit(store: SqlStore, statement: str) -> None:
    with store._engines.writing() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("kind", STEPS)
def test_peaks_ends_gaps_and_means_are_those_of_the_points(services: Services, run_id: str, kind: str) -> None:
    points = _log(services, run_id, STEPS[kind])

    _check(_curve(services), points)


def test_long_series_are_drawn_without_reading_their_chunks(services: Services, run_id: str, reads: list[int]) -> None:
    _log(services, run_id, STEPS["even"])

    _curve(services)

    assert reads == []


def test_chunks_whose_points_lie_far_apart_are_read(services: Services, run_id: str, reads: list[int]) -> None:
    _log(services, run_id, STEPS["dense, then sparse"])

    _curve(services)

    assert 900 < sum(reads) < POINTS / 2


def test_a_range_of_steps_ends_at_its_own_points(services: Services, run_id: str) -> None:
    points = _log(services, run_id, STEPS["even"])

    curve = _curve(services, first=901.5, last=8800)

    _check(curve, points.part(902, 8801))


def test_a_short_range_is_shown_in_full(services: Services, run_id: str) -> None:
    points = _log(services, run_id, STEPS["even"])

    curve = _curve(services, first=4000, last=4020)

    assert curve.points.points() == points.part(4000, 4021).points()
    assert curve.parts is None


@pytest.mark.parametrize("removed", ["", " WHERE first_step > 2000"])
def test_chunks_from_before_there_were_outlines_are_read(
    services: Services, store: SqlStore, run_id: str, removed: str
) -> None:
    points = _log(services, run_id, STEPS["even"])
    _edit(store, f"DELETE FROM float_outlines{removed}")

    _check(_curve(services), points)


def test_series_at_the_ends_of_what_a_double_holds_are_drawn(services: Services, run_id: str) -> None:
    largest = 1.7976931348623157e308
    points: list[tuple[float | None, int, float]] = [
        (None, step, largest if step % 2 else -largest) for step in range(POINTS)
    ]
    assert services.operations.execute(run_id, [LogFloats("a", points)], uuid.uuid4().hex) == []

    shown = _curve(services)

    assert (shown.points.values.min(), shown.points.values.max()) == (-largest, largest)
    assert shown.parts is not None
    assert np.isfinite(shown.parts.means).all()


def test_cleared_and_deleted_series_leave_no_outlines(services: Services, store: SqlStore, run_id: str) -> None:
    for path in ("a", "b"):
        _log(services, run_id, STEPS["even"], path)
    removals: list[Operation] = [ClearSeries("a", AttributeType.FLOAT_SERIES), DeleteAttribute("b")]
    assert services.operations.execute(run_id, removals, uuid.uuid4().hex) == []

    with store._engines.reading() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
