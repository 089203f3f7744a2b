"""Several threads work at a stream of things; what they make of them comes in the order of the things."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(pool: ThreadPoolExecutor, work: Callable[[T], R], things: Iterable[T], waiting: int) -> list[R]:
    """Return what work makes of things, in their order.

    Args:
        pool: Threads.
        work: Called once for each thing.
        things: Taken one by one, so that they may be many.
        waiting: How many are taken before they are worked at.
    """
    rest = enumerate(things)
    done: dict[int, R] = {}
    under_way: dict[Future[R], int] = {}
    try:
        while True:
            for at, thing in islice(rest, waiting - len(under_way)):
                under_way[pool.submit(work, thing)] = at
            if not under_way:
                return [done[at] for at in sorted(done)]
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                done[under_way.pop(future)] = future.result()
    finally:
        for future in under_way:
            future.cancel()
