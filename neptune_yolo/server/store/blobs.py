"""Files on disk, found by the SHA-256 of their bytes."""

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from neptune_yolo.server.domain.files import Blob, Leftover, StagedBlob
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.exceptions import NotFoundError, StorageUnavailableError
from neptune_yolo.server.store.interfaces import BlobWriter

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

    def stage(self, contents: Sequence[bytes]) -> list[StagedBlob]:
        """Make the bytes of several small blobs durable, in order; all or none."""
        staged: list[StagedBlob] = []
        try:
            for content in contents:
                staged.append(write_all(self.create(), content))  # noqa: PERF401 - those before an error are dropped
        except BaseException:
            self.discard(staged)
            raise
        return staged

    def prepare(self, staged: Sequence[StagedBlob]) -> None:
        """Do the slow part of ``place`` ahead; files are moved at once, so there is none."""

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

    def size_bytes(self, sha256: Sha256) -> int | None:
        """Return the size of a blob, None if there is none."""
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def list_all(self) -> Iterator[Sha256]:
        """Yield the hashes of all blobs."""
        for folder in self._root.glob("??"):
            for path in folder.iterdir():
                if len(path.name) == HASH_LENGTH:
                    yield Sha256(path.name)

    def list_leftovers(self, older_than_seconds: float) -> Iterator[Leftover]:
        """Yield what a server that was killed has staged and never placed."""
        if not self._staging.is_dir():
            return
        latest = time.time() - older_than_seconds
        for path in self._staging.iterdir():
            with suppress(OSError):  # another process has placed or removed it
                status = path.stat()
                if status.st_mtime < latest:
                    yield Leftover(path.name, status.st_size)

    def discard_leftovers(self, older_than_seconds: float) -> list[Leftover]:
        """Drop what a server that was killed has staged and never placed; return what was dropped."""
        dropped = []
        for leftover in self.list_leftovers(older_than_seconds):
            with suppress(OSError):  # another process removes the same leftovers, or still has the file open
                (self._staging / leftover.name).unlink()
                dropped.append(leftover)
        return dropped

    def read_chunks(self, sha256: Sha256, *, chunk_bytes: int = COPY_BYTES, first: int = 0) -> Iterator[bytes]:
        """Yield the bytes of a blob from position ``first`` on; who has begun to read can go on if it is removed.

        Raises:
            NotFoundError: If there is no such blob.
            StorageUnavailableError: If it cannot be read.
        """
        chunks = _read_file(self._path(sha256), chunk_bytes, first)
        try:
            next(chunks)
        except FileNotFoundError as error:
            raise NotFoundError("file", sha256) from error
        return chunks

    def remove(self, hashes: Sequence[Sha256]) -> set[Sha256]:
        """Remove blobs; return those that have to be tried again: somebody reads them on a system that forbids it."""
        kept: set[Sha256] = set()
        for sha256 in hashes:
            try:
                self._path(sha256).unlink(missing_ok=True)
            except OSError:
                kept.add(sha256)
        return kept

    def place_part(self, upload_id: UploadId, index: int, staged: StagedBlob) -> None:
        """Make bytes a part of an upload, in place of one with the same index."""
        folder = self._upload_folder(upload_id)
        with _translated_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (self._staging / staged.name).replace(folder / str(index))
            _sync_folder(folder)

    def join_parts(self, upload_id: UploadId, indices: Sequence[int]) -> StagedBlob:
        """Make one staged blob of the parts, in the order given.

        Raises:
            NotFoundError: If one of them is missing.
        """
        writer = self.create()
        try:
            for index in indices:
                try:
                    for chunk in _read_file(self._upload_folder(upload_id) / str(index), COPY_BYTES):
                        writer.write(chunk)
                except FileNotFoundError as error:
                    raise NotFoundError("part of an upload", f"{upload_id}, part {index}") from error
            return writer.finish()
        finally:
            writer.abort()

    def list_uploads(self) -> Iterator[UploadId]:
        """Yield the uploads that have parts."""
        folder = self._root / "uploads"
        if folder.is_dir():
            for path in folder.iterdir():
                yield UploadId(path.name)

    def part_sizes(self, upload_id: UploadId) -> dict[int, int]:
        """Return the sizes in bytes of the parts of an upload, by index."""
        try:
            return {int(path.name): path.stat().st_size for path in self._upload_folder(upload_id).iterdir()}
        except FileNotFoundError:  # it ends at the same moment
            return {}

    def discard_parts(self, upload_id: UploadId) -> None:
        """Remove the parts of an upload."""
        shutil.rmtree(self._upload_folder(upload_id), ignore_errors=True)

    def _path(self, sha256: Sha256) -> Path:
        return self._root / sha256[:2] / sha256

    def _upload_folder(self, upload_id: UploadId) -> Path:
        return self._root / "uploads" / upload_id


def write_all(writer: BlobWriter, content: bytes) -> StagedBlob:
    """Return bytes, staged.

    Args:
        writer: Takes them, and is closed in every case.
        content: The bytes.
    """
    try:
        writer.write(content)
        return writer.finish()
    finally:
        writer.abort()


def _read_file(path: Path, chunk_bytes: int, first: int = 0) -> Iterator[bytes]:
    """Yield nothing once, so that a caller can open the file before the first bytes are asked for; then the bytes."""
    try:
        with path.open("rb") as file:
            file.seek(first)
            yield b""
            while chunk := file.read(chunk_bytes):
                yield chunk
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageUnavailableError(
            f"Expected to read the file {str(path)!r}, got {error.strerror or error!s}. "
            f"Check the disk and permissions; the client tries again."
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make a renamed file's new name durable, where the system can sync folders."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
