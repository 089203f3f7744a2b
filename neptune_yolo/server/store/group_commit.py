"""Several requests in one transaction, for a database that takes one writer at a time.

Writers that come while another one is at work wait, and the first of them does the work of all in one transaction: they
share its commit, which has to wait for the disk.
"""

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

GROUP_SIZE = 16
"""Works in one transaction at most: the first waits for the last."""

T = TypeVar("T")


@dataclass
class _Entry:
    """One work that waits.

    Attributes:
        work: What is to be done in the transaction.
        is_taken: Whether it has been in a group.
        is_done: Whether that group was committed.
        result: What the work returned.
    """

    work: Callable[[Connection], Any]
    is_taken: bool = False
    is_done: bool = False
    result: Any = None


class GroupCommit:
    """Does works, given by many threads, in common transactions.

    Args:
        open_transaction: Opens a transaction that is committed at the end of its block, and undone on an error.
    """

    def __init__(self, open_transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._open = open_transaction
        self._turn = threading.Lock()
        self._waiting: deque[_Entry] = deque()

    def run(self, work: Callable[[Connection], T]) -> T:
        """Do a work and return its result, once that is committed.

        Args:
            work: It changes nothing but the database, since it is done anew, alone, if a group fails: then none of the
                group is committed, and each learns its own error.
        """
        entry = _Entry(work)
        self._waiting.append(entry)
        with self._turn:
            while not entry.is_taken:
                group = self._take()
                if len(group) == 1:
                    return self._alone(work)
                self._commit(group)
        result: T = entry.result if entry.is_done else self._alone(work)
        return result

    def _take(self) -> list[_Entry]:
        group = [self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP_SIZE))]
        for entry in group:
            entry.is_taken = True
        return group

    def _commit(self, group: list[_Entry]) -> None:
        with suppress(Exception):  # whose error it was shows when each is done alone
            with self._open() as connection:
                results = [entry.work(connection) for entry in group]
            for entry, result in zip(group, results, strict=True):
                entry.result, entry.is_done = result, True

    def _alone(self, work: Callable[[Connection], T]) -> T:
        with self._open() as connection:
            return work(connection)
