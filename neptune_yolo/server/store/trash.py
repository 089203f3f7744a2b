"""The trash, and what leaves it for ever, in the database."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.ids import ContainerId, UploadId
from neptune_yolo.server.store.containers import select_containers, to_container
from neptune_yolo.server.store.models import (
    attributes,
    containers,
    file_entries,
    image_points,
    model_versions,
    models,
    uploads,
)
from neptune_yolo.server.store.references import release

CHUNK_SIZE = 500
"""Containers named in one statement; SQLite limits the number of parameters."""


class SqlTrashStore:
    """Implements ``TrashStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, pk: int) -> Container | None:
        """Return a container as it is, and keep others from changing it until the end of the transaction."""
        for table, column in ((containers, containers.c.pk), (models, models.c.container_pk)):
            self._connection.execute(select(column).where(column == pk).with_for_update(of=table)).all()
        row = self._connection.execute(select_containers().where(containers.c.pk == pk)).mappings().one_or_none()
        return None if row is None else to_container(row)

    def list_trashed(self, project_id: ContainerId) -> list[Container]:
        """Return what lies in a project's trash, oldest first."""
        statement = (
            select_containers()
            .where(containers.c.project_id == project_id, containers.c.trashed.is_(True))
            .order_by(containers.c.pk)
        )
        return [to_container(row) for row in self._connection.execute(statement).mappings()]

    def list_pks(self, project_id: ContainerId) -> list[int]:
        """Return the row numbers of all that a project has, the container of the project itself included."""
        return list(self._connection.scalars(select(containers.c.pk).where(containers.c.project_id == project_id)))

    def model_of(self, version_pk: int) -> int | None:
        """Return the row number of a version's model; None for what is no version."""
        statement = select(model_versions.c.model_pk).where(model_versions.c.container_pk == version_pk)
        return self._connection.scalars(statement).one_or_none()

    def set_trashed(self, pks: Sequence[int], *, trashed: bool) -> None:
        """Put containers into the trash, or take them out."""
        for start in range(0, len(pks), CHUNK_SIZE):
            chunk = pks[start : start + CHUNK_SIZE]
            self._connection.execute(update(containers).where(containers.c.pk.in_(chunk)).values(trashed=trashed))

    def delete(self, pks: Sequence[int]) -> list[UploadId]:
        """Remove containers with all they hold, and release their blobs.

        Returns:
            Uploads that were under way; their parts can be dropped once the transaction is committed.
        """
        under_way: list[UploadId] = []
        for start in range(0, len(pks), CHUNK_SIZE):
            under_way += self._delete(pks[start : start + CHUNK_SIZE])
        return under_way

    def _delete(self, pks: Sequence[int]) -> list[UploadId]:
        under_way = self._connection.scalars(select(uploads.c.id).where(uploads.c.container_pk.in_(pks))).all()
        held = select(attributes.c.pk).where(attributes.c.container_pk.in_(pks))
        for table in (file_entries, image_points):
            release(self._connection, table, table.c.attribute_pk.in_(held))
        self._connection.execute(delete(containers).where(containers.c.pk.in_(pks)))
        return [UploadId(upload_id) for upload_id in under_way]
