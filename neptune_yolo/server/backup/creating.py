"""Makes a backup while servers run."""

import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import filelock

from neptune_yolo.server.backup.blob_copy import Progress, copy_blobs
from neptune_yolo.server.backup.manifest import FORMAT, BackupFolder, Manifest
from neptune_yolo.server.domain.files import Blob
from neptune_yolo.server.exceptions import BackupError
from neptune_yolo.server.private_files import files_of_owner, read_private_file, write_private_file
from neptune_yolo.server.storage import Storage
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.migrate import known_revisions
from neptune_yolo.server.store.portable import PortableDatabase, blobs_of
from neptune_yolo.version import package_version

_HOLD_MS = 3600 * 1000
_HOLD_RENEWAL_SECONDS = 60.0


def create_backup(storage: Storage, folder: Path, progress: Progress = lambda _done, _all: None) -> Manifest:
    """Make a backup of one moment, or bring the one in the folder up to date.

    All tables are read in one transaction. While they and the files are copied, no server removes a file. Files that
    an earlier backup has copied aren't copied again. The manifest is replaced at the end: until then, an earlier backup
    in the folder stays whole.

    Args:
        storage: What to back up.
        folder: Where the backup goes; new, empty, or one with earlier backups.
        progress: Told how many files are done.

    Raises:
        BackupError: If the folder holds something else, another backup is under way, or something is missing.
        StorageUnavailableError: If the database or the files can't be read.
    """
    target = BackupFolder(folder.absolute())
    database = PortableDatabase(storage.database_url)
    try:
        with files_of_owner(), _locked(target):
            database.require_newest_schema()
            with _Hold(database) as hold:
                return _create(storage, database, target, hold, progress)
    finally:
        database.close()


def _create(
    storage: Storage, database: PortableDatabase, target: BackupFolder, hold: "_Hold", progress: Progress
) -> Manifest:
    created_ms = int(time.time() * 1000)
    tables = target.root / f"database-{uuid.uuid4().hex}.sqlite"
    counts = database.dump(tables)
    blobs = blobs_of(tables)

    def renewing_progress(done: int, count: int) -> None:
        hold.renew()
        progress(done, count)

    target.files.mkdir(exist_ok=True)
    copies = DiskBlobStore(target.files)
    present = set(copies.list_all())
    copy_blobs(storage.blobs, copies, [blob for blob in blobs if blob.sha256 not in present], renewing_progress)
    has_secrets = _copy_secrets(storage, target)
    make_durable(tables)
    manifest = Manifest(
        format=FORMAT,
        created_ms=created_ms,
        version=package_version(),
        revision=known_revisions()[-1],
        database=tables.name,
        database_sha256=file_sha256(tables),
        row_counts=counts,
        blob_count=len(blobs),
        blob_bytes=sum(blob.size_bytes for blob in blobs),
        has_secrets=has_secrets,
    )
    make_durable(target.files)
    make_durable(target.root)
    target.write(manifest)
    make_durable(target.root)
    _drop_older(target, tables, copies, blobs)
    return manifest


class _Hold:
    """Keeps servers from removing files as long as a backup needs them."""

    def __init__(self, database: PortableDatabase) -> None:
        self._database = database
        self._name = f"backup-{uuid.uuid4().hex}"
        self._renewed_at = float("-inf")

    def renew(self) -> None:
        """Let the hold last for another hour from now; asking often costs nothing."""
        if time.monotonic() - self._renewed_at >= _HOLD_RENEWAL_SECONDS:
            self._database.hold(self._name, int(time.time() * 1000) + _HOLD_MS)
            self._renewed_at = time.monotonic()

    def __enter__(self) -> Self:
        self.renew()
        return self

    def __exit__(self, *_error: object) -> None:
        self._database.release(self._name)


@contextmanager
def _locked(target: BackupFolder) -> Iterator[None]:
    if target.root.is_dir() and any(target.root.iterdir()) and not (target.lock.exists() or target.manifest.exists()):
        raise BackupError(
            f"Expected a new folder for the backup, an empty one, or one with earlier backups, but "
            f"{str(target.root)!r} holds other files. Name another folder."
        )
    lock = filelock.FileLock(target.lock)
    try:
        target.root.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
        target.lock.touch()  # stays after the release: marks the folder as one for backups
    except filelock.Timeout as error:
        raise BackupError(
            f"Expected no other backup into {str(target.root)!r}, but one is under way. Wait for its end."
        ) from error
    except OSError as error:
        raise BackupError(
            f"Expected to write a backup into {str(target.root)!r}, got {error.strerror or error}. Check free space "
            "and permissions, or name another folder."
        ) from error
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):
            target.lock.touch()


def _copy_secrets(storage: Storage, target: BackupFolder) -> bool:
    content = None if storage.secrets is None else read_private_file(storage.secrets)
    if content is None:
        return False
    write_private_file(target.secrets, content)
    return True


def _drop_older(target: BackupFolder, tables: Path, copies: DiskBlobStore, blobs: list[Blob]) -> None:
    for path in target.root.glob("database-*.sqlite*"):
        if path.name != tables.name:
            path.unlink(missing_ok=True)
    kept = {blob.sha256 for blob in blobs}
    copies.remove([sha256 for sha256 in copies.list_all() if sha256 not in kept])
    copies.discard_leftovers(0)


def make_durable(path: Path) -> None:
    """Let a file's bytes, or the names in a folder, survive a power failure."""
    if path.is_dir() and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
