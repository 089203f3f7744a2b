"""Artifacts in the database."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, Select, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.artifacts import Artifact, ArtifactFile
from neptune_yolo.server.domain.ids import ArtifactHash, ContainerId
from neptune_yolo.server.store.locks import locked
from neptune_yolo.server.store.models import artifact_files, artifacts
from neptune_yolo.server.store.upsert import insert_or_ignore

_files = artifact_files.c


class SqlArtifactStore:
    """Implements ``ArtifactStore``.

    In a writing transaction, an artifact that is found is locked, so that its files are described once.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, project_id: ContainerId, artifact_hash: ArtifactHash) -> Artifact | None:
        """Return the project's artifact of that hash, or None."""
        row = self._connection.execute(self._select(project_id, artifact_hash)).mappings().one_or_none()
        return None if row is None else _to_artifact(row)

    def _select(self, project_id: ContainerId, artifact_hash: ArtifactHash) -> Select[Any]:
        statement = select(artifacts).where(artifacts.c.project_id == project_id, artifacts.c.hash == artifact_hash)
        return locked(self._connection, statement, artifacts)

    def create(self, project_id: ContainerId, artifact_hash: ArtifactHash, size_bytes: int | None) -> Artifact:
        """Store a new artifact whose files are not described yet, unless there is one of that hash; return it."""
        values = {"project_id": project_id, "hash": artifact_hash, "size_bytes": size_bytes, "is_complete": False}
        insert_or_ignore(self._connection, artifacts, **values)
        return _to_artifact(self._connection.execute(self._select(project_id, artifact_hash)).mappings().one())

    def describe(self, pk: int, files: Sequence[ArtifactFile]) -> None:
        """Store the files of an artifact that has none, and make it complete."""
        rows = [
            {
                "artifact_pk": pk,
                "position": position,
                "path": file.path,
                "hash": file.hash,
                "type": file.type,
                "size_bytes": file.size_bytes,
                "metadata": orjson.dumps(file.metadata).decode(),
            }
            for position, file in enumerate(files)
        ]
        if rows:
            self._connection.execute(insert_into(artifact_files), rows)
        self._connection.execute(update(artifacts).where(artifacts.c.pk == pk).values(is_complete=True))

    def list_files(self, pk: int) -> list[ArtifactFile]:
        """Return the files of an artifact, in the order stored."""
        statement = select(artifact_files).where(_files.artifact_pk == pk).order_by(_files.position)
        return [_to_file(row) for row in self._connection.execute(statement).mappings()]


def _to_artifact(row: RowMapping) -> Artifact:
    return Artifact(
        pk=row[artifacts.c.pk],
        hash=ArtifactHash(row[artifacts.c.hash]),
        size_bytes=row[artifacts.c.size_bytes],
        is_complete=row[artifacts.c.is_complete],
    )


def _to_file(row: RowMapping) -> ArtifactFile:
    return ArtifactFile(
        path=row[_files.path],
        hash=row[_files.hash],
        type=row[_files.type],
        size_bytes=row[_files.size_bytes],
        metadata=tuple((str(key), str(value)) for key, value in orjson.loads(row[_files.metadata])),
    )
