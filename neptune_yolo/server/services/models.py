"""Create models and their versions."""

import uuid
from dataclasses import dataclass, replace

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType, NewContainer
from neptune_yolo.server.domain.ids import ContainerId, SysId
from neptune_yolo.server.domain.models import model_sys_id, version_sys_id
from neptune_yolo.server.domain.project import Project
from neptune_yolo.server.exceptions import ConflictError, NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Session, Store

ASKED_AGAIN_MS = 2 * 60 * 1000
"""How long a client repeats a call whose answer does not come, at least, in milliseconds."""


@dataclass(frozen=True)
class ModelService:
    """The model registry.

    Attributes:
        access: What the caller may do; models and versions belong to the caller.
        store: Gives transactions.
        clock: Gives the present moment.
    """

    access: Access
    store: Store
    clock: Clock

    def create_model(self, project_id: str, key: str) -> Container:
        """Create a model.

        Args:
            project_id: UUID text of the project.
            key: Tells it from the project's other models, see ``require_model_key``.

        Raises:
            NotFoundError: If there is no such project.
            ConflictError: If the project has a model of that key. If that was made by the same caller a moment ago and
                nothing is in it, it is returned: the answer to its creation was lost, and the client asks again.
        """
        with self.store.write() as session:
            project = self.access.project(session, project_id, Role.CONTRIBUTOR)
            sys_id = model_sys_id(project.key, key)
            session.projects.lock(project.id)  # another process may create the same model at this moment
            known = session.containers.find_by_sys_id(project.name, sys_id)
            if known is not None and self._is_asked_again(session, known):
                return known
            if known is not None:
                raise ConflictError(
                    f"Expected a model key that is new in project {str(project.name)!r}, got {key!r} of {sys_id!r}. "
                    f"Choose another key, or open that model (with_id={sys_id!r})."
                )
            model = self._create(session, project, ContainerType.MODEL, sys_id)
            session.registry.add_model(model.pk)
            return model

    def create_version(self, project_id: str, model_id: str) -> Container:
        """Create the next version of a model; that of a model in the trash lies there with it.

        Args:
            project_id: UUID text of the project.
            model_id: UUID text of the model.

        Raises:
            NotFoundError: If there is no such project, or no such model in it.
        """
        with self.store.write() as session:
            project = self.access.project(session, project_id, Role.CONTRIBUTOR)
            model = session.containers.find_by_id(ContainerId(model_id))
            if model is None or model.type is not ContainerType.MODEL or model.project_id != project.id:
                raise NotFoundError("model", model_id)
            number = session.registry.next_version_number(model.pk)
            sys_id = version_sys_id(model.sys_id, number)
            version = self._create(session, project, ContainerType.MODEL_VERSION, sys_id)
            session.registry.add_version(version.pk, model.pk)
            if model.trashed:
                session.trash.set_trashed([version.pk], trashed=True)
            return replace(version, trashed=model.trashed)

    def _is_asked_again(self, session: Session, model: Container) -> bool:
        """Return whether nobody can have done anything with a model but create it: no client gave a sign of life."""
        is_own = model.owner == self.access.caller.user_name and model.type is ContainerType.MODEL
        is_new = self.clock() - model.created_ms < ASKED_AGAIN_MS and not model.trashed
        is_untouched = model.pinged_ms == model.modified_ms == model.created_ms
        return is_own and is_new and is_untouched and not session.registry.list_versions(model.pk)

    def _create(self, session: Session, project: Project, container_type: ContainerType, sys_id: SysId) -> Container:
        return session.containers.create(
            NewContainer(
                id=ContainerId(str(uuid.uuid4())),
                type=container_type,
                sys_id=sys_id,
                project_id=project.id,
                owner=self.access.caller.user_name,
                custom_run_id=None,
                created_ms=self.clock(),
            )
        )
