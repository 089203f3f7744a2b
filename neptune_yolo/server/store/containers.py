"""Runs, models, model versions and the containers of projects in the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, bindparam, func, or_, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.container import Container, ContainerType, NewContainer
from neptune_yolo.server.domain.ids import ContainerId, SysId
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.store.locks import locked
from neptune_yolo.server.store.models import attributes, containers, file_entries, image_points, projects


class SqlContainerStore:
    """Implements ``ContainerStore``.

    In a writing transaction, what is found is locked: other transactions that find it wait for the end of this one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_by_id(self, container_id: ContainerId) -> Container | None:
        """Return the container of that ID, or None."""
        return self._find(_BY_ID, {"container_id": container_id})

    def find_by_pk(self, pk: int) -> Container | None:
        """Return the container of that row, or None."""
        return self._find(select_containers().where(containers.c.pk == pk))

    def find_by_sys_id(self, project: ProjectName, sys_id: SysId) -> Container | None:
        """Return the container that people call ``sys_id`` in the project, or None."""
        names = {"workspace_name": project.workspace, "project_name": project.name, "called": sys_id}
        return self._find(_BY_SYS_ID, names)

    def find_by_custom_run_id(self, project_id: ContainerId, custom_run_id: str) -> Container | None:
        """Return the run with the client's own identifier, or None."""
        return self._find(
            select_containers().where(
                containers.c.project_id == project_id,
                containers.c.custom_run_id == custom_run_id,
            )
        )

    def list_by_sys_id(self, sys_id: SysId) -> list[Container]:
        """Return what people call ``sys_id`` in any project, newest first."""
        statement = select_containers().where(containers.c.sys_id == sys_id).order_by(containers.c.created_ms.desc())
        return [to_container(row) for row in self._connection.execute(statement).mappings()]

    def list_newest(self, project_id: ContainerId, container_type: ContainerType, limit: int) -> list[Container]:
        """Return up to ``limit`` containers of the project that are not in the trash, newest first."""
        statement = (
            select_containers()
            .where(
                containers.c.project_id == project_id,
                containers.c.type == container_type.value,
                containers.c.trashed.is_(False),
            )
            .order_by(containers.c.created_ms.desc(), containers.c.pk.desc())
            .limit(limit)
        )
        return [to_container(row) for row in self._connection.execute(statement).mappings()]

    def list_lively(
        self, project_id: ContainerId, types: Sequence[ContainerType], since_ms: int, sys_ids: Sequence[SysId]
    ) -> list[Container]:
        """Return those of the project that have changed or given a sign of life since a moment; some, or all."""
        statement = select_containers().where(
            containers.c.project_id == project_id,
            containers.c.type.in_([kind.value for kind in types]),
            or_(containers.c.modified_ms >= since_ms, containers.c.pinged_ms >= since_ms),
        )
        if sys_ids:
            statement = statement.where(containers.c.sys_id.in_(sys_ids))
        return [to_container(row) for row in self._connection.execute(statement).mappings()]

    def create(self, new: NewContainer) -> Container:
        """Store a new container and return it."""
        self._connection.execute(
            insert_into(containers).values(
                id=new.id,
                type=new.type.value,
                sys_id=new.sys_id,
                project_id=new.project_id,
                owner=new.owner,
                trashed=False,
                custom_run_id=new.custom_run_id,
                created_ms=new.created_ms,
                pinged_ms=new.created_ms,
                modified_ms=new.created_ms,
                running_ms=0,
            )
        )
        row = self._connection.execute(select_containers().where(containers.c.id == new.id)).mappings().one()
        return to_container(row)

    def record_ping(self, pk: int, pinged_ms: int, running_ms: int) -> None:
        """Store a sign of life."""
        self._update(pk, pinged_ms=pinged_ms, running_ms=running_ms)

    def record_change(self, pk: int, modified_ms: int) -> None:
        """Store when an attribute changed last."""
        self._connection.execute(_RECORD_CHANGE, {"changed_pk": pk, "modified_ms": modified_ms})

    def record_past(self, container: Container) -> None:
        """Store the moments and the owner that a container has."""
        self._update(
            container.pk,
            owner=container.owner,
            created_ms=container.created_ms,
            pinged_ms=container.pinged_ms,
            modified_ms=container.modified_ms,
            running_ms=container.running_ms,
        )

    def size_bytes(self, pk: int) -> int:
        """Return the sum of the sizes of the container's files and pictures."""
        return self._sum_sizes(file_entries, pk) + self._sum_sizes(image_points, pk)

    def _sum_sizes(self, table: Table, pk: int) -> int:
        statement = (
            select(func.coalesce(func.sum(table.c.size_bytes), 0))
            .join(attributes, attributes.c.pk == table.c.attribute_pk)
            .where(attributes.c.container_pk == pk)
        )
        return int(self._connection.execute(statement).scalar_one())

    def _update(self, pk: int, **values: int | str) -> None:
        self._connection.execute(update(containers).where(containers.c.pk == pk).values(**values))

    def _find(self, statement: Select[Any], parameters: Mapping[str, Any] | None = None) -> Container | None:
        statement = locked(self._connection, statement, containers)
        row = self._connection.execute(statement, parameters).mappings().one_or_none()
        return None if row is None else to_container(row)


def select_containers() -> Select[Any]:
    """Return the beginning of a statement that reads whole containers."""
    return select(containers, projects.c.workspace, projects.c.name).join(
        projects, projects.c.id == containers.c.project_id
    )


_BY_ID = select_containers().where(containers.c.id == bindparam("container_id"))
_BY_SYS_ID = select_containers().where(
    projects.c.workspace == bindparam("workspace_name"),
    projects.c.name == bindparam("project_name"),
    containers.c.sys_id == bindparam("called"),
)
_RECORD_CHANGE = (
    update(containers).where(containers.c.pk == bindparam("changed_pk")).values(modified_ms=bindparam("modified_ms"))
)
"""These are part of each batch of points, or of each chart of many runs: made once, they cost less each time."""


def to_container(row: RowMapping) -> Container:
    """Make a container of its row."""
    return Container(
        pk=row[containers.c.pk],
        id=ContainerId(row[containers.c.id]),
        type=ContainerType(row[containers.c.type]),
        sys_id=SysId(row[containers.c.sys_id]),
        project=ProjectName(row[projects.c.workspace], row[projects.c.name]),
        project_id=ContainerId(row[containers.c.project_id]),
        owner=row[containers.c.owner],
        trashed=row[containers.c.trashed],
        custom_run_id=row[containers.c.custom_run_id],
        created_ms=row[containers.c.created_ms],
        pinged_ms=row[containers.c.pinged_ms],
        modified_ms=row[containers.c.modified_ms],
        running_ms=row[containers.c.running_ms],
    )
