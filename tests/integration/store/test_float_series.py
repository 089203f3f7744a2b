"""A float series behaves like a list of points, whatever of it is rows and whatever is packed."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from neptune_yolo.server.domain.attribute import AttributeType, SeriesValue
from neptune_yolo.server.domain.operation import ClearSeries, DeleteAttribute, LogFloats, Operation
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.store import chunks, float_series
from neptune_yolo.server.store.models import float_chunks, float_points
from neptune_yolo.server.store.sql import SqlStore

Point = tuple[float, int, float]

PATHS = ("metrics/loss", "metrics/accuracy")
VALUES = st.floats(-1e9, 1e9, width=32)
TIMES = st.integers(0, 2**40)
ALONE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@dataclass
class Model:
    """The series of a run as lists of points."""

    series: dict[str, list[Point]] = field(default_factory=dict)

    def apply(self, operation: Operation) -> list[float]:
        """Do what an operation does; gives the steps that are refused."""
        match operation:
            case LogFloats(path, offered):
                return self._log(self.series.setdefault(path, []), offered)
            case ClearSeries(path):
                self.series[path] = []
            case DeleteAttribute(path):
                del self.series[path]
        return []

    def _log(self, stored: list[Point], offered: Sequence[tuple[float | None, int, float]]) -> list[float]:
        behind = []
        for offered_step, timestamp_ms, value in offered:
            last = stored[-1][0] if stored else None
            step = offered_step if offered_step is not None else 0.0 if last is None else last + 1.0
            if last is None or step > last:
                stored.append((step, timestamp_ms, value))
            else:
                behind.append((step, timestamp_ms, value))
        return [point[0] for point in behind if point not in stored]


@st.composite
def batches(draw: st.DrawFn, longest: int) -> list[list[Operation]]:
    """Batches that a program may send, replays of points that are stored among them."""
    model, made = Model(), []
    for _ in range(draw(st.integers(1, 8))):
        batch: list[Operation] = []
        for _ in range(draw(st.integers(1, 4))):
            operation = draw(_operations(model, longest))
            model.apply(operation)
            batch.append(operation)
        made.append(batch)
    return made


@st.composite
def _operations(draw: st.DrawFn, model: Model, longest: int) -> Operation:
    path = draw(st.sampled_from(PATHS))
    stored = model.series.get(path)
    kind = draw(st.sampled_from(["next", "next", "next", "steps", "steps", "any", "replay", "clear", "delete"]))
    count = draw(st.integers(0, longest))
    if kind == "clear":
        return ClearSeries(path, AttributeType.FLOAT_SERIES)
    if kind == "delete" and stored is not None:
        return DeleteAttribute(path)
    if kind == "replay" and stored:
        start = draw(st.integers(0, len(stored) - 1))
        return LogFloats(path, [*stored[start : start + count], (None, 1, 0.5)])
    first = stored[-1][0] + 1.0 if stored else 0.0
    steps: list[float | None] = [None] * count
    if kind == "steps":
        steps = [first + index * 2 for index in range(count)]
    elif kind == "any":
        steps = draw(st.lists(st.one_of(st.none(), st.integers(-3, 90).map(float)), max_size=count))
    return LogFloats(path, [(step, draw(TIMES), draw(VALUES)) for step in steps])


@pytest.fixture
def new_run(services: Services) -> Callable[[], str]:
    project = services.projects.get_or_create("local/yolo").id
    return lambda: services.runs.create(NewRun(project, None, None)).id


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and chunks so small that short series have many of both."""
    monkeypatch.setattr(float_series, "TAIL_POINTS", 7)
    monkeypatch.setattr(chunks, "CHUNK_POINTS", 16)


def _execute(services: Services, run_id: str, operations: Sequence[Operation]) -> list[str]:
    return services.operations.execute(run_id, operations, uuid.uuid4().hex)


def _value(services: Services, run_id: str, path: str) -> SeriesValue:
    value = services.attributes.get(run_id, path, AttributeType.FLOAT_SERIES).value
    assert isinstance(value, SeriesValue)
    return value


def _check(
    services: Services, store: SqlStore, run_id: str, path: str, points: list[Point], data: st.DataObject
) -> None:
    offset, limit = data.draw(st.integers(0, len(points) + 2)), data.draw(st.integers(0, len(points) + 2))
    page = services.attributes.page(run_id, path, AttributeType.FLOAT_SERIES, offset, limit)
    assert (page.total, page.points) == (len(points), points[offset : offset + limit])

    pk = services.attributes.get(run_id, path, AttributeType.FLOAT_SERIES).pk
    first = data.draw(st.one_of(st.none(), st.integers(-1, 99)))
    last = data.draw(st.one_of(st.none(), st.integers(-1, 99)))
    with store.read() as session:
        arrays = session.series.read_floats(pk, first, last)
    assert arrays.points() == [
        point for point in points if (first is None or point[0] >= first) and (last is None or point[0] <= last)
    ]

    value = _value(services, run_id, path)
    if not points:
        assert value == SeriesValue(None, None, 0, None)
        return
    values = [point[2] for point in points]
    assert (value.last_step, value.last, value.point_count) == (points[-1][0], points[-1][2], len(points))
    assert value.statistics is not None
    assert (value.statistics.minimum, value.statistics.maximum) == (min(values), max(values))
    scale = max(abs(min(values)), abs(max(values)), 1e-30)
    assert value.statistics.mean == pytest.approx(float(np.mean(values)), abs=1e-9 * scale)
    assert value.statistics.variance == pytest.approx(float(np.var(values)), rel=1e-6, abs=1e-9 * scale * scale)


@pytest.mark.usefixtures("small")
@settings(max_examples=30, deadline=None, suppress_health_check=ALONE)
@given(st.data())
def test_a_series_is_a_list_of_points(
    services: Services, store: SqlStore, new_run: Callable[[], str], data: st.DataObject
) -> None:
    run_id, model = new_run(), Model()
    for batch in data.draw(batches(longest=20)):
        refused = [f"got {step:g}. Steps" for operation in batch for step in model.apply(operation)]
        errors = _execute(services, run_id, batch)
        assert len(errors) == len(refused)
        assert all(part in error for part, error in zip(refused, errors, strict=True))
    for path, points in model.series.items():
        _check(services, store, run_id, path, points, data)


def test_many_points_are_packed_and_few_are_rows(services: Services, store: SqlStore, run_id: str) -> None:
    for start in range(0, 2100, 100):
        assert (
            _execute(services, run_id, [LogFloats("a", [(float(start + i), start + i, 0.5) for i in range(100)])]) == []
        )
    many: list[tuple[float | None, int, float]] = [(None, index, float(index)) for index in range(10_000)]
    assert _execute(services, run_id, [LogFloats("b", many)]) == []

    with store._engines.reading() as connection:
        counts = connection.execute(select(func.count()).select_from(float_points)).scalar_one()
        sizes = list(connection.scalars(select(float_chunks.c.point_count).order_by(float_chunks.c.first_position)))
    assert counts < float_series.TAIL_POINTS
    assert sum(sizes) + counts == 12_100
    assert max(sizes) == chunks.CHUNK_POINTS
    page = services.attributes.page(run_id, "b", AttributeType.FLOAT_SERIES, 4000, 200)
    assert page.points == [(float(index), index, float(index)) for index in range(4000, 4200)]


def test_a_point_of_a_packed_series_is_told_from_another_at_its_step(services: Services, run_id: str) -> None:
    points: list[tuple[float | None, int, float]] = [(float(index), index, 0.5) for index in range(5000)]
    assert _execute(services, run_id, [LogFloats("a", points)]) == []

    assert _execute(services, run_id, [LogFloats("a", [(17.0, 17, 0.5), (4999.0, 4999, 0.5)])]) == []
    (error,) = _execute(services, run_id, [LogFloats("a", [(17.0, 17, 0.6)])])
    assert "got 17" in error


def test_cleared_and_deleted_series_leave_no_points(services: Services, store: SqlStore, run_id: str) -> None:
    points: list[tuple[float | None, int, float]] = [(None, 1, 0.5)] * 1000
    _execute(services, run_id, [LogFloats("a", points), LogFloats("b", points)])
    _execute(services, run_id, [ClearSeries("a", AttributeType.FLOAT_SERIES), DeleteAttribute("b")])

    with store._engines.reading() as connection:
        for table in (float_points, float_chunks):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
    assert _value(services, run_id, "a") == SeriesValue(None, None, 0, None)


def test_values_at_the_ends_of_what_a_double_holds_are_stored(services: Services, run_id: str) -> None:
    largest = 1.7976931348623157e308
    for _ in range(2):
        batch: list[Operation] = [LogFloats("a", [(None, 1, largest), (None, 1, -largest), (None, 1, 5e-324)] * 300)]
        assert _execute(services, run_id, batch) == []
    statistics = _value(services, run_id, "a").statistics
    assert statistics is not None
    assert (statistics.minimum, statistics.maximum) == (-largest, largest)
    assert abs(statistics.mean) <= largest
