"""Copies uploaded files from one storage to another, and checks their hashes on the way."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from neptune_yolo.server.domain.files import Blob
from neptune_yolo.server.exceptions import BackupError, NotFoundError
from neptune_yolo.server.store.interfaces import BlobStore

_WORKERS = 8
_BATCH_SIZE = 64

Progress = Callable[[int, int], None]
"""Called with the number of files done and the number of all."""


def copy_blobs(source: BlobStore, target: BlobStore, blobs: list[Blob], progress: Progress) -> None:
    """Copy files; each is found in the target only once it is complete and durable.

    Args:
        source: Where they are.
        target: Where they go.
        blobs: Which ones.
        progress: Called before the first file and after each few.

    Raises:
        BackupError: If one is missing, or isn't what its hash says.
    """
    progress(0, len(blobs))
    done = 0
    with ThreadPoolExecutor(_WORKERS) as pool:
        for batch in _batches(blobs):
            for _ in pool.map(lambda blob: _copy(source, target, blob), batch):
                done += 1
            progress(done, len(blobs))


def _copy(source: BlobStore, target: BlobStore, blob: Blob) -> None:
    writer = target.create()
    try:
        for chunk in source.read_chunks(blob.sha256):
            writer.write(chunk)
        staged = writer.finish()
    except NotFoundError as error:
        raise BackupError(
            f"Expected the uploaded file {blob.sha256}, but the storage doesn't have it. "
            "`neptune-yolo verify` tells what else is missing."
        ) from error
    finally:
        writer.abort()
    if staged.blob != blob:
        target.discard([staged])
        raise BackupError(
            f"Expected the uploaded file {blob.sha256} with {blob.size_bytes} bytes, got {staged.blob.sha256} with "
            f"{staged.blob.size_bytes}: it is damaged. `neptune-yolo verify` tells what else is."
        )
    target.place([staged])
    target.discard([staged])


def _batches(blobs: Iterable[Blob]) -> Iterator[list[Blob]]:
    remaining = iter(blobs)
    while batch := list(islice(remaining, _BATCH_SIZE)):
        yield batch
