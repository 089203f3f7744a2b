"""Restores a backup into an empty server."""

import shutil
import tempfile
import time
import uuid
from pathlib import Path

from neptune_yolo.server.backup.blob_copy import Progress, copy_blobs
from neptune_yolo.server.backup.creating import file_sha256
from neptune_yolo.server.backup.manifest import BackupFolder, Manifest
from neptune_yolo.server.domain.files import Blob
from neptune_yolo.server.exceptions import BackupError
from neptune_yolo.server.private_files import files_of_owner, read_private_file, write_private_file
from neptune_yolo.server.storage import Storage
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.interfaces import BlobStore
from neptune_yolo.server.store.migrate import known_revisions
from neptune_yolo.server.store.portable import PortableDatabase, blobs_of, bring_up_to_date

_HOLD_MS = 24 * 3600 * 1000


def restore_backup(folder: Path, storage: Storage, progress: Progress = lambda _done, _all: None) -> Manifest:
    """Restore a backup into an empty database and an empty file storage, of whatever kind.

    Files come first, each checked by its hash; then all tables in one transaction. A restore that was interrupted can
    be repeated on the same target.

    Args:
        folder: The backup.
        storage: Where it goes.
        progress: Told how many files are done.

    Raises:
        BackupError: If the backup is unfinished or damaged, or the target isn't empty.
        StorageUnavailableError: If the target can't be written.
    """
    source = BackupFolder(folder.absolute())
    manifest = source.read()
    tables = source.root / manifest.database
    _require_whole(tables, manifest)
    with files_of_owner(), tempfile.TemporaryDirectory(prefix="neptune-yolo-restore-") as scratch:
        tables = _up_to_date(tables, manifest, Path(scratch))
        blobs = blobs_of(tables)
        database = PortableDatabase(storage.database_url)
        try:
            database.require_empty()
            _require_no_other_blobs(storage.blobs, blobs)
            hold = f"restore-{uuid.uuid4().hex}"
            database.hold(hold, int(time.time() * 1000) + _HOLD_MS)  # nobody refers to the files before the tables come
            try:
                copy_blobs(DiskBlobStore(source.files), storage.blobs, blobs, progress)
                database.load(tables, manifest.row_counts)
            finally:
                database.release(hold)
        finally:
            database.close()
        _restore_secrets(source, manifest, storage)
    return manifest


def _require_whole(tables: Path, manifest: Manifest) -> None:
    if not tables.is_file() or file_sha256(tables) != manifest.database_sha256:
        raise BackupError(
            f"Expected the tables of the backup in {str(tables)!r} with the hash that its manifest names, but the file "
            "is damaged or missing. Use another backup."
        )


def _up_to_date(tables: Path, manifest: Manifest, scratch: Path) -> Path:
    """Return the file with the tables, or a copy of it with those of this version's schema."""
    known = known_revisions()
    if manifest.revision not in known:
        raise BackupError(
            f"Expected a backup of a schema up to {known[-1]}, got one of {manifest.revision}. "
            f"Restore it with neptune-yolo {manifest.version} or newer."
        )
    if manifest.revision == known[-1]:
        return tables
    copy = scratch / "tables.sqlite"
    shutil.copyfile(tables, copy)
    bring_up_to_date(copy)
    return copy


def _require_no_other_blobs(target: BlobStore, blobs: list[Blob]) -> None:
    own = {blob.sha256 for blob in blobs}
    other = next((sha256 for sha256 in target.list_all() if sha256 not in own), None)
    if other is not None:
        raise BackupError(
            f"Expected an empty storage for files to restore into, but it holds {other}, which isn't of this backup. "
            "Name a new folder, or another bucket or prefix."
        )


def _restore_secrets(source: BackupFolder, manifest: Manifest, storage: Storage) -> None:
    content = read_private_file(source.secrets) if manifest.has_secrets else None
    if content is not None and storage.secrets is not None:
        write_private_file(storage.secrets, content)
