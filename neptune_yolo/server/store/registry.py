"""Models and their versions in the database; as containers, they are kept by the container store."""

from sqlalchemy import Connection, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.store.models import model_versions, models


class SqlRegistryStore:
    """Implements ``RegistryStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_model(self, container_pk: int) -> None:
        """Make a new container a model without versions."""
        self._connection.execute(insert_into(models).values(container_pk=container_pk, version_count=0))

    def next_version_number(self, model_pk: int) -> int:
        """Count a new version of a model and return its number, from 1. No number is given twice."""
        statement = (
            update(models)
            .where(models.c.container_pk == model_pk)
            .values(version_count=models.c.version_count + 1)
            .returning(models.c.version_count)
        )
        return int(self._connection.execute(statement).scalar_one())

    def raise_version_number(self, model_pk: int, number: int) -> None:
        """Give no later version of the model this number or a smaller one."""
        statement = update(models).where(models.c.container_pk == model_pk, models.c.version_count < number)
        self._connection.execute(statement.values(version_count=number))

    def add_version(self, container_pk: int, model_pk: int) -> None:
        """Make a new container a version of a model."""
        self._connection.execute(insert_into(model_versions).values(container_pk=container_pk, model_pk=model_pk))

    def list_versions(self, model_pk: int) -> list[int]:
        """Return the row numbers of a model's versions, oldest first."""
        statement = (
            select(model_versions.c.container_pk)
            .where(model_versions.c.model_pk == model_pk)
            .order_by(model_versions.c.container_pk)
        )
        return list(self._connection.scalars(statement))
