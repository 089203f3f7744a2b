"""How much is stored, asked of the database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select, text, union

from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.usage import ProjectUsage, Usage
from neptune_yolo.server.store.models import attributes, containers, file_entries, image_points, projects

_project = containers.c.project_id


class SqlUsageStore:
    """Implements ``UsageStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self) -> Usage:
        """Return how much is stored. Every attribute is looked at: it may take seconds for millions of them."""
        runs = self._counts(_containers(ContainerType.RUN))
        models = self._counts(_containers(ContainerType.MODEL, ContainerType.MODEL_VERSION))
        values = self._counts(
            select(_project, func.count(), func.sum(attributes.c.point_count))
            .select_from(attributes.join(containers))
            .group_by(_project)
        )
        files = [self._counts(_files(table)) for table in (file_entries, image_points)]
        found = self._connection.execute(
            select(projects.c.id, projects.c.workspace, projects.c.name).order_by(projects.c.workspace, projects.c.name)
        ).all()
        stored_files, stored_bytes = self._stored()
        return Usage(
            projects=tuple(
                ProjectUsage(
                    name=ProjectName(workspace, name),
                    runs=_first(runs, project_id),
                    models=_first(models, project_id),
                    attributes=_first(values, project_id),
                    points=_second(values, project_id),
                    files=sum(_first(counts, project_id) for counts in files),
                    file_bytes=sum(_second(counts, project_id) for counts in files),
                )
                for project_id, workspace, name in found
            ),
            stored_files=stored_files,
            stored_bytes=stored_bytes,
            database_bytes=self._database_bytes(),
        )

    def _counts(self, statement: Select[Any]) -> Mapping[str, tuple[int, int]]:
        rows = self._connection.execute(statement)
        return {row[0]: (int(row[1]), int(row[2] or 0)) for row in rows}

    def _stored(self) -> tuple[int, int]:
        """Return number and bytes of the different blobs."""
        blobs = union(
            *(select(table.c.sha256, table.c.size_bytes) for table in (file_entries, image_points))
        ).subquery()
        row = self._connection.execute(select(func.count(), func.sum(blobs.c.size_bytes)).select_from(blobs)).one()
        return int(row[0]), int(row[1] or 0)

    def _database_bytes(self) -> int:
        if self._connection.dialect.name == "sqlite":
            statement = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        else:
            statement = "SELECT pg_database_size(current_database())"
        return int(self._connection.execute(text(statement)).scalar_one())


def _containers(*types: ContainerType) -> Select[Any]:
    names = [container_type.value for container_type in types]
    return select(_project, func.count(), func.count()).where(containers.c.type.in_(names)).group_by(_project)


def _files(table: Any) -> Select[Any]:
    return (
        select(_project, func.count(), func.sum(table.c.size_bytes))
        .select_from(table.join(attributes).join(containers))
        .group_by(_project)
    )


def _first(counts: Mapping[str, tuple[int, int]], project_id: str) -> int:
    return counts.get(project_id, (0, 0))[0]


def _second(counts: Mapping[str, tuple[int, int]], project_id: str) -> int:
    return counts.get(project_id, (0, 0))[1]
