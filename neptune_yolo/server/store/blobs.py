"""Files on disk, found by the SHA-256 of their bytes."""

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from neptune_yolo.server.domain.files import Blob, StagedBlob
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.exceptions import NotFoundError, StorageUnavailableError

COPY_BYTES = 1024 * 1024
HASH_LENGTH = 64


@contextmanager
def _translated_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailableError(
            f"Expected to store a file below {str(folder)!r}, got {error.strerror or error!s}. "
            f"Check free disk space and permissions; the client tries again."
        ) from error


class _DiskWriter:
    """Implements ``BlobWriter``: bytes go to a file of the staging folder, which stays there once it is durable."""

    def __init__(self, staging: Path) -> None:
        self.size_bytes = 0
        self._digest = hashlib.sha256()
        self._temporary = staging / f"{uuid.uuid4().hex}.part"
        self._finished = False
        with _translated_errors(staging):
            staging.mkdir(parents=True, exist_ok=True)
            self._file = self._temporary.open("wb")

    def write(self, data: bytes) -> None:
        with _translated_errors(self._temporary.parent):
            self._file.write(data)
        self._digest.update(data)
        self.size_bytes += len(data)

    def finish(self) -> StagedBlob:
        with _translated_errors(self._temporary.parent):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self._finished = True
        return StagedBlob(Blob(Sha256(self._digest.hexdigest()), self.size_bytes), self._temporary.name)

    def abort(self) -> None:
        if self._finished:
            return
        with suppress(OSError):  # the last bytes could not be written; they are dropped here anyway
            self._file.close()
        self._temporary.unlink(missing_ok=True)


class DiskBlobStore:
    """Implements ``BlobStore`` in a folder.

    Blobs lie at ``ab/abcdef...`` by their hash, what has no place yet below ``staging``, and parts of uploads below
    ``uploads``. All of it is one file system, so that files are moved, never copied.

    Args:
        root: The folder; made when first needed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._staging = root / "staging"

    def create(self) -> _DiskWriter:
        """Start a new blob or part."""
        return _DiskWriter(self._staging)

    def place(self, staged: Sequence[StagedBlob]) -> None:
        """Let blobs be found by their hash; those that are there already are dropped."""
        folders: set[Path] = set()
        for item in staged:
            target = self._path(item.blob.sha256)
            with _translated_errors(target.parent):
                if not (target.is_file() and target.stat().st_size == item.blob.size_bytes):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    (self._staging / item.name).replace(target)
                    folders.add(target.parent)
        for folder in folders:
            with _translated_errors(folder):
                _sync_folder(folder)

    def discard(self, staged: Iterable[StagedBlob]) -> None:
        """Drop bytes that were not placed; harmless for those that were."""
        for item in staged:
            with suppress(OSError):  # what cannot be removed now is removed with the other leftovers
                (self._staging / item.name).unlink(missing_ok=True)

    def list_all(self) -> Iterator[Sha256]:
        """Yield the hashes of all blobs."""
        for folder in self._root.glob("??"):
            for path in folder.iterdir():
                if len(path.name) == HASH_LENGTH:
                    yield Sha256(path.name)

    def discard_leftovers(self, older_than_seconds: float) -> None:
        """Drop bytes that a server which was killed has staged and never placed."""
        if not self._staging.is_dir():
            return
        latest = time.time() - older_than_seconds
        for path in self._staging.iterdir():
            with suppress(OSError):  # another process removes the same leftovers, or still has the file open
                if path.stat().st_mtime < latest:
                    path.unlink()

    def read_chunks(self, sha256: Sha256, *, chunk_bytes: int = COPY_BYTES) -> Iterator[bytes]:
        """Yield the bytes of a blob; they stay readable if the blob is removed meanwhile.

        Raises:
            NotFoundError: If there is no such blob.
        """
        chunks = _read_file(self._path(sha256), chunk_bytes)
        try:
            next(chunks)
        except FileNotFoundError as error:
            raise NotFoundError("file", sha256) from error
        return chunks

    def remove(self, sha256: Sha256) -> bool:
        """Remove a blob; False if that has to be tried again, since somebody reads it on a system that forbids it."""
        try:
            self._path(sha256).unlink(missing_ok=True)
        except OSError:
            return False
        return True

    def place_part(self, upload_id: UploadId, index: int, staged: StagedBlob) -> None:
        """Make bytes a part of an upload, in place of one with the same index."""
        folder = self._upload_folder(upload_id)
        with _translated_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (self._staging / staged.name).replace(folder / str(index))
            _sync_folder(folder)

    def join_parts(self, upload_id: UploadId, indices: Sequence[int]) -> StagedBlob:
        """Make one staged blob of the parts, in the order given."""
        writer = self.create()
        try:
            for index in indices:
                path = self._upload_folder(upload_id) / str(index)
                if not path.is_file():
                    raise NotFoundError("part of an upload", f"{upload_id}, part {index}")
                for chunk in _read_file(path, COPY_BYTES):
                    writer.write(chunk)
            return writer.finish()
        finally:
            writer.abort()

    def discard_parts(self, upload_id: UploadId) -> None:
        """Remove the parts of an upload."""
        shutil.rmtree(self._upload_folder(upload_id), ignore_errors=True)

    def _path(self, sha256: Sha256) -> Path:
        return self._root / sha256[:2] / sha256

    def _upload_folder(self, upload_id: UploadId) -> Path:
        return self._root / "uploads" / upload_id


def _read_file(path: Path, chunk_bytes: int) -> Iterator[bytes]:
    """Yield nothing once, so that a caller can open the file before the first bytes are asked for; then the bytes."""
    with path.open("rb") as file:
        yield b""
        while chunk := file.read(chunk_bytes):
            yield chunk


def _sync_folder(folder: Path) -> None:
    """Make a renamed file's new name durable, where the system can sync folders."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
