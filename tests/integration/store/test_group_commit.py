"""Works that wait together share a transaction, and not their errors."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.operation import LogFloats
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.store.interfaces import Session
from neptune_yolo.server.store.sql import SqlStore


@dataclass
class Holdup:
    """A work that keeps the writer busy until it is released."""

    started: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _session: Session) -> None:
        self.started.set()
        assert self.released.wait(20)


def _together(store: SqlStore, works: list[Callable[[Session], int]]) -> list[Future[int]]:
    """Let works wait behind another one, so that they form a group."""
    holdup = Holdup()
    with ThreadPoolExecutor(len(works) + 1) as threads:
        first = threads.submit(store.write_in_group, holdup)
        assert holdup.started.wait(20)
        waiting = [threads.submit(store.write_in_group, work) for work in works]
        group = store._group
        while group is not None and len(group._waiting) < len(works):
            threading.Event().wait(0.005)
        holdup.released.set()
        first.result(20)
    return waiting


def _number(session: Session) -> int:
    """Count one more run of the only project."""
    (project,) = session.projects.list_all()
    return session.projects.next_run_number(project.id)


@pytest.fixture
def commits(store: SqlStore) -> list[str]:
    seen: list[str] = []
    event.listen(store._engines.writer, "commit", lambda _connection: seen.append("commit"))
    return seen


def test_works_that_wait_share_a_commit(store: SqlStore, run_id: str, commits: list[str]) -> None:
    assert run_id
    results = [future.result() for future in _together(store, [_number] * 6)]

    assert sorted(results) == list(range(2, 8))
    assert len(commits) == (2 if store._group is not None else 7)


def test_an_error_undoes_only_its_own_work(store: SqlStore, run_id: str) -> None:
    assert run_id

    def fail(session: Session) -> int:
        _number(session)
        raise NotFoundError("run", "missing")

    def break_off(session: Session) -> int:
        _number(session)
        raise ZeroDivisionError

    futures = _together(store, [_number, fail, _number, break_off, _number])

    errors = [type(future.exception()) for future in futures]
    assert errors == [type(None), NotFoundError, type(None), ZeroDivisionError, type(None)]
    assert sorted(future.result() for future in futures if future.exception() is None) == [2, 3, 4]


def test_batches_of_many_threads_are_all_stored(services: Services, run_id: str) -> None:
    def log(number: int) -> list[str]:
        points: list[tuple[float | None, int, float]] = [(None, index, float(number)) for index in range(50)]
        return services.operations.execute(run_id, [LogFloats(f"series{number % 4}", points)], f"digest {number}")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(log, range(40))) == [[]] * 40

    for number in range(4):
        page = services.attributes.page(run_id, f"series{number}", AttributeType.FLOAT_SERIES, 0, 1000)
        assert [point[0] for point in page.points] == [float(index) for index in range(500)]
