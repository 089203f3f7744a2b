"""What services ask of the storage about files and uploads."""

from collections.abc import Sequence
from typing import Protocol

from neptune_yolo.server.domain.files import FileEntry, Upload, UploadPart
from neptune_yolo.server.domain.ids import UploadId


class FileStore(Protocol):
    """Which blobs belong to which attributes, and uploads under way."""

    def put(self, attribute_pk: int, entry: FileEntry) -> None:
        """Store an entry, in place of one with the same path, whose blob is released."""

    def list_entries(self, attribute_pk: int) -> list[FileEntry]:
        """Return the entries of an attribute, by path."""

    def remove(self, attribute_pk: int, sub_paths: Sequence[str] | None) -> None:
        """Remove entries by path (a folder stands for all below it), or all with None, and release their blobs."""

    def create_upload(self, upload: Upload, now_ms: int) -> None:
        """Remember a multipart upload."""

    def find_upload(self, upload_id: UploadId) -> Upload | None:
        """Return a multipart upload, or None."""

    def put_part(self, upload_id: UploadId, part: UploadPart, now_ms: int) -> None:
        """Remember a part, in place of one with the same index, and that the upload is in use."""

    def list_parts(self, upload_id: UploadId) -> list[UploadPart]:
        """Return the parts that have come, by index."""

    def mark_finished(self, upload_id: UploadId) -> None:
        """Remember that an upload is complete."""

    def delete_upload(self, upload_id: UploadId) -> None:
        """Forget an upload and its parts."""

    def list_abandoned_uploads(self, used_before_ms: int) -> list[UploadId]:
        """Return the uploads that were not started, and got no part, since a moment."""
