"""Remove blobs that nobody refers to any more, and what uploads that were given up have left."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from neptune_yolo.server.domain.garbage import Garbage
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.exceptions import StorageUnavailableError
from neptune_yolo.server.services.clock import Clock, system_clock
from neptune_yolo.server.store.interfaces import BlobStore, Store

BATCH_SIZE = 200
"""Blobs removed in one transaction, so that other writers need not wait long."""

LEFTOVER_SECONDS = 24 * 3600
"""Age of staged bytes that no request can still be about to place."""

ABANDONED_AFTER_MS = 7 * 24 * 3600 * 1000
"""Time without a new part after which a multipart upload is dropped, in ms: a client may sleep for some days."""

PAUSES_SECONDS = (0.02, 0.1, 0.3, 0.0)
"""How long to wait, each time, for transactions that refer to the same bytes; then they are removed the next time."""

logger = logging.getLogger("neptune_yolo.server")


def _never() -> bool:
    return False


@dataclass(frozen=True)
class BlobCollector:
    """Removes blobs once the last attribute that referred to them is gone, but none while a backup is made.

    What an attribute stops to refer to is noted in the same transaction, so that nothing is forgotten if the server
    ends before the bytes are removed. They are removed in a writing transaction of their own, which first makes sure
    that no attribute refers to them: one that uploads the same bytes comes before it, and keeps them, or after it, and
    stores them anew. Several processes may collect at the same time.

    Attributes:
        store: Gives transactions.
        blobs: Keeps the bytes.
        clock: Gives the present moment.
    """

    store: Store
    blobs: BlobStore
    clock: Clock = system_clock

    def collect(self) -> None:
        """Remove what is no longer in use; what cannot be removed now is tried again the next time.

        Trouble is logged and not raised: the change that made the bytes useless has been committed.
        """
        try:
            for batch in _batches(self._released()):
                self._remove(batch)
        except StorageUnavailableError as error:
            logger.warning("Files that are no longer in use stay for now. %s", error)

    def clean(self, is_ending: Callable[[], bool] = _never) -> None:
        """Remove all garbage; trouble is logged and not raised.

        Args:
            is_ending: Asked now and then whether to stop early.
        """
        try:
            removed = self.remove_garbage(is_ending)
        except StorageUnavailableError as error:
            logger.warning("Files that are no longer in use stay for now. %s", error)
            return
        if removed.is_something:
            logger.info(
                "Removed what was no longer in use: %d files (%d bytes), %d staged ones (%d bytes), %d uploads.",
                removed.blobs,
                removed.blob_bytes,
                removed.staged,
                removed.staged_bytes,
                removed.uploads,
            )

    def remove_garbage(self, is_ending: Callable[[], bool] = _never) -> Garbage:
        """Remove what nobody refers to any more, and what a server has left that was killed while it stored bytes.

        Args:
            is_ending: Asked now and then whether to stop early.

        Returns:
            What was removed.

        Raises:
            StorageUnavailableError: If the storage fails; what was removed until then stays removed.
        """
        leftovers = self.blobs.discard_leftovers(LEFTOVER_SECONDS)
        uploads = self._drop_uploads()
        removed: dict[Sha256, int] = {}
        for batch in _batches(self._released()):
            if is_ending():
                break
            removed |= self._measure_and_remove(batch)
        for batch in _batches(self.blobs.list_all()):
            if is_ending():
                break
            with self.store.read() as session:
                found = session.references.list_unreferred(batch)
            removed |= self._measure_and_remove(found)
        with self.store.read() as session:
            is_held = session.holds.is_active(self.clock())
        return Garbage(
            blobs=len(removed),
            blob_bytes=sum(removed.values()),
            staged=len(leftovers),
            staged_bytes=sum(leftover.size_bytes for leftover in leftovers),
            uploads=uploads,
            is_held=is_held,
        )

    def _released(self) -> list[Sha256]:
        with self.store.read() as session:
            return session.references.list_released()

    def _drop_uploads(self) -> int:
        """Forget uploads that were abandoned, and drop the parts of those that are unknown or finished."""
        present = list(self.blobs.list_uploads())  # before the database is asked: no part is older than its upload
        with self.store.write() as session:
            abandoned = session.files.list_abandoned_uploads(self.clock() - ABANDONED_AFTER_MS)
            for upload_id in abandoned:
                session.files.delete_upload(upload_id)
        dropped = 0
        for upload_id in present:
            if not self._is_under_way(upload_id):
                self.blobs.discard_parts(upload_id)
                dropped += 1
        return dropped

    def _is_under_way(self, upload_id: UploadId) -> bool:
        with self.store.read() as session:
            upload = session.files.find_upload(upload_id)
        return upload is not None and not upload.finished

    def _measure_and_remove(self, hashes: list[Sha256]) -> dict[Sha256, int]:
        sizes = {sha256: self.blobs.size_bytes(sha256) for sha256 in hashes}
        removed = self._remove(hashes)
        return {sha256: size for sha256, size in sizes.items() if size is not None and sha256 in removed}

    def _remove(self, hashes: list[Sha256]) -> set[Sha256]:
        """Remove those that nobody refers to, and return them."""
        removed: set[Sha256] = set()
        left = hashes
        for pause_seconds in PAUSES_SECONDS:
            if not left:
                break
            claimed, gone = self._try_to_remove(left)
            removed |= gone
            left = [sha256 for sha256 in left if sha256 not in claimed]
            if left:
                time.sleep(pause_seconds)
        return removed

    def _try_to_remove(self, hashes: list[Sha256]) -> tuple[set[Sha256], set[Sha256]]:
        """Return those that no other transaction has to do with, and which of them were removed."""
        with self.store.write() as session:
            if session.holds.is_active(self.clock()):
                return set(hashes), set()
            claimed = session.references.claim(hashes)
            unreferred = session.references.list_unreferred(claimed)
            # A backup takes its hold before it looks for references: asked now, it cannot have missed this one.
            is_held = session.holds.is_active(self.clock())
            kept = set(unreferred) if is_held else self.blobs.remove(unreferred)
            session.references.release([sha256 for sha256 in unreferred if sha256 in kept])
        return set(claimed), {sha256 for sha256 in unreferred if sha256 not in kept}


def _batches(hashes: Iterable[Sha256]) -> Iterator[list[Sha256]]:
    remaining = iter(hashes)
    while batch := list(islice(remaining, BATCH_SIZE)):
        yield batch
