"""Take in and give out files."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import (
    Attribute,
    AttributeType,
    FileSetValue,
    FileValue,
    require_type,
    require_writable,
)
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.files import Blob, FileEntry, FileTarget, StagedBlob, Upload, UploadPart
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.domain.uploads import PartRange, require_complete, require_fitting
from neptune_yolo.server.exceptions import InvalidRequestError, LengthMismatchError, NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.services.collector import BlobCollector
from neptune_yolo.server.store.interfaces import BlobStore, BlobWriter, Session, Store

MAX_FILE_BYTES = 2**53
"""Largest size that an upload may announce; databases and JSON keep it exactly."""


@dataclass(frozen=True)
class FileService:
    """Files and file sets.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        blobs: Keeps the bytes.
        collector: Removes bytes that are no longer in use.
        clock: Gives the present moment.
    """

    access: Access
    store: Store
    blobs: BlobStore
    collector: BlobCollector
    clock: Clock

    def start_blob(self) -> BlobWriter:
        """Return a writer for one new file; hand its outcome to ``attach`` or ``discard``."""
        return self.blobs.create()

    def discard(self, staged: Sequence[StagedBlob]) -> None:
        """Drop the bytes of files that were not attached."""
        self.blobs.discard(staged)

    def attach(
        self, container_id: str, entries: Sequence[tuple[FileTarget, StagedBlob]], *, reset: bool = False
    ) -> None:
        """Make staged bytes the content of attributes, all or none; they are dropped if it cannot be done.

        Args:
            container_id: UUID text or ``workspace/project/SYS-ID``.
            entries: Targets and their bytes.
            reset: Whether file sets among the targets are emptied first.

        Raises:
            NotFoundError: If there is no such container.
            OperationRefusedError: If an attribute has another type, or cannot be written.
        """
        staged = [content for _, content in entries]
        try:
            self.blobs.prepare(staged)
            with self.store.write() as session:
                container = self.access.container(session, container_id, Role.CONTRIBUTOR)
                now_ms = self.clock()
                if reset:
                    for path in {target.path for target, _ in entries}:
                        self._empty_set(session, container, path)
                for target, content in entries:
                    self._put(session, container, target, content.blob, now_ms)
                session.containers.record_change(container.pk, now_ms)
                self.blobs.place(staged)
        finally:
            self.blobs.discard(staged)
        self.collector.collect()

    def empty_set(self, container_id: str, path: str) -> None:
        """Make a file set empty, or create an empty one.

        Raises:
            NotFoundError: If there is no such container.
            OperationRefusedError: If the attribute is not a file set, or cannot be written.
        """
        with self.store.write() as session:
            self._empty_set(session, self.access.container(session, container_id, Role.CONTRIBUTOR), path)
        self.collector.collect()

    def start_upload(self, container_id: str, target: FileTarget, total_bytes: int) -> UploadId:
        """Begin a multipart upload; it stays until the collector finds that it was abandoned.

        Raises:
            NotFoundError: If there is no such container.
            InvalidRequestError: If the announced size is out of range.
            OperationRefusedError: If the attribute has another type, or cannot be written.
        """
        if total_bytes > MAX_FILE_BYTES:
            raise InvalidRequestError(f"Expected a file of at most {MAX_FILE_BYTES} bytes, got {total_bytes}.")
        upload_id = UploadId(str(uuid.uuid4()))
        with self.store.write() as session:
            container = self.access.container(session, container_id, Role.CONTRIBUTOR)
            self._find(session, container, target)
            session.files.create_upload(Upload(upload_id, container.pk, target, total_bytes), self.clock())
        return upload_id

    def start_part(self, upload_id: UploadId) -> BlobWriter:
        """Return a writer for a part of an upload; hand its outcome to ``finish_part``.

        Raises:
            NotFoundError: If there is no such upload.
        """
        with self.store.read() as session:
            self._require_upload(session, upload_id)
        return self.blobs.create()

    def finish_part(
        self, upload_id: UploadId, index: int, staged: StagedBlob, announced: PartRange | None = None
    ) -> None:
        """Make staged bytes a part of an upload, in place of one with the same index.

        The bytes are in their place before the database knows of them, so that what it knows is there.

        Args:
            upload_id: The upload.
            index: Position of the part, from 0.
            staged: The bytes; they are dropped if they cannot be taken.
            announced: Which bytes of the file the client says these are.

        Raises:
            NotFoundError: If there is no such upload.
            LengthMismatchError: If there are fewer or more bytes than announced.
            InvalidRequestError: If the part does not fit into the upload.
        """
        size_bytes = staged.blob.size_bytes
        try:
            if announced is not None and size_bytes != announced.size_bytes:
                raise LengthMismatchError(announced.size_bytes, size_bytes)
            with self.store.read() as session:
                upload = self._require_upload(session, upload_id)
            require_fitting(upload, size_bytes, announced)
            if not upload.finished:
                self.blobs.place_part(upload_id, index, staged)
                with self.store.write() as session:
                    self._require_upload(session, upload_id)
                    session.files.put_part(upload_id, UploadPart(index, size_bytes), self.clock())
        finally:
            self.blobs.discard([staged])

    def finish_upload(self, container_id: str, upload_id: UploadId) -> None:
        """Join the parts of an upload and make them the content of its attribute; once more changes nothing.

        Raises:
            NotFoundError: If there is no such upload or container.
            LengthMismatchError: If parts are missing, or there are more bytes than announced.
            OperationRefusedError: If the attribute has become one of another type.
        """
        with self.store.read() as session:
            upload = self._require_upload(session, upload_id)
            if self.access.container(session, container_id, Role.CONTRIBUTOR).pk != upload.container_pk:
                raise NotFoundError("upload", upload_id)
            parts = session.files.list_parts(upload_id)
        if upload.finished:
            return
        require_complete(upload, parts)
        try:
            staged = self.blobs.join_parts(upload_id, [part.index for part in parts])
        except NotFoundError:
            self._require_finished(upload_id)  # by another request, which has dropped the parts meanwhile
            return
        try:
            if staged.blob.size_bytes != upload.total_bytes:
                raise LengthMismatchError(upload.total_bytes, staged.blob.size_bytes)
            self.blobs.prepare([staged])
            with self.store.write() as session:
                container = self.access.container(session, container_id, Role.CONTRIBUTOR)
                now_ms = self.clock()
                if not self._require_upload(session, upload_id).finished:
                    self._put(session, container, upload.target, staged.blob, now_ms)
                    session.files.mark_finished(upload_id)
                    session.containers.record_change(container.pk, now_ms)
                    self.blobs.place([staged])
        finally:
            self.blobs.discard([staged])
        self.blobs.discard_parts(upload_id)
        self.collector.collect()

    def list_set(self, container_id: str, path: str) -> list[FileEntry]:
        """Return the entries of a file set, by path.

        Raises:
            NotFoundError: If there is no such container or file set.
        """
        with self.store.read() as session:
            container = self.access.container(session, container_id, Role.VIEWER)
            attribute = session.attributes.find(container.pk, path)
            if attribute is None or attribute.type is not AttributeType.FILE_SET:
                raise NotFoundError("file set", path)
            return session.files.list_entries(attribute.pk)

    def read(self, sha256: Sha256, *, first: int = 0) -> Iterator[bytes]:
        """Yield the bytes of a stored file from position ``first`` on.

        Raises:
            NotFoundError: If there is no such file.
        """
        return self.blobs.read_chunks(sha256, first=first)

    def _put(self, session: Session, container: Container, target: FileTarget, blob: Blob, now_ms: int) -> None:
        attribute = self._find_or_create(session, container, target)
        session.files.put(attribute.pk, FileEntry(target.sub_path, target.extension, blob, now_ms))
        if target.type is AttributeType.FILE:
            session.attributes.set_value(attribute.pk, FileValue(target.extension, blob.size_bytes, blob.sha256))
        else:
            size_bytes = sum(entry.blob.size_bytes for entry in session.files.list_entries(attribute.pk))
            session.attributes.set_value(attribute.pk, FileSetValue(size_bytes))

    def _empty_set(self, session: Session, container: Container, path: str) -> None:
        attribute = self._find_or_create(session, container, FileTarget(path, AttributeType.FILE_SET))
        session.files.remove(attribute.pk, None)
        session.attributes.set_value(attribute.pk, FileSetValue(0))

    def _find_or_create(self, session: Session, container: Container, target: FileTarget) -> Attribute:
        attribute = self._find(session, container, target)
        return attribute or session.attributes.create(container.pk, target.path, target.type)

    def _find(self, session: Session, container: Container, target: FileTarget) -> Attribute | None:
        """Return the attribute that a file goes to, None if it is new; refuse what a file cannot go to."""
        require_writable(target.path, target.type, container.type)
        attribute = session.attributes.find(container.pk, target.path)
        if attribute is not None:
            require_type(attribute, target.type)
        return attribute

    def _require_finished(self, upload_id: UploadId) -> None:
        """Require that an upload is complete.

        Raises:
            NotFoundError: If a part of it is lost.
        """
        with self.store.read() as session:
            if not self._require_upload(session, upload_id).finished:
                raise NotFoundError("part of an upload", upload_id)

    def _require_upload(self, session: Session, upload_id: UploadId) -> Upload:
        upload = session.files.find_upload(upload_id)
        container = None if upload is None else session.containers.find_by_pk(upload.container_pk)
        if upload is None or container is None:
            raise NotFoundError("upload", upload_id)
        self.access.require(session, container.project_id, Role.CONTRIBUTOR, upload_id, kind="upload")
        return upload
