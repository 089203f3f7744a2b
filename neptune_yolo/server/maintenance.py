"""Looks after everything that one server has stored; the server may run meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from neptune_yolo.server.domain.garbage import Garbage
from neptune_yolo.server.domain.usage import Usage
from neptune_yolo.server.domain.verification import VerificationReport
from neptune_yolo.server.services.usage import read_usage, remove_garbage
from neptune_yolo.server.services.verification import verify
from neptune_yolo.server.storage import Storage
from neptune_yolo.server.store.portable import PortableDatabase
from neptune_yolo.server.store.sql import SqlStore


def verify_storage(storage: Storage) -> VerificationReport:
    """Look at every file's bytes, every reference and every series, and change nothing.

    Raises:
        BackupError: If the tables are not those of this version.
        StorageUnavailableError: If something can't be read.
    """
    with _opened(storage) as store:
        return verify(store, storage.blobs)


def clean_storage(storage: Storage) -> Garbage:
    """Remove what is no longer in use.

    Raises:
        BackupError: If the tables are not those of this version.
        StorageUnavailableError: If something can't be read or removed.
    """
    with _opened(storage) as store:
        return remove_garbage(store, storage.blobs)


def measure_storage(storage: Storage) -> Usage:
    """Return how much is stored, by project.

    Raises:
        BackupError: If the tables are not those of this version.
        StorageUnavailableError: If something can't be read.
    """
    with _opened(storage) as store:
        return read_usage(store)


@contextmanager
def _opened(storage: Storage) -> Iterator[SqlStore]:
    """Open a database without changing its tables: an older server may run on it."""
    database = PortableDatabase(storage.database_url)
    try:
        database.require_newest_schema()
    finally:
        database.close()
    store = SqlStore(storage.database_url)
    try:
        yield store
    finally:
        store.close()
