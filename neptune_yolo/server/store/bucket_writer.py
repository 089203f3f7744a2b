"""Write one new object of a bucket, piece by piece."""

import hashlib
from typing import Any

from neptune_yolo.server.domain.files import Blob, StagedBlob
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.store.bucket_client import BucketClient

STAGING = "staging/"
"""Where bytes lie that have no place yet."""

PIECE_BYTES = 8 * 1024 * 1024
"""Bytes that a writer holds before it sends them, and the size up to which a file is sent in one request."""

LARGE_PIECE_BYTES = 128 * 1024 * 1024
LARGE_PIECES_AFTER = 2000
"""From so many pieces on (16 GB), pieces are larger: the storage takes at most 10,000 of one object."""


class BucketWriter:
    """Implements ``BlobWriter``: bytes go to an object of its own below ``staging/``, in pieces.

    Args:
        client: The bucket.
        name: Name of the object, unique.
    """

    def __init__(self, client: BucketClient, name: str) -> None:
        self.size_bytes = 0
        self._client = client
        self._name = name
        self._digest = hashlib.sha256()
        self._piece = bytearray()
        self._upload: str | None = None
        self._parts: list[dict[str, Any]] = []
        self._finished = False

    def write(self, data: bytes) -> None:
        """Take more bytes."""
        self._digest.update(data)
        self.size_bytes += len(data)
        self._piece += data
        if len(self._piece) >= (PIECE_BYTES if len(self._parts) < LARGE_PIECES_AFTER else LARGE_PIECE_BYTES):
            self._send_piece()

    def finish(self) -> StagedBlob:
        """Make the bytes durable; they are kept until they are placed or discarded."""
        key = STAGING + self._name
        if self._upload is None:
            self._client.call("put_object", key, Body=self._piece)
        else:
            if self._piece:
                self._send_piece()
            parts = {"Parts": self._parts}
            self._client.call("complete_multipart_upload", key, UploadId=self._upload, MultipartUpload=parts)
        self._finished = True
        self._piece = bytearray()
        return StagedBlob(Blob(Sha256(self._digest.hexdigest()), self.size_bytes), self._name)

    def abort(self) -> None:
        """Drop the bytes; harmless after ``finish``."""
        if not self._finished and self._upload is not None:
            self._client.abort(STAGING + self._name, self._upload)
            self._upload = None

    def _send_piece(self) -> None:
        key = STAGING + self._name
        if self._upload is None:
            self._upload = str(self._client.call("create_multipart_upload", key)["UploadId"])
        number = len(self._parts) + 1
        answer = self._client.call("upload_part", key, UploadId=self._upload, PartNumber=number, Body=self._piece)
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        self._piece = bytearray()
