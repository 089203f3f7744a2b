"""Projects in the database."""

from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.project import Project, ProjectName
from neptune_yolo.server.store.models import projects


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

    def create(self, project: Project) -> None:
        """Store a new project."""
        self._connection.execute(
            insert_into(projects).values(
                id=project.id,
                workspace=project.name.workspace,
                name=project.name.name,
                key=project.key,
                visibility=project.visibility,
                created_ms=project.created_ms,
            )
        )

    def next_run_number(self, project_id: ContainerId) -> int:
        """Count a new run of the project and return its number, from 1. No number is given twice."""
        statement = (
            update(projects)
            .where(projects.c.id == project_id)
            .values(run_count=projects.c.run_count + 1)
            .returning(projects.c.run_count)
        )
        return int(self._connection.execute(statement).scalar_one())

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
    )
