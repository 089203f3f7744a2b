"""Points without a step that come again from another process.

A process that is killed between the server's answer and its own note of it leaves points in its queue that the server
has. Whoever sends the queue later sends them again, in a batch that begins with them and has more behind them. Points
with a step are known by it. Those without one are known by what stands here: the batch is the first that its session
sends to this container, the newest batch before came from another session, and it begins, series by series, with all
points of that batch, timestamp by timestamp and value by value, as they stand at the ends of the series.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.operation import LogFloats, LogImages, LogPoints, LogStrings, Operation
from neptune_yolo.server.store.interfaces import Session

Stored = Mapping[float, tuple[int, object]]


def count_unnumbered(operations: Sequence[Operation]) -> dict[str, int]:
    """Return path -> number of points, for each series all of whose points in these operations have no step."""
    counts: Counter[str] = Counter()
    numbered: set[str] = set()
    for operation in operations:
        if isinstance(operation, LogPoints):
            counts[operation.path] += len(operation.points)
            if any(step is not None for step, _, _ in operation.points):
                numbered.add(operation.path)
    return {path: count for path, count in counts.items() if count and path not in numbered}


def without_repeated(
    session: Session, container: Container, operations: Sequence[Operation], repeated: Mapping[str, int]
) -> Sequence[Operation]:
    """Return the operations without the points with which the batch before ended, if they begin with all of these.

    Args:
        session: The transaction.
        container: Whose series they are.
        operations: A batch.
        repeated: Path -> number of points without a step in the batch before.
    """
    if not repeated or not all(
        _begin_with_end(session, container, _points_of(operations, path), path, count)
        for path, count in repeated.items()
    ):
        return operations
    return list(_without_first(operations, dict(repeated)))


def _points_of(operations: Sequence[Operation], path: str) -> list[LogPoints]:
    return [operation for operation in operations if isinstance(operation, LogPoints) and operation.path == path]


def _begin_with_end(
    session: Session, container: Container, operations: Sequence[LogPoints], path: str, count: int
) -> bool:
    """Whether the first points of operations on one series are the last that it has stored."""
    sent = [point for operation in operations for point in operation.points][:count]
    attribute = session.attributes.find(container.pk, path)
    last_step = None if attribute is None else attribute.last_step
    if attribute is None or last_step is None or len(sent) < count or any(step is not None for step, _, _ in sent):
        return False
    steps = [last_step - behind for behind in range(count - 1, -1, -1)]
    stored = _find(session, attribute.pk, operations[0], steps)
    if isinstance(operations[0], LogImages):  # what is stored of a picture is its digest
        return [moment for _, moment, _ in sent] == [stored[step][0] for step in steps if step in stored]
    return [(moment, value) for _, moment, value in sent] == [stored[step] for step in steps if step in stored]


def _find(session: Session, pk: int, operation: LogPoints, steps: Sequence[float]) -> Stored:
    match operation:
        case LogFloats():
            return session.series.find_floats(pk, steps)
        case LogStrings():
            return session.series.find_strings(pk, steps)
        case LogImages():
            return session.images.find(pk, steps)


def _without_first(operations: Sequence[Operation], left: dict[str, int]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, LogPoints) and left.get(operation.path):
            skipped = min(left[operation.path], len(operation.points))
            left[operation.path] -= skipped
            if skipped < len(operation.points):
                yield _from(operation, skipped)
        else:
            yield operation


def _from(operation: LogPoints, first: int) -> Operation:
    match operation:
        case LogFloats():
            return replace(operation, points=operation.points[first:])
        case LogStrings():
            return replace(operation, points=operation.points[first:])
        case LogImages():
            return replace(operation, points=operation.points[first:])
