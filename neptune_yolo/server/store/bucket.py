"""Files in S3-compatible storage, found by the SHA-256 of their bytes. Nothing is kept on the server's own disk."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError

from neptune_yolo.server.domain.files import Leftover, StagedBlob
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.exceptions import NotFoundError, StorageUnavailableError
from neptune_yolo.server.store.blobs import write_all
from neptune_yolo.server.store.bucket_client import ATTEMPTS, BucketClient, BucketLocation, MissingObjectError
from neptune_yolo.server.store.bucket_join import join
from neptune_yolo.server.store.bucket_writer import STAGING, BucketWriter
from neptune_yolo.server.store.parallel import for_each

COPY_BYTES = 1024 * 1024

_BLOBS, _UPLOADS = "blobs/", "uploads/"


class BucketBlobStore:
    """Implements ``BlobStore`` in a bucket.

    Blobs lie at ``blobs/<hash>``, what has no place yet below ``staging/``, and parts of uploads below ``uploads/``.
    Staged bytes are placed by a copy within the storage, so that any process can go on with what another one began.

    Args:
        location: Where the bucket is.

    Raises:
        ConfigurationError: If the address is malformed.
    """

    def __init__(self, location: BucketLocation) -> None:
        self._client = BucketClient(location)

    def create(self) -> BucketWriter:
        """Start a new blob or part."""
        return BucketWriter(self._client, uuid.uuid4().hex)

    def stage(self, contents: Sequence[bytes]) -> list[StagedBlob]:
        """Make the bytes of several small blobs durable, in order; all or none."""
        names = [uuid.uuid4().hex for _ in contents]
        try:
            return for_each(self._stage, list(zip(names, contents, strict=True)))
        except BaseException:
            self._client.delete([STAGING + name for name in names])
            raise

    def prepare(self, staged: Sequence[StagedBlob]) -> None:
        """Do the slow part of ``place`` ahead, outside of any transaction."""
        self.place(staged)

    def place(self, staged: Sequence[StagedBlob]) -> None:
        """Let blobs be found by their hash; those that are there already stay as they are."""
        for_each(self._place, list({item.blob.sha256: item for item in staged}.values()))

    def discard(self, staged: Iterable[StagedBlob]) -> None:
        """Drop staged bytes, placed or not; what cannot be dropped now is dropped with the other leftovers."""
        self._client.delete([STAGING + item.name for item in staged])

    def size_bytes(self, sha256: Sha256) -> int | None:
        """Return the size of a blob, None if there is none."""
        try:
            return self._client.size_bytes(_BLOBS + sha256)
        except MissingObjectError:
            return None

    def list_all(self) -> Iterator[Sha256]:
        """Yield the hashes of all blobs."""
        for item in self._client.list_objects(_BLOBS):
            yield Sha256(item.name.removeprefix(_BLOBS))

    def list_leftovers(self, older_than_seconds: float) -> Iterator[Leftover]:
        """Yield what a server that was killed has staged and never placed."""
        latest = datetime.now(UTC) - timedelta(seconds=older_than_seconds)
        for item in self._client.list_objects(STAGING):
            if item.stored_at < latest:
                yield Leftover(item.name, item.size_bytes)
        for name, upload, started_at in self._client.list_unfinished():
            if started_at < latest:
                yield Leftover(f"{name}?{upload}", 0)

    def discard_leftovers(self, older_than_seconds: float) -> list[Leftover]:
        """Drop what a server that was killed has staged and never placed; return what was dropped."""
        leftovers = list(self.list_leftovers(older_than_seconds))
        for leftover in leftovers:
            name, _, upload = leftover.name.partition("?")
            if upload:
                self._client.abort(name, upload)
        kept = self._client.delete([item.name for item in leftovers if "?" not in item.name])
        return [item for item in leftovers if item.name not in kept]

    def read_chunks(self, sha256: Sha256, *, chunk_bytes: int = COPY_BYTES, first: int = 0) -> Iterator[bytes]:
        """Yield the bytes of a blob from position ``first`` on; who has begun to read can go on if it is removed.

        Raises:
            NotFoundError: If there is no such blob.
        """
        chunks = self._read(_BLOBS + sha256, chunk_bytes, first)
        try:
            next(chunks)
        except MissingObjectError as error:
            raise NotFoundError("file", sha256) from error
        return chunks

    def remove(self, hashes: Sequence[Sha256]) -> set[Sha256]:
        """Remove blobs; return those for which that has to be tried again."""
        kept = self._client.delete([_BLOBS + sha256 for sha256 in hashes])
        return {Sha256(name.removeprefix(_BLOBS)) for name in kept}

    def place_part(self, upload_id: UploadId, index: int, staged: StagedBlob) -> None:
        """Make bytes a part of an upload, in place of one with the same index."""
        self._client.copy(STAGING + staged.name, f"{_UPLOADS}{upload_id}/{index}", staged.blob.size_bytes)

    def join_parts(self, upload_id: UploadId, indices: Sequence[int]) -> StagedBlob:
        """Make one staged blob of the parts, in the order given.

        Raises:
            NotFoundError: If one of them is missing.
        """
        folder = f"{_UPLOADS}{upload_id}/"
        present = {item.name: item for item in self._client.list_objects(folder)}
        missing = [index for index in indices if f"{folder}{index}" not in present]
        try:
            if not missing:
                return join(self._client, [present[f"{folder}{index}"] for index in indices], uuid.uuid4().hex)
        except MissingObjectError:
            missing = list(indices)
        raise NotFoundError("part of an upload", f"{upload_id}, part {missing[0]}")

    def list_uploads(self) -> Iterator[UploadId]:
        """Yield the uploads that have parts."""
        for name in self._client.list_folders(_UPLOADS):
            yield UploadId(name)

    def part_sizes(self, upload_id: UploadId) -> dict[int, int]:
        """Return the sizes in bytes of the parts of an upload, by index."""
        folder = f"{_UPLOADS}{upload_id}/"
        return {int(item.name.removeprefix(folder)): item.size_bytes for item in self._client.list_objects(folder)}

    def discard_parts(self, upload_id: UploadId) -> None:
        """Remove the parts of an upload; what cannot be removed now is removed with the other leftovers."""
        try:
            self._client.delete([item.name for item in self._client.list_objects(f"{_UPLOADS}{upload_id}/")])
        except StorageUnavailableError:
            return

    def _stage(self, named: tuple[str, bytes]) -> StagedBlob:
        name, content = named
        return write_all(BucketWriter(self._client, name), content)

    def _place(self, item: StagedBlob) -> None:
        target = _BLOBS + item.blob.sha256
        if self.size_bytes(item.blob.sha256) == item.blob.size_bytes:
            return
        try:
            self._client.copy(STAGING + item.name, target, item.blob.size_bytes)
        except MissingObjectError as error:
            raise StorageUnavailableError(
                f"Expected the bytes of {item.blob.sha256} in the bucket {self._client.location.name!r}, but somebody "
                f"has removed them from {STAGING!r}. Leave that folder to the server; the client tries again."
            ) from error

    def _read(self, name: str, chunk_bytes: int, first: int) -> Iterator[bytes]:
        """Yield nothing once, so that the object is open before the first bytes are asked for; then the bytes.

        A connection that breaks is replaced by one that goes on where it broke.
        """
        body, position, breaks = self._open(name, first), first, 0
        yield b""
        while True:
            try:
                for chunk in body.iter_chunks(chunk_bytes):
                    position, breaks = position + len(chunk), 0
                    yield chunk
            except BotoCoreError as error:
                breaks += 1
                if breaks >= ATTEMPTS:
                    with self._client.translated_errors():
                        raise error from None
            else:
                return
            finally:
                body.close()
            body = self._open(name, position)

    def _open(self, name: str, first: int) -> Any:
        whole = {} if first == 0 else {"Range": f"bytes={first}-"}
        return self._client.call("get_object", name, **whole)["Body"]
