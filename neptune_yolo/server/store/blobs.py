"""Files on disk, found by the SHA-256 of their bytes."""

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from neptune_yolo.server.domain.files import Blob
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.exceptions import NotFoundError, StorageUnavailableError

COPY_BYTES = 1024 * 1024


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
    """Implements ``BlobWriter``: bytes go to a temporary file, which is moved to its place once it is durable."""

    def __init__(self, staging: Path, place: Callable[[Blob], Path], *, reuse: bool) -> None:
        self.size_bytes = 0
        self._reuse = reuse
        self._digest = hashlib.sha256()
        self._place = place
        self._temporary = staging / f"{uuid.uuid4().hex}.part"
        with _translated_errors(staging):
            staging.mkdir(parents=True, exist_ok=True)
            self._file = self._temporary.open("wb")

    def write(self, data: bytes) -> None:
        with _translated_errors(self._temporary.parent):
            self._file.write(data)
        self._digest.update(data)
        self.size_bytes += len(data)

    def commit(self) -> Blob:
        blob = Blob(Sha256(self._digest.hexdigest()), self.size_bytes)
        target = self._place(blob)
        with _translated_errors(target.parent):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            if not self._is_stored(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                self._temporary.replace(target)
                _sync_folder(target.parent)
        self.abort()
        return blob

    def _is_stored(self, target: Path) -> bool:
        return self._reuse and target.is_file() and target.stat().st_size == self.size_bytes

    def abort(self) -> None:
        with suppress(OSError):  # the last bytes could not be written; they are dropped here anyway
            self._file.close()
        self._temporary.unlink(missing_ok=True)


class DiskBlobStore:
    """Implements ``BlobStore`` in a folder: ``ab/abcdef...`` by hash, parts of uploads below ``uploads``.

    Args:
        root: The folder; made when first needed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def create(self) -> _DiskWriter:
        """Start a new blob."""
        return _DiskWriter(self._root / "staging", lambda blob: self._path(blob.sha256), reuse=True)

    def read_chunks(self, sha256: Sha256, *, chunk_bytes: int = COPY_BYTES) -> Iterator[bytes]:
        """Yield the bytes of a blob.

        Raises:
            NotFoundError: If there is no such blob.
        """
        path = self._path(sha256)
        if not path.is_file():
            raise NotFoundError("file", sha256)
        return _read_file(path, chunk_bytes)

    def create_part(self, upload_id: UploadId, index: int) -> _DiskWriter:
        """Start a part of an upload; a part of the same index is replaced on commit."""
        folder = self._upload_folder(upload_id)
        return _DiskWriter(folder, lambda _: folder / str(index), reuse=False)

    def join_parts(self, upload_id: UploadId, indices: Sequence[int]) -> Blob:
        """Make one blob of the parts, in the order given."""
        writer = self.create()
        try:
            for index in indices:
                path = self._upload_folder(upload_id) / str(index)
                if not path.is_file():
                    raise NotFoundError("part of an upload", f"{upload_id}, part {index}")
                for chunk in _read_file(path, COPY_BYTES):
                    writer.write(chunk)
            return writer.commit()
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
    with path.open("rb") as file:
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
