import threading
import time
from collections.abc import Callable

from neptune_yolo.trainers.recorders.predictions.worker import Job, NewestJobWorker


class Blocked:
    """A job that waits until it may go on, and says when it began."""

    def __init__(self) -> None:
        self.began, self.go_on, self.gave_up = threading.Event(), threading.Event(), False

    def __call__(self, given_up: Callable[[], bool]) -> None:
        self.began.set()
        self.go_on.wait(10)
        self.gave_up = given_up()


def noting(done: list[int], number: int) -> Job:
    return lambda _given_up: done.append(number)


def test_the_newest_job_takes_the_place_of_the_one_that_waits() -> None:
    worker, first = NewestJobWorker("test"), Blocked()
    done: list[int] = []
    assert not worker.submit(first)
    assert first.began.wait(10)
    assert [worker.submit(noting(done, number)) for number in (1, 2, 3)] == [False, True, True]
    first.go_on.set()
    assert worker.close(10)
    assert done == [3]
    assert not worker.submit(noting(done, 4))
    assert done == [3]


def test_closing_is_bounded_and_what_is_not_done_is_given_up() -> None:
    worker, slow = NewestJobWorker("test"), Blocked()
    done: list[int] = []
    worker.submit(slow)
    assert slow.began.wait(10)
    worker.submit(noting(done, 1))
    begin = time.monotonic()
    assert not worker.close(0.2)
    assert time.monotonic() - begin < 2
    slow.go_on.set()
    thread = worker._thread
    assert thread is not None
    thread.join(10)
    assert not thread.is_alive()
    assert slow.gave_up
    assert done == []


def test_the_thread_begins_with_the_first_job_and_never_keeps_a_process() -> None:
    worker = NewestJobWorker("test")
    assert worker._thread is None
    assert worker.close(0)
    worker = NewestJobWorker("test")
    worker.submit(noting([], 1))
    assert worker._thread is not None
    assert worker._thread.daemon
    assert worker.close(10)
