"""Artifacts of projects: files that are tracked where they lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.artifacts import Artifact, ArtifactFile, artifact_hash, merge_files, total_size
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.ids import ArtifactHash, ContainerId
from neptune_yolo.server.exceptions import InvalidRequestError, NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.store.interfaces import Session, Store


@dataclass(frozen=True)
class ArtifactService:
    """Artifacts and the description of their files. Each is one value: the same files have the same hash.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
    """

    access: Access
    store: Store

    def create(self, project_id: str, hash_text: str, size_bytes: int | None) -> Artifact:
        """Return the project's artifact of that hash; a new one is created, and its files are to be described.

        Args:
            project_id: UUID text of the project.
            hash_text: Hash that the client has computed of the files.
            size_bytes: Sum over the files; None if it is not known.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.write() as session:
            project = self.access.project(session, project_id, Role.CONTRIBUTOR)
            return _find_or_create(session, project.id, ArtifactHash(hash_text), size_bytes)

    def describe(self, project_id: str, hash_text: str, files: Sequence[ArtifactFile]) -> Artifact:
        """Take in the files of an artifact; once more changes nothing.

        Raises:
            NotFoundError: If the project has no such artifact.
            InvalidRequestError: If the files have another hash.
        """
        computed = artifact_hash(files)
        if computed != hash_text:
            raise InvalidRequestError(
                f"Expected the files of artifact {hash_text!r}, got files whose hash is {computed!r}. "
                f"Track them again; the hash leaves out metadata."
            )
        with self.store.write() as session:
            self.access.project(session, project_id, Role.CONTRIBUTOR)
            artifact = _require(session, project_id, hash_text)
            if not artifact.is_complete:
                session.artifacts.describe(artifact.pk, files)
            return _require(session, project_id, hash_text)

    def add_files(self, project_id: str, hash_text: str, files: Sequence[ArtifactFile]) -> Artifact:
        """Return the artifact that another one becomes with more files; the other one stays as it is.

        Raises:
            NotFoundError: If the project has no such artifact.
        """
        with self.store.write() as session:
            self.access.project(session, project_id, Role.CONTRIBUTOR)
            current = _require(session, project_id, hash_text)
            merged = merge_files(session.artifacts.list_files(current.pk), files)
            project, new_hash = ContainerId(project_id), artifact_hash(merged)
            artifact = _find_or_create(session, project, new_hash, total_size(merged))
            if not artifact.is_complete:
                session.artifacts.describe(artifact.pk, merged)
            return _require(session, project_id, new_hash)

    def list_files(self, project_id: str, hash_text: str) -> list[ArtifactFile]:
        """Return the files of an artifact.

        Raises:
            NotFoundError: If the project has no such artifact.
        """
        with self.store.read() as session:
            self.access.project(session, project_id, Role.VIEWER)
            return session.artifacts.list_files(_require(session, project_id, hash_text).pk)


def _find_or_create(
    session: Session, project_id: ContainerId, artifact: ArtifactHash, size_bytes: int | None
) -> Artifact:
    return session.artifacts.find(project_id, artifact) or session.artifacts.create(project_id, artifact, size_bytes)


def _require(session: Session, project_id: str, hash_text: str) -> Artifact:
    artifact = session.artifacts.find(ContainerId(project_id), ArtifactHash(hash_text))
    if artifact is None:
        raise NotFoundError("artifact", hash_text)
    return artifact
