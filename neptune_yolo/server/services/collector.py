"""Remove blobs that nobody refers to any more."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.exceptions import StorageUnavailableError
from neptune_yolo.server.store.interfaces import BlobStore, Store

BATCH_SIZE = 200
"""Blobs removed in one transaction, so that other writers need not wait long."""

LEFTOVER_SECONDS = 24 * 3600
"""Age of staged bytes that no request can still be about to place."""

logger = logging.getLogger("neptune_yolo.server")


@dataclass(frozen=True)
class BlobCollector:
    """Removes blobs once the last attribute that referred to them is gone.

    What an attribute stops to refer to is noted in the same transaction, so that nothing is forgotten if the server
    ends before the bytes are removed. They are removed in a writing transaction of their own, which first makes sure
    that no attribute refers to them: one that uploads the same bytes comes before it, and keeps them, or after it, and
    stores them anew.

    Attributes:
        store: Gives transactions.
        blobs: Keeps the bytes.
    """

    store: Store
    blobs: BlobStore

    def collect(self) -> None:
        """Remove what is no longer in use; what cannot be removed now is tried again the next time.

        Trouble is logged and not raised: the change that made the bytes useless has been committed.
        """
        try:
            with self.store.read() as session:
                released = session.references.list_released()
            for batch in _batches(released):
                self._remove(batch)
        except StorageUnavailableError as error:
            logger.warning("Files that are no longer in use stay for now. %s", error)

    def clean(self, is_ending: Callable[[], bool] = lambda: False) -> None:
        """Remove what a server has left behind that was killed between storing bytes and referring to them.

        Args:
            is_ending: Asked now and then whether to stop early.
        """
        self.blobs.discard_leftovers(LEFTOVER_SECONDS)
        self.collect()
        try:
            for batch in _batches(self.blobs.list_all()):
                if is_ending():
                    return
                with self.store.read() as session:
                    found = session.references.list_unreferred(batch)
                if found:
                    self._remove(found)
        except StorageUnavailableError as error:
            logger.warning("Files that are no longer in use stay for now. %s", error)

    def _remove(self, hashes: list[Sha256]) -> None:
        with self.store.write() as session:
            unreferred = session.references.list_unreferred(hashes)
            kept = {sha256 for sha256 in unreferred if not self.blobs.remove(sha256)}
            session.references.forget_released([sha256 for sha256 in hashes if sha256 not in kept])


def _batches(hashes: Iterable[Sha256]) -> Iterator[list[Sha256]]:
    remaining = iter(hashes)
    while batch := list(islice(remaining, BATCH_SIZE)):
        yield batch
