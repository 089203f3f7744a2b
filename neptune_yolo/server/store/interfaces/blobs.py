"""What services ask of the storage of bytes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from neptune_yolo.server.domain.files import Leftover, StagedBlob
from neptune_yolo.server.domain.ids import Sha256, UploadId


class BlobWriter(Protocol):
    """Takes the bytes of one new blob or part."""

    @property
    def size_bytes(self) -> int:
        """Bytes taken so far."""

    def write(self, data: bytes) -> None:
        """Take more bytes."""

    def finish(self) -> StagedBlob:
        """Make the bytes durable; they are kept until they are placed or discarded."""

    def abort(self) -> None:
        """Drop the bytes; harmless after ``finish``."""


class BlobStore(Protocol):
    """Bytes by their hash, and parts of uploads under way."""

    def create(self) -> BlobWriter:
        """Start a new blob or part."""

    def stage(self, contents: Sequence[bytes]) -> list[StagedBlob]:
        """Make the bytes of several small blobs durable, in order; all or none."""

    def prepare(self, staged: Sequence[StagedBlob]) -> None:
        """Do the slow part of ``place`` ahead, before a transaction keeps others waiting; harmless without one."""

    def place(self, staged: Sequence[StagedBlob]) -> None:
        """Let blobs be found by their hash; those that are there already are dropped.

        Call it in the transaction that makes attributes refer to them: nobody removes them before its end.
        """

    def discard(self, staged: Iterable[StagedBlob]) -> None:
        """Drop staged bytes; harmless for blobs that were placed."""

    def size_bytes(self, sha256: Sha256) -> int | None:
        """Return the size of a blob, None if there is none."""

    def list_all(self) -> Iterator[Sha256]:
        """Yield the hashes of all blobs."""

    def list_leftovers(self, older_than_seconds: float) -> Iterator[Leftover]:
        """Yield what a server that was killed has staged and never placed."""

    def discard_leftovers(self, older_than_seconds: float) -> list[Leftover]:
        """Drop what a server that was killed has staged and never placed; return what was dropped."""

    def read_chunks(self, sha256: Sha256, *, chunk_bytes: int = 1024 * 1024, first: int = 0) -> Iterator[bytes]:
        """Yield the bytes of a blob from position ``first`` on; who has begun to read can go on if it is removed.

        Raises:
            NotFoundError: If there is no such blob.
        """

    def remove(self, hashes: Sequence[Sha256]) -> set[Sha256]:
        """Remove blobs; return those for which that has to be tried again.

        Call it in a transaction that has found that nobody refers to them.
        """

    def place_part(self, upload_id: UploadId, index: int, staged: StagedBlob) -> None:
        """Make bytes a part of an upload, in place of one with the same index."""

    def join_parts(self, upload_id: UploadId, indices: Sequence[int]) -> StagedBlob:
        """Make one staged blob of the parts, in the order given.

        Raises:
            NotFoundError: If one of them is missing.
        """

    def list_uploads(self) -> Iterator[UploadId]:
        """Yield the uploads that have parts."""

    def part_sizes(self, upload_id: UploadId) -> dict[int, int]:
        """Return the sizes in bytes of the parts of an upload, by index."""

    def discard_parts(self, upload_id: UploadId) -> None:
        """Remove the parts of an upload."""
