"""Read the model registry."""

from dataclasses import dataclass, replace

from neptune_yolo.server.domain.attribute import STAGE_PATH, Attribute
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType, ModelStage
from neptune_yolo.server.domain.models import model_of_version
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.nql.table import NEWEST_FIRST
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.tables import TableRequest, TableService
from neptune_yolo.server.store.interfaces import Store

MAX_VERSIONS = 1000
"""Newest versions of one model that are read with all their attributes."""

_MAX_OF_PROJECT = 10_000
_NOT_TRASHED = "`sys/trashed`:bool = false"
_HEAD_PATHS = ("sys/name", "sys/description", "sys/tags", STAGE_PATH)


@dataclass(frozen=True)
class RegistryEntry:
    """A model or a version with attributes that were read of it.

    Attributes:
        container: The model or version.
        attributes: By path.
    """

    container: Container
    attributes: dict[str, Attribute]

    @property
    def stage(self) -> str:
        """Return the stage of a version."""
        attribute = self.attributes.get(STAGE_PATH)
        return ModelStage.NONE.value if attribute is None else str(attribute.value)


@dataclass(frozen=True)
class ModelEntry:
    """A model and its versions that are not in the trash, the newest first."""

    model: RegistryEntry
    versions: list[RegistryEntry]


@dataclass(frozen=True)
class RegistryService:
    """Models and their versions.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        tables: Reads rows of attributes.
    """

    access: Access
    store: Store
    tables: TableService

    def list_models(self, project: str) -> list[ModelEntry]:
        """Return the models of a project that are not in the trash, the newest first.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.read() as session:
            project_id = self.access.named_project(session, project, Role.VIEWER).id
        kinds = (ContainerType.MODEL, ContainerType.MODEL_VERSION)
        request = TableRequest(project_id, kinds, _NOT_TRASHED, NEWEST_FIRST, 0, _MAX_OF_PROJECT, _HEAD_PATHS)
        entries = self._read(request)
        versions: dict[str, list[RegistryEntry]] = {}
        for entry in entries:
            if entry.container.type is ContainerType.MODEL_VERSION:
                versions.setdefault(model_of_version(entry.container.sys_id), []).append(entry)
        models = (entry for entry in entries if entry.container.type is ContainerType.MODEL)
        return [ModelEntry(model, versions.get(model.container.sys_id, [])) for model in models]

    def get_model(self, identifier: str) -> tuple[ModelEntry, Role]:
        """Return a model, its versions with all their attributes, and what the caller may do with them.

        Args:
            identifier: UUID text or ``workspace/project/SYS-ID``.

        Raises:
            NotFoundError: If there is no such model.
        """
        with self.store.read() as session:
            model = self.access.container(session, identifier, Role.VIEWER)
            role = self.access.role(session, model.project_id)
        if model.type is not ContainerType.MODEL or role is None:
            raise NotFoundError("model", identifier)
        project_id = model.project_id
        named = f'`sys/id`:string = "{model.sys_id}"'
        request = TableRequest(project_id, (ContainerType.MODEL,), named, NEWEST_FIRST, 0, 1, _HEAD_PATHS)
        of_model = f'`sys/model_id`:string = "{model.sys_id}" AND {_NOT_TRASHED}'
        kinds = (ContainerType.MODEL_VERSION,)
        versions = replace(request, types=kinds, query=of_model, limit=MAX_VERSIONS, paths=None)
        return ModelEntry(self._read(request)[0], self._read(versions)), role

    def _read(self, request: TableRequest) -> list[RegistryEntry]:
        return self.tables.search(request, _entry).rows


def _entry(container: Container, attributes: list[Attribute]) -> RegistryEntry:
    return RegistryEntry(container, {attribute.path: attribute for attribute in attributes})
