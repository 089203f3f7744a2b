"""Read attributes, those that the server computes included."""

from collections.abc import Iterator
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import (
    SERIES_TYPES,
    STAGE_PATH,
    Attribute,
    AttributeType,
    AttributeValue,
    Datetime,
    StringSetValue,
)
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType, ModelStage, running_ms
from neptune_yolo.server.domain.models import model_of_version
from neptune_yolo.server.domain.series import StoredPoint
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Session, Store

DEFAULT_NAME = "Untitled"
"""Name of a run or model that nobody has named, as the client itself gives it."""

_Typed = tuple[AttributeType, AttributeValue]


@dataclass(frozen=True)
class SeriesPage:
    """A piece of a series.

    Attributes:
        total: Number of points in the whole series.
        points: Step, timestamp in ms, value; by step.
        offset: Position of the first of them in the series.
    """

    total: int
    points: list[StoredPoint[float]] | list[StoredPoint[str]]
    offset: int = 0


@dataclass(frozen=True)
class AttributeService:
    """Attributes and their values.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        clock: Gives the present moment.
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    access: Access
    store: Store
    clock: Clock
    idle_after_ms: int

    def list_all(self, container_id: str) -> list[Attribute]:
        """Return all attributes of a container, by path.

        Raises:
            NotFoundError: If there is no such container.
        """
        with self.store.read() as session:
            container = self.access.container(session, container_id, Role.VIEWER)
            stored = {attribute.path: attribute for attribute in session.attributes.list_all(container.pk)}
            attributes = {**self._system(session, container), **stored}
        return [attributes[path] for path in sorted(attributes)]

    def get(self, container_id: str, path: str, attribute_type: AttributeType) -> Attribute:
        """Return one attribute.

        Raises:
            NotFoundError: If there is no such container, or no attribute of that path and type.
        """
        with self.store.read() as session:
            container = self.access.container(session, container_id, Role.VIEWER)
            attribute = session.attributes.find(container.pk, path)
            if attribute is None and path.startswith("sys/"):
                attribute = self._system(session, container).get(path)
        if attribute is None or attribute.type is not attribute_type:
            raise NotFoundError(f"attribute of type {attribute_type}", path)
        return attribute

    def find(self, container_id: str, path: str) -> Attribute:
        """Return one attribute of whatever type.

        Raises:
            NotFoundError: If there is no such container or attribute.
        """
        with self.store.read() as session:
            container = self.access.container(session, container_id, Role.VIEWER)
            attribute = session.attributes.find(container.pk, path)
            if attribute is None and path.startswith("sys/"):
                attribute = self._system(session, container).get(path)
        if attribute is None:
            raise NotFoundError("attribute", path)
        return attribute

    def page(self, container_id: str, path: str, series_type: AttributeType, offset: int, limit: int) -> SeriesPage:
        """Return points of a float or string series from position ``offset`` on; a negative one counts from the end.

        Raises:
            NotFoundError: If there is no such container, or no series of that path and type.
        """
        with self.store.read() as session:
            container = self.access.container(session, container_id, Role.VIEWER)
            attribute = session.attributes.find(container.pk, path)
            if attribute is None or attribute.type is not series_type or series_type not in SERIES_TYPES:
                raise NotFoundError(f"attribute of type {series_type}", path)
            is_float = series_type is AttributeType.FLOAT_SERIES
            read = session.series.page_floats if is_float else session.series.page_strings
            total = getattr(attribute.value, "point_count", 0)
            start = offset if offset >= 0 else max(0, total + offset)
            return SeriesPage(total, read(attribute.pk, start, limit), start)

    def _system(self, session: Session, container: Container) -> dict[str, Attribute]:
        size_bytes = session.containers.size_bytes(container.pk)
        project = session.projects.find_by_id(container.project_id)
        visibility = "" if project is None else project.visibility
        values = dict(system_values(container, visibility, self.clock(), self.idle_after_ms, size_bytes))
        return {path: Attribute(0, path, kind, value) for path, (kind, value) in values.items()}


def system_values(
    container: Container, visibility: str, now_ms: int, idle_after_ms: int, size_bytes: int
) -> Iterator[tuple[str, _Typed]]:
    """Yield the attributes below ``sys`` that follow from the container itself.

    Args:
        container: Whose.
        visibility: Of its project: ``priv``, ``pub`` or ``workspace``.
        now_ms: Milliseconds since 1970 (UTC).
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
        size_bytes: Of its files and pictures.
    """
    running_seconds = running_ms(container, idle_after_ms) / 1000
    yield "sys/id", (AttributeType.STRING, container.sys_id)
    yield "sys/creation_time", (AttributeType.DATETIME, Datetime(container.created_ms))
    yield "sys/modification_time", (AttributeType.DATETIME, Datetime(container.modified_ms))
    yield "sys/ping_time", (AttributeType.DATETIME, Datetime(container.pinged_ms))
    yield "sys/state", (AttributeType.STATE, container.state(now_ms, idle_after_ms).value)
    yield "sys/size", (AttributeType.FLOAT, float(size_bytes))
    yield "sys/running_time", (AttributeType.FLOAT, running_seconds)
    yield "sys/monitoring_time", (AttributeType.INT, int(running_seconds))
    yield "sys/tags", (AttributeType.STRING_SET, StringSetValue(()))
    yield "sys/group_tags", (AttributeType.STRING_SET, StringSetValue(()))
    if container.type is ContainerType.PROJECT:
        yield "sys/name", (AttributeType.STRING, container.project.name)
        yield "sys/visibility", (AttributeType.STRING, visibility)
        return
    yield "sys/name", (AttributeType.STRING, DEFAULT_NAME)
    yield "sys/owner", (AttributeType.STRING, container.owner)
    yield "sys/trashed", (AttributeType.BOOL, container.trashed)
    if container.type is ContainerType.RUN:
        yield "sys/failed", (AttributeType.BOOL, False)
    if container.type is ContainerType.MODEL_VERSION:
        yield STAGE_PATH, (AttributeType.STRING, ModelStage.NONE.value)
        yield "sys/model_id", (AttributeType.STRING, model_of_version(container.sys_id))
    if container.custom_run_id:
        yield "sys/custom_run_id", (AttributeType.STRING, container.custom_run_id)
