"""Apply batches of operations, each batch in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from neptune_yolo.server.domain.attribute import (
    Attribute,
    AttributeType,
    SeriesValue,
    require_type,
    require_writable,
)
from neptune_yolo.server.domain.operation import (
    AssignValue,
    ClearSeries,
    ClearStringSet,
    ConfigureFloatSeries,
    DeleteAttribute,
    DeleteFiles,
    InsertStrings,
    LogFloats,
    LogStrings,
    Malformed,
    Operation,
    RemoveStrings,
)
from neptune_yolo.server.domain.series import admit
from neptune_yolo.server.exceptions import OperationRefusedError
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.services.runs import find_container
from neptune_yolo.server.store.interfaces import Session, Store


@dataclass(frozen=True)
class OperationService:
    """Changes of attributes.

    Attributes:
        store: Gives transactions.
        clock: Gives the present moment.
    """

    store: Store
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
        with self.store.write() as session:
            container = find_container(session, container_id)
            repeatable = not any(isinstance(operation, LogFloats | LogStrings) for operation in operations)
            known = None if repeatable else session.replays.find(container.pk, digest)
            if known is not None:
                return known
            batch = _Batch(session, container.pk)
            errors = [sentence for operation in operations for sentence in batch.apply(operation)]
            now_ms = self.clock()
            if not repeatable:
                session.replays.remember(container.pk, digest, errors, now_ms)
            session.containers.record_change(container.pk, now_ms)
            return errors


class _Batch:
    """Applies operations to one container within one transaction."""

    def __init__(self, session: Session, container_pk: int) -> None:
        self._session = session
        self._container_pk = container_pk

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
        attribute = self._find_or_create(operation.path, operation.type)
        self._session.attributes.set_value(attribute.pk, operation.value)
        return []

    def _log_floats(self, operation: LogFloats) -> list[str]:
        series = self._session.series
        return self._log(operation, AttributeType.FLOAT_SERIES, series.find_floats, series.append_floats)

    def _log_strings(self, operation: LogStrings) -> list[str]:
        series = self._session.series
        return self._log(operation, AttributeType.STRING_SERIES, series.find_strings, series.append_strings)

    def _log(
        self,
        operation: LogFloats | LogStrings,
        series_type: AttributeType,
        find: Callable[[int, Sequence[float]], dict[float, tuple[int, Any]]],
        append: Callable[[int, Sequence[tuple[float, int, Any]]], None],
    ) -> list[str]:
        attribute = self._find_or_create(operation.path, series_type)
        last_step = attribute.value.last_step if isinstance(attribute.value, SeriesValue) else None
        admission = admit(operation.path, operation.points, last_step, lambda steps: find(attribute.pk, steps))
        if admission.accepted:
            append(attribute.pk, admission.accepted)
        return admission.refused

    def _clear_series(self, operation: ClearSeries) -> list[str]:
        attribute = self._find_or_create(operation.path, operation.type)
        self._session.series.clear(attribute.pk)
        return []

    def _configure(self, operation: ConfigureFloatSeries) -> list[str]:
        attribute = self._find_or_create(operation.path, AttributeType.FLOAT_SERIES)
        self._session.attributes.configure(attribute.pk, operation.minimum, operation.maximum, operation.unit)
        return []

    def _insert_strings(self, operation: InsertStrings) -> list[str]:
        attribute = self._find_or_create(operation.path, AttributeType.STRING_SET)
        self._session.attributes.insert_strings(attribute.pk, operation.values)
        return []

    def _remove_strings(self, operation: RemoveStrings | ClearStringSet) -> list[str]:
        attribute = self._find_or_create(operation.path, AttributeType.STRING_SET)
        values = operation.values if isinstance(operation, RemoveStrings) else None
        self._session.attributes.remove_strings(attribute.pk, values)
        return []

    def _delete_files(self, operation: DeleteFiles) -> list[str]:
        attribute = self._require(operation.path)
        require_type(attribute, AttributeType.FILE_SET)
        self._session.files.remove(attribute.pk, operation.file_paths)
        return []

    def _delete(self, operation: DeleteAttribute) -> list[str]:
        require_writable(operation.path, None)
        self._session.attributes.delete(self._require(operation.path).pk)
        return []

    def _find_or_create(self, path: str, attribute_type: AttributeType) -> Attribute:
        require_writable(path, attribute_type)
        attribute = self._session.attributes.find(self._container_pk, path)
        if attribute is None:
            return self._session.attributes.create(self._container_pk, path, attribute_type)
        require_type(attribute, attribute_type)
        return attribute

    def _require(self, path: str) -> Attribute:
        attribute = self._session.attributes.find(self._container_pk, path)
        if attribute is None:
            raise OperationRefusedError(f"Expected an existing attribute, got {path!r}. There is nothing to delete.")
        return attribute
