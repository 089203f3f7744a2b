"""Make one object of the parts of an upload: their bytes are read once, for the hash, and copied within the storage."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError

from neptune_yolo.server.domain.files import Blob, StagedBlob
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.store.bucket_client import ATTEMPTS, BucketClient, StoredObject
from neptune_yolo.server.store.bucket_writer import STAGING, BucketWriter
from neptune_yolo.server.store.parallel import for_each, in_order

READ_BYTES = 8 * 1024 * 1024
"""Bytes asked for in one request; some are asked for ahead, since one connection alone is slow."""

LEAST_PIECE_BYTES = 5 * 1024 * 1024
MOST_PIECES = 10_000
"""What S3 makes an object of: pieces of at least this size, but for the last."""


@dataclass(frozen=True)
class _Range:
    part: StoredObject
    first: int

    @property
    def last(self) -> int:
        return min(self.first + READ_BYTES, self.part.size_bytes) - 1


def join(client: BucketClient, parts: Sequence[StoredObject], name: str) -> StagedBlob:
    """Return the bytes of several objects as one staged blob.

    Args:
        client: The bucket.
        parts: The objects, in order.
        name: Name of the staged blob.

    Raises:
        MissingObjectError: If one of the parts is removed meanwhile.
        StorageUnavailableError: If the storage fails, or one of the parts is replaced meanwhile.
    """
    ranges = [_Range(part, first) for part in parts for first in range(0, part.size_bytes, READ_BYTES)]
    chunks = in_order(partial(_read, client), ranges)
    if not 0 < len(parts) <= MOST_PIECES or any(part.size_bytes < LEAST_PIECE_BYTES for part in parts[:-1]):
        return _rewrite(client, chunks, name)
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    _compose(client, parts, STAGING + name)
    return StagedBlob(Blob(Sha256(digest.hexdigest()), sum(part.size_bytes for part in parts)), name)


def _rewrite(client: BucketClient, chunks: Iterator[bytes], name: str) -> StagedBlob:
    writer = BucketWriter(client, name)
    try:
        for chunk in chunks:
            writer.write(chunk)
        return writer.finish()
    finally:
        writer.abort()


def _compose(client: BucketClient, parts: Sequence[StoredObject], target: str) -> None:
    upload = str(client.call("create_multipart_upload", target)["UploadId"])
    try:
        pieces = for_each(partial(_copy_part, client, target, upload), list(enumerate(parts, start=1)))
        client.call("complete_multipart_upload", target, UploadId=upload, MultipartUpload={"Parts": pieces})
    except BaseException:
        client.abort(target, upload)
        raise


def _copy_part(client: BucketClient, target: str, upload: str, numbered: tuple[int, StoredObject]) -> dict[str, Any]:
    number, part = numbered
    return client.copy_piece(target, upload, number, part.name, CopySourceIfMatch=part.etag)


def _read(client: BucketClient, wanted: _Range) -> bytes:
    """Return some bytes of the object that was listed, and of no other that has taken its place."""
    bounds = f"bytes={wanted.first}-{wanted.last}"
    for attempt in range(1, ATTEMPTS + 1):
        body = client.call("get_object", wanted.part.name, Range=bounds, IfMatch=wanted.part.etag)["Body"]
        try:
            return bytes(body.read())
        except BotoCoreError as error:
            if attempt == ATTEMPTS:
                with client.translated_errors():
                    raise error from None
        finally:
            body.close()
    raise AssertionError
