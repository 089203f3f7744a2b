"""The same request for many objects, several at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

WORKERS = 8
"""Requests that run at the same time."""

AHEAD = 4
"""Results that are asked for before they are needed."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def for_each(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return what a function gives for each item, in order; the first error is raised once all have ended.

    Args:
        function: Any thread may call it.
        items: Its arguments.
    """
    if len(items) <= 1:
        return [function(item) for item in items]
    with ThreadPoolExecutor(min(WORKERS, len(items)), thread_name_prefix="neptune-yolo-bucket") as pool:
        return list(pool.map(function, items))


def in_order(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield what a function gives for each item, in order; few results are in memory at a time.

    Args:
        function: Any thread may call it.
        items: Its arguments.
    """
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(AHEAD, thread_name_prefix="neptune-yolo-bucket") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
