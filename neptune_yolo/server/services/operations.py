"""Apply batches of operations, each batch in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, assert_never

from neptune_yolo.server.domain.attribute import (
    STAGE_PATH,
    ArtifactValue,
    Attribute,
    AttributeType,
    FileSetValue,
    ImageSeriesValue,
    SeriesValue,
    require_stage,
    require_type,
    require_writable,
)
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.operation import (
    AssignValue,
    ClearSeries,
    ClearStringSet,
    ConfigureFloatSeries,
    DeleteAttribute,
    DeleteFiles,
    InsertStrings,
    LogFloats,
    LogImages,
    LogPoints,
    LogStrings,
    Malformed,
    Operation,
    RemoveStrings,
)
from neptune_yolo.server.domain.series import StoredPoint, admit
from neptune_yolo.server.exceptions import OperationRefusedError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.batch_attributes import BatchAttributes
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.services.collector import BlobCollector
from neptune_yolo.server.services.images import StagedImages, append_images, staged_images, without_empty
from neptune_yolo.server.services.unnumbered import count_unnumbered, without_repeated
from neptune_yolo.server.store.interfaces import AnsweredBatch, BlobStore, Session, Store

MAX_SENTENCES = 1000
"""Refusals that the answer to one batch tells in full."""

MAX_LENGTH = 2000
"""Characters of one of them; paths that a peer sends may be as long as a body."""

_Releasing = DeleteAttribute | DeleteFiles | ClearSeries
"""Operations after which blobs may no longer be in use."""


@dataclass(frozen=True)
class OperationService:
    """Changes of attributes.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        blobs: Keeps the bytes of pictures.
        collector: Removes bytes that are no longer in use.
        clock: Gives the present moment.
    """

    access: Access
    store: Store
    blobs: BlobStore
    collector: BlobCollector
    clock: Clock

    def execute(self, container_id: str, operations: Sequence[Operation], digest: str) -> list[str]:
        """Apply a batch; what is returned has been committed.

        An operation that cannot be applied is reported and the others are applied. A batch that logs points and
        comes again to the byte, as after a lost answer, changes nothing and is answered as the first time.

        Args:
            container_id: UUID text or ``workspace/project/SYS-ID``.
            operations: The batch, in order.
            digest: SHA-256 of the batch as it came.

        Returns:
            A sentence for each operation or point that could not be applied.

        Raises:
            NotFoundError: If there is no such container.
        """
        with staged_images(self.blobs, operations) as images:
            errors = self._execute(container_id, operations, digest, images)
        if any(isinstance(operation, _Releasing) for operation in operations):
            self.collector.collect()
        return errors

    def _execute(
        self, container_id: str, operations: Sequence[Operation], digest: str, images: StagedImages
    ) -> list[str]:
        def apply(session: Session) -> list[str]:
            return self._apply(session, container_id, operations, digest, images)

        if not images:
            return self.store.write_in_group(apply)
        with self.store.write() as session:  # bytes that are placed cannot be placed again
            return apply(session)

    def _apply(
        self,
        session: Session,
        container_id: str,
        operations: Sequence[Operation],
        digest: str,
        images: StagedImages,
    ) -> list[str]:
        container = self.access.container(session, container_id, Role.CONTRIBUTOR)
        repeatable = not any(isinstance(operation, LogPoints) for operation in operations)
        known = None if repeatable else session.replays.find(container.pk, digest)
        if known is not None:
            return known
        session_id, unnumbered = self.access.caller.session_id, count_unnumbered(operations)
        if unnumbered and session_id is not None:
            repeated = session.replays.unnumbered_before(container.pk, session_id)
            operations = without_repeated(session, container, operations, repeated)
        batch = _Batch(session, self.blobs, container, images, operations)
        errors = _shortened(sentence for operation in operations for sentence in batch.apply(operation))
        batch.store()
        now_ms = self.clock()
        if not repeatable:
            session.replays.remember(container.pk, AnsweredBatch(digest, errors, now_ms, session_id, unnumbered))
        session.containers.record_change(container.pk, now_ms)
        return errors


class _Batch:
    """Applies operations to one container within one transaction."""

    def __init__(
        self,
        session: Session,
        blobs: BlobStore,
        container: Container,
        images: StagedImages,
        operations: Sequence[Operation],
    ) -> None:
        self._session = session
        self._blobs = blobs
        self._container = container
        self._images = images
        self._attributes = BatchAttributes(session, container, operations)

    def store(self) -> None:
        """Store what is still waiting."""
        self._attributes.store()

    def apply(self, operation: Operation) -> list[str]:
        try:
            return self._apply(operation)
        except OperationRefusedError as error:
            return [str(error)]

    def _apply(self, operation: Operation) -> list[str]:
        match operation:
            case AssignValue():
                return self._assign(operation)
            case LogFloats():
                return self._log_floats(operation)
            case LogStrings():
                return self._log_strings(operation)
            case LogImages():
                return self._log_images(operation)
            case ClearSeries():
                return self._clear_series(operation)
            case ConfigureFloatSeries():
                return self._configure(operation)
            case InsertStrings():
                return self._insert_strings(operation)
            case RemoveStrings() | ClearStringSet():
                return self._remove_strings(operation)
            case DeleteFiles():
                return self._delete_files(operation)
            case DeleteAttribute():
                return self._delete(operation)
            case Malformed():
                return [operation.reason]
            case _:
                assert_never(operation)

    def _assign(self, operation: AssignValue) -> list[str]:
        if operation.path == STAGE_PATH:
            require_stage(operation.value)
        if isinstance(operation.value, ArtifactValue):
            self._require_artifact(operation.value)
        attribute = self._attributes.find_or_create(operation.path, operation.type)
        self._session.attributes.set_value(attribute.pk, operation.value)
        return []

    def _log_floats(self, operation: LogFloats) -> list[str]:
        attribute = self._attributes.find_or_create(operation.path, AttributeType.FLOAT_SERIES)

        def find(steps: Sequence[float]) -> dict[float, tuple[int, float]]:
            self._attributes.store(operation.path)
            return self._session.series.find_floats(attribute.pk, steps)

        admission = admit(operation.path, operation.points, attribute.last_step, find)
        if admission.accepted:
            self._attributes.append_floats(attribute, admission.accepted)
        return admission.refused

    def _log_strings(self, operation: LogStrings) -> list[str]:
        attribute = self._attributes.find_or_create(operation.path, AttributeType.STRING_SERIES)
        series = self._session.series
        admission = admit(
            operation.path,
            operation.points,
            attribute.last_step,
            lambda steps: series.find_strings(attribute.pk, steps),
        )
        if admission.accepted:
            series.append_strings(attribute.pk, admission.accepted)
            self._note_last(attribute, admission.accepted)
        return admission.refused

    def _log_images(self, operation: LogImages) -> list[str]:
        attribute = self._attributes.find_or_create(operation.path, AttributeType.IMAGE_SERIES)
        points, empty = without_empty(operation.path, operation.points)
        admission = admit(
            operation.path, points, attribute.last_step, lambda steps: self._session.images.find(attribute.pk, steps)
        )
        if admission.accepted:
            append_images(self._session, self._blobs, attribute.pk, admission.accepted, self._images)
            self._note_last(attribute, admission.accepted)
        return [*empty, *admission.refused]

    def _note_last(self, attribute: Attribute, points: Sequence[StoredPoint[Any]]) -> None:
        """Remember the last point of a series for the operations to come."""
        step, _, value = points[-1]
        match attribute.value:
            case SeriesValue(point_count=count):
                self._attributes.replace(attribute, SeriesValue(value, step, count + len(points)))
            case ImageSeriesValue(point_count=count):
                self._attributes.replace(attribute, ImageSeriesValue(step, count + len(points)))

    def _clear_series(self, operation: ClearSeries) -> list[str]:
        attribute = self._attributes.find_or_create(operation.path, operation.type)
        self._attributes.store(operation.path)
        if operation.type is AttributeType.IMAGE_SERIES:
            self._session.images.clear(attribute.pk)
            self._attributes.replace(attribute, ImageSeriesValue(None, 0))
        else:
            self._session.series.clear(attribute.pk)
            self._attributes.replace(attribute, SeriesValue(None, None, 0))
        return []

    def _configure(self, operation: ConfigureFloatSeries) -> list[str]:
        attribute = self._attributes.find_or_create(operation.path, AttributeType.FLOAT_SERIES)
        self._session.attributes.configure(attribute.pk, operation.minimum, operation.maximum, operation.unit)
        return []

    def _insert_strings(self, operation: InsertStrings) -> list[str]:
        attribute = self._attributes.find_or_create(operation.path, AttributeType.STRING_SET)
        self._session.attributes.insert_strings(attribute.pk, operation.values)
        return []

    def _remove_strings(self, operation: RemoveStrings | ClearStringSet) -> list[str]:
        attribute = self._attributes.find_or_create(operation.path, AttributeType.STRING_SET)
        values = operation.values if isinstance(operation, RemoveStrings) else None
        self._session.attributes.remove_strings(attribute.pk, values)
        return []

    def _delete_files(self, operation: DeleteFiles) -> list[str]:
        attribute = self._attributes.require(operation.path)
        require_type(attribute, AttributeType.FILE_SET)
        self._session.files.remove(attribute.pk, operation.file_paths)
        left = self._session.files.list_entries(attribute.pk)
        self._session.attributes.set_value(attribute.pk, FileSetValue(sum(entry.blob.size_bytes for entry in left)))
        return []

    def _delete(self, operation: DeleteAttribute) -> list[str]:
        require_writable(operation.path, None, self._container.type)
        attribute = self._attributes.require(operation.path)
        self._attributes.store(operation.path)
        self._session.attributes.delete(attribute.pk)
        self._attributes.forget(operation.path)
        return []

    def _require_artifact(self, value: ArtifactValue) -> None:
        """Refuse the hash of an artifact that the project does not have; None clears the attribute."""
        known = value.hash is None or self._session.artifacts.find(self._container.project_id, value.hash)
        if not known:
            raise OperationRefusedError(
                f"Expected the hash of an artifact of project {str(self._container.project)!r}, got {value.hash!r}. "
                f"Track its files in this project first (track_files)."
            )


def _shortened(sentences: Iterable[str]) -> list[str]:
    """Return the first sentences, and how many more there are: they are kept for replays."""
    remaining = (sentence if len(sentence) <= MAX_LENGTH else f"{sentence[:MAX_LENGTH]}..." for sentence in sentences)
    first = list(islice(remaining, MAX_SENTENCES))
    further = sum(1 for _ in remaining)
    return [*first, f"Expected fewer refusals in one batch, got {further} more of them."] if further else first
