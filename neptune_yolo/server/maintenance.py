"""Looks after everything that one server has stored; the server may run meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from neptune_yolo.server.domain.garbage import Garbage
from neptune_yolo.server.domain.ids import SysId
from neptune_yolo.server.domain.project import ProjectName
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


def has_container(storage: Storage, identifier: str) -> bool:
    """Return whether there is a run, a model or a version of that name, in the trash or not.

    Args:
        storage: Of the server.
        identifier: Its short id, in any project, or ``workspace/project/SYS-ID``.

    Raises:
        BackupError: If the tables are not those of this version.
        StorageUnavailableError: If something can't be read.
    """
    workspace, _, rest = identifier.partition("/")
    with _opened(storage) as store, store.read() as session:
        if not rest:
            return bool(session.containers.list_by_sys_id(SysId(identifier)))
        project, _, sys_id = rest.partition("/")
        return session.containers.find_by_sys_id(ProjectName(workspace, project), SysId(sys_id)) is not None


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
