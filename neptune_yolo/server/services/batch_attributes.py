"""The attributes that one batch of operations is about."""

from collections.abc import Iterable, Sequence

from neptune_yolo.server.domain.appended import FloatsAppended
from neptune_yolo.server.domain.attribute import (
    STAGE_PATH,
    ArtifactValue,
    Attribute,
    AttributeType,
    ImageSeriesValue,
    SeriesValue,
    is_possible_path,
    require_type,
    require_writable,
)
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.operation import AssignValue, LogFloats, LogStrings, Malformed, Operation
from neptune_yolo.server.domain.series import StoredPoint
from neptune_yolo.server.exceptions import OperationRefusedError
from neptune_yolo.server.store.interfaces import Session


class BatchAttributes:
    """Attributes of a container, read at once, as the operations of a batch change them one after the other.

    Points of float series are gathered, and stored by ``store``, or before something else is done with their series.
    The values of atoms and string sets are those from before the batch.

    Args:
        session: The transaction.
        container: Its attributes are meant.
        operations: The batch.
    """

    def __init__(self, session: Session, container: Container, operations: Sequence[Operation]) -> None:
        self._session = session
        self._container = container
        self._appended: dict[str, FloatsAppended] = {}
        paths = {operation.path for operation in operations if is_possible_path(operation.path)}
        self._known = session.attributes.find_many(container.pk, paths)
        self._known.update(session.attributes.create_many(container.pk, dict(self._first_types(operations))))

    def find_or_create(self, path: str, attribute_type: AttributeType) -> Attribute:
        """Return an attribute of a type.

        Raises:
            OperationRefusedError: If it has another type, or nobody may write it.
        """
        require_writable(path, attribute_type, self._container.type)
        attribute = self._known.get(path)
        if attribute is None:
            attribute = self._known[path] = self._session.attributes.create(self._container.pk, path, attribute_type)
        require_type(attribute, attribute_type)
        return attribute

    def require(self, path: str) -> Attribute:
        """Return an attribute.

        Raises:
            OperationRefusedError: If there is none.
        """
        attribute = self._known.get(path)
        if attribute is None:
            raise OperationRefusedError(f"Expected an existing attribute, got {path!r}. There is nothing to delete.")
        return attribute

    def append_floats(self, attribute: Attribute, points: Sequence[StoredPoint[float]]) -> None:
        """Gather points of a float series; steps increase and are above the last."""
        before = attribute.value if isinstance(attribute.value, SeriesValue) else SeriesValue(None, None, 0)
        after = before.extended(points)
        waiting = self._appended.get(attribute.path)
        gathered = points if waiting is None else [*waiting.points, *points]
        self._appended[attribute.path] = FloatsAppended(attribute.pk, gathered, after)
        self.replace(attribute, after)

    def replace(self, attribute: Attribute, value: SeriesValue | ImageSeriesValue) -> None:
        """Remember what a series looks like now."""
        self._known[attribute.path] = Attribute(attribute.pk, attribute.path, attribute.type, value)

    def forget(self, path: str) -> None:
        """Remember that an attribute has been deleted."""
        self._known.pop(path, None)

    def store(self, path: str | None = None) -> None:
        """Store the points that have been gathered, of one series or of all."""
        if path is None or path in self._appended:
            self._session.series.append_floats(list(self._appended.values()))
            self._appended.clear()

    def _first_types(self, operations: Sequence[Operation]) -> Iterable[tuple[str, AttributeType]]:
        """Yield path and type of the attributes that the batch creates without doubt."""
        seen: set[str] = set()
        for operation in operations:
            path = operation.path
            if isinstance(operation, Malformed) or path in seen or path in self._known:
                continue
            seen.add(path)
            created = _created_type(operation)
            if created is not None and self._is_writable(path, created):
                yield path, created

    def _is_writable(self, path: str, attribute_type: AttributeType) -> bool:
        try:
            require_writable(path, attribute_type, self._container.type)
        except OperationRefusedError:
            return False
        return True


def _created_type(operation: Operation) -> AttributeType | None:
    """Return the type that an operation gives to a new attribute; None if it may be refused, or is a rare one."""
    match operation:
        case LogFloats():
            return AttributeType.FLOAT_SERIES
        case LogStrings():
            return AttributeType.STRING_SERIES
        case AssignValue() if operation.path != STAGE_PATH and not isinstance(operation.value, ArtifactValue):
            return operation.type
        case _:
            return None
