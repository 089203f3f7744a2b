"""How much is stored, and what of it is no longer in use."""

from neptune_yolo.server.domain.garbage import Garbage
from neptune_yolo.server.domain.usage import Usage
from neptune_yolo.server.services.collector import BlobCollector
from neptune_yolo.server.store.interfaces import BlobStore, Store


def read_usage(store: Store) -> Usage:
    """Return how much is stored, by project.

    Args:
        store: Gives transactions.

    Raises:
        StorageUnavailableError: If the database cannot be read.
    """
    with store.read(is_long=True) as session:
        return session.usage.read()


def remove_garbage(store: Store, blobs: BlobStore) -> Garbage:
    """Remove what is no longer in use; a server may run meanwhile.

    Args:
        store: Gives transactions.
        blobs: Keeps the bytes.

    Returns:
        What was removed.

    Raises:
        StorageUnavailableError: If the database or the storage of files fails.
    """
    return BlobCollector(store, blobs).remove_garbage()
