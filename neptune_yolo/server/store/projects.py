"""Projects in the database."""

from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, and_, case, delete, func, select, update

from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.project import Project, ProjectActivity, ProjectName
from neptune_yolo.server.store.locks import locked
from neptune_yolo.server.store.models import attributes, containers, file_entries, image_points, projects
from neptune_yolo.server.store.upsert import insert_or_ignore


class SqlProjectStore:
    """Implements ``ProjectStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_by_name(self, name: ProjectName) -> Project | None:
        """Return the project of that name, or None."""
        return self._find(select(projects).where(projects.c.workspace == name.workspace, projects.c.name == name.name))

    def find_by_id(self, project_id: ContainerId) -> Project | None:
        """Return the project of that ID, or None."""
        return self._find(select(projects).where(projects.c.id == project_id))

    def list_all(self) -> list[Project]:
        """Return all projects, by workspace and name."""
        rows = self._connection.execute(select(projects).order_by(projects.c.workspace, projects.c.name))
        return [_to_project(row) for row in rows.mappings()]

    def list_workspaces(self) -> list[str]:
        """Return the names of the workspaces that have a project, sorted."""
        statement = select(projects.c.workspace).distinct().order_by(projects.c.workspace)
        return list(self._connection.scalars(statement))

    def keys(self, workspace: str) -> frozenset[str]:
        """Return the keys that the workspace's projects use."""
        return frozenset(self._connection.scalars(select(projects.c.key).where(projects.c.workspace == workspace)))

    def create(self, project: Project) -> bool:
        """Store a new project; False if its name or its key is taken in its workspace."""
        return insert_or_ignore(
            self._connection,
            projects,
            id=project.id,
            workspace=project.name.workspace,
            name=project.name.name,
            key=project.key,
            visibility=project.visibility,
            created_ms=project.created_ms,
            description=project.description,
        )

    def change(self, project_id: ContainerId, *, visibility: str, description: str | None) -> None:
        """Store who may see a project without being a member, and its description."""
        statement = update(projects).where(projects.c.id == project_id)
        self._connection.execute(statement.values(visibility=visibility, description=description))

    def activity(
        self, alive_since_ms: int, project_id: ContainerId | None = None
    ) -> dict[ContainerId, ProjectActivity]:
        """Return what goes on in each project, or in one."""
        is_run = and_(containers.c.type == ContainerType.RUN.value, containers.c.trashed.is_(False))
        is_alive = and_(is_run, containers.c.pinged_ms > alive_since_ms)
        statement = select(
            containers.c.project_id,
            func.count(case((is_run, 1))).label("runs"),
            func.count(case((is_alive, 1))).label("running"),
            func.max(containers.c.modified_ms).label("modified_ms"),
        ).group_by(containers.c.project_id)
        if project_id is not None:
            statement = statement.where(containers.c.project_id == project_id)
        return {
            ContainerId(row.project_id): ProjectActivity(row.runs, row.running, row.modified_ms)
            for row in self._connection.execute(statement)
        }

    def delete(self, project_id: ContainerId) -> None:
        """Remove a project that has no containers any more."""
        self._connection.execute(delete(projects).where(projects.c.id == project_id))

    def size_bytes(self, workspace: str) -> int:
        """Return the sum of the sizes of all files and pictures in a workspace, in bytes."""
        return sum(self._sum_sizes(table, workspace) for table in (file_entries, image_points))

    def _sum_sizes(self, table: Table, workspace: str) -> int:
        statement = (
            select(func.coalesce(func.sum(table.c.size_bytes), 0))
            .join(attributes, attributes.c.pk == table.c.attribute_pk)
            .join(containers, containers.c.pk == attributes.c.container_pk)
            .join(projects, projects.c.id == containers.c.project_id)
            .where(projects.c.workspace == workspace)
        )
        return int(self._connection.execute(statement).scalar_one())

    def lock(self, project_id: ContainerId) -> None:
        """Wait for others that create what has to be new in the project, and keep others from it."""
        found = select(projects.c.id).where(projects.c.id == project_id)
        self._connection.execute(locked(self._connection, found, projects)).all()

    def next_run_number(self, project_id: ContainerId) -> int:
        """Count a new run of the project and return its number, from 1. No number is given twice."""
        statement = (
            update(projects)
            .where(projects.c.id == project_id)
            .values(run_count=projects.c.run_count + 1)
            .returning(projects.c.run_count)
        )
        return int(self._connection.execute(statement).scalar_one())

    def raise_run_number(self, project_id: ContainerId, number: int) -> None:
        """Give no later run of the project this number or a smaller one."""
        statement = update(projects).where(projects.c.id == project_id, projects.c.run_count < number)
        self._connection.execute(statement.values(run_count=number))

    def _find(self, statement: Select[Any]) -> Project | None:
        row = self._connection.execute(statement).mappings().one_or_none()
        return None if row is None else _to_project(row)


def _to_project(row: RowMapping) -> Project:
    return Project(
        id=ContainerId(row[projects.c.id]),
        name=ProjectName(row[projects.c.workspace], row[projects.c.name]),
        key=row[projects.c.key],
        visibility=row[projects.c.visibility],
        created_ms=row[projects.c.created_ms],
        description=row[projects.c.description],
    )
