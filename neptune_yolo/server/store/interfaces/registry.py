"""What services ask of the storage about models and artifacts."""

from collections.abc import Sequence
from typing import Protocol

from neptune_yolo.server.domain.artifacts import Artifact, ArtifactFile
from neptune_yolo.server.domain.ids import ArtifactHash, ContainerId


class RegistryStore(Protocol):
    """Models and their versions, beside their containers."""

    def add_model(self, container_pk: int) -> None:
        """Make a new container a model without versions."""

    def next_version_number(self, model_pk: int) -> int:
        """Count a new version of a model and return its number, from 1. No number is given twice."""

    def raise_version_number(self, model_pk: int, number: int) -> None:
        """Give no later version of the model this number or a smaller one."""

    def add_version(self, container_pk: int, model_pk: int) -> None:
        """Make a new container a version of a model."""

    def list_versions(self, model_pk: int) -> list[int]:
        """Return the row numbers of a model's versions, oldest first."""


class ArtifactStore(Protocol):
    """Artifacts of projects and the description of their files."""

    def find(self, project_id: ContainerId, artifact_hash: ArtifactHash) -> Artifact | None:
        """Return the project's artifact of that hash, or None."""

    def create(self, project_id: ContainerId, artifact_hash: ArtifactHash, size_bytes: int | None) -> Artifact:
        """Store a new artifact whose files are not described yet, unless there is one of that hash; return it."""

    def describe(self, pk: int, files: Sequence[ArtifactFile]) -> None:
        """Store the files of an artifact that has none, and make it complete."""

    def list_files(self, pk: int) -> list[ArtifactFile]:
        """Return the files of an artifact, in the order stored."""
