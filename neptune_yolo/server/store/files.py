"""File entries and uploads under way in the database."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, true, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.files import Blob, FileEntry, FileTarget, Upload, UploadPart
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.store.locks import protect_blobs
from neptune_yolo.server.store.models import file_entries, upload_parts, uploads
from neptune_yolo.server.store.references import release


class SqlFileStore:
    """Implements ``FileStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, attribute_pk: int, entry: FileEntry) -> None:
        """Store an entry, in place of one with the same path, whose blob is released."""
        protect_blobs(self._connection, [entry.blob.sha256])
        self._remove(attribute_pk, file_entries.c.sub_path == entry.sub_path)
        self._connection.execute(
            insert_into(file_entries).values(
                attribute_pk=attribute_pk,
                sub_path=entry.sub_path,
                extension=entry.extension,
                sha256=entry.blob.sha256,
                size_bytes=entry.blob.size_bytes,
                modified_ms=entry.modified_ms,
            )
        )

    def list_entries(self, attribute_pk: int) -> list[FileEntry]:
        """Return the entries of an attribute, by path."""
        statement = (
            select(file_entries).where(file_entries.c.attribute_pk == attribute_pk).order_by(file_entries.c.sub_path)
        )
        return [
            FileEntry(
                sub_path=row[file_entries.c.sub_path],
                extension=row[file_entries.c.extension],
                blob=Blob(Sha256(row[file_entries.c.sha256]), row[file_entries.c.size_bytes]),
                modified_ms=row[file_entries.c.modified_ms],
            )
            for row in self._connection.execute(statement).mappings()
        ]

    def remove(self, attribute_pk: int, sub_paths: Sequence[str] | None) -> None:
        """Remove entries by path (a folder stands for all below it), or all with None, and release their blobs."""
        if sub_paths is None:
            self._remove(attribute_pk, true())
            return
        column = file_entries.c.sub_path
        for path in sub_paths:  # by code points, "0" follows "/"; LIKE would ignore letter case on SQLite
            self._remove(attribute_pk, or_(column == path, and_(column > f"{path}/", column < f"{path}0")))

    def _remove(self, attribute_pk: int, condition: ColumnElement[bool]) -> None:
        which = and_(file_entries.c.attribute_pk == attribute_pk, condition)
        release(self._connection, file_entries, which)
        self._connection.execute(delete(file_entries).where(which))

    def create_upload(self, upload: Upload, now_ms: int) -> None:
        """Remember a multipart upload."""
        self._connection.execute(
            insert_into(uploads).values(
                id=upload.id,
                container_pk=upload.container_pk,
                path=upload.target.path,
                type=upload.target.type.value,
                extension=upload.target.extension,
                sub_path=upload.target.sub_path,
                total_bytes=upload.total_bytes,
                finished=upload.finished,
                used_ms=now_ms,
            )
        )

    def find_upload(self, upload_id: UploadId) -> Upload | None:
        """Return a multipart upload, or None."""
        row = self._connection.execute(select(uploads).where(uploads.c.id == upload_id)).mappings().one_or_none()
        if row is None:
            return None
        target = FileTarget(
            path=row[uploads.c.path],
            type=AttributeType(row[uploads.c.type]),
            extension=row[uploads.c.extension],
            sub_path=row[uploads.c.sub_path],
        )
        return Upload(
            upload_id, row[uploads.c.container_pk], target, row[uploads.c.total_bytes], row[uploads.c.finished]
        )

    def put_part(self, upload_id: UploadId, part: UploadPart, now_ms: int) -> None:
        """Remember a part, in place of one with the same index, and that the upload is in use."""
        self._connection.execute(update(uploads).where(uploads.c.id == upload_id).values(used_ms=now_ms))
        self._connection.execute(
            delete(upload_parts).where(upload_parts.c.upload_id == upload_id, upload_parts.c.part_index == part.index)
        )
        self._connection.execute(
            insert_into(upload_parts).values(upload_id=upload_id, part_index=part.index, size_bytes=part.size_bytes)
        )

    def list_parts(self, upload_id: UploadId) -> list[UploadPart]:
        """Return the parts that have come, by index."""
        statement = (
            select(upload_parts).where(upload_parts.c.upload_id == upload_id).order_by(upload_parts.c.part_index)
        )
        return [
            UploadPart(row[upload_parts.c.part_index], row[upload_parts.c.size_bytes])
            for row in self._connection.execute(statement).mappings()
        ]

    def mark_finished(self, upload_id: UploadId) -> None:
        """Remember that an upload is complete."""
        self._connection.execute(update(uploads).where(uploads.c.id == upload_id).values(finished=True))

    def delete_upload(self, upload_id: UploadId) -> None:
        """Forget an upload and its parts."""
        self._connection.execute(delete(uploads).where(uploads.c.id == upload_id))

    def list_abandoned_uploads(self, used_before_ms: int) -> list[UploadId]:
        """Return the uploads that were not started, and got no part, since a moment."""
        statement = select(uploads.c.id).where(uploads.c.used_ms < used_before_ms).order_by(uploads.c.id)
        return [UploadId(upload_id) for upload_id in self._connection.scalars(statement)]
