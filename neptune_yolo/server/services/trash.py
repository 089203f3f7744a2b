"""Put runs, models and versions into the trash, take them out, or delete them for ever."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.ids import ContainerId, SysId, UploadId
from neptune_yolo.server.domain.project import Project
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.collector import BlobCollector
from neptune_yolo.server.store.interfaces import BlobStore, Session, Store

_Change = Callable[[Session, Container], None]


@dataclass(frozen=True)
class TrashOutcome:
    """What became of the containers that were named.

    Attributes:
        changed: Identifiers of those that are now as was asked, as they were named.
        errors: A sentence for each of the others.
    """

    changed: tuple[str, ...]
    errors: tuple[str, ...]


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """A container cannot be changed as was asked; carries the sentence."""


@dataclass(frozen=True)
class TrashService:
    """The trash of each project.

    A container in the trash is as it was, but for ``sys/trashed``: it can be read and written, so that a training
    that is under way loses nothing, and it can be taken out again. A model takes its versions along. Only what lies in
    the trash can be deleted for ever; then its attributes and files are gone, and a program that still writes to
    it keeps what it has on its own disk.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        blobs: Keeps the bytes of files.
        collector: Removes bytes that are no longer in use.
    """

    access: Access
    store: Store
    blobs: BlobStore
    collector: BlobCollector

    def list_trashed(self, project: str) -> list[Container]:
        """Return what lies in a project's trash, oldest first.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.read() as session:
            return session.trash.list_trashed(self.access.named_project(session, project, Role.VIEWER).id)

    def trash(self, project: str, identifiers: Sequence[str]) -> TrashOutcome:
        """Put containers into the trash; those that lie there already are no error.

        Args:
            project: ``workspace/project``, or the project's UUID text.
            identifiers: ``workspace/project/SYS-ID``, ``SYS-ID`` or UUID text of each container.

        Raises:
            NotFoundError: If there is no such project.
        """
        return self._change(project, identifiers, _trash)

    def restore(self, project: str, identifiers: Sequence[str]) -> TrashOutcome:
        """Take containers out of the trash: a model with its versions, a version with its model.

        Args:
            project: ``workspace/project``, or the project's UUID text.
            identifiers: ``workspace/project/SYS-ID``, ``SYS-ID`` or UUID text of each container.

        Raises:
            NotFoundError: If there is no such project.
        """
        return self._change(project, identifiers, _restore)

    def delete(self, project: str, identifiers: Sequence[str]) -> TrashOutcome:
        """Delete containers for ever, each in a transaction of its own; what does not lie in the trash stays.

        Args:
            project: ``workspace/project``, or the project's UUID text.
            identifiers: ``workspace/project/SYS-ID``, ``SYS-ID`` or UUID text of each container.

        Raises:
            NotFoundError: If there is no such project.
        """
        changed, errors = [], []
        for identifier in dict.fromkeys(identifiers):
            try:
                with self.store.write() as session:
                    found = _find(session, self.access.named_project(session, project, Role.CONTRIBUTOR), identifier)
                    under_way = _delete(session, found)
            except _Refused as refused:
                errors.append(str(refused))
                continue
            changed.append(identifier)
            self._discard(under_way)
        self.collector.collect()
        return TrashOutcome(tuple(changed), tuple(errors))

    def empty(self, project: str) -> TrashOutcome:
        """Delete for ever what lies in the trash, each container in a transaction of its own.

        Args:
            project: ``workspace/project``, or the project's UUID text.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.read() as session:
            found = self.access.named_project(session, project, Role.CONTRIBUTOR)
            trashed = session.trash.list_trashed(found.id)
        for container in trashed:
            with self.store.write() as session:
                present = session.trash.lock(container.pk)
                under_way = _delete(session, present) if present is not None and present.trashed else []
            self._discard(under_way)
        self.collector.collect()
        return TrashOutcome(tuple(f"{container.project}/{container.sys_id}" for container in trashed), ())

    def _change(self, project: str, identifiers: Sequence[str], change: _Change) -> TrashOutcome:
        changed, errors = [], []
        with self.store.write() as session:
            found = self.access.named_project(session, project, Role.CONTRIBUTOR)
            for identifier in sorted(set(identifiers)):  # so that two calls never wait for each other
                try:
                    change(session, _find(session, found, identifier))
                except _Refused as refused:
                    errors.append(str(refused))
                else:
                    changed.append(identifier)
        return TrashOutcome(tuple(changed), tuple(errors))

    def _discard(self, under_way: Sequence[UploadId]) -> None:
        for upload_id in under_way:
            self.blobs.discard_parts(upload_id)


def _trash(session: Session, container: Container) -> None:
    session.trash.set_trashed(_with_versions(session, container), trashed=True)


def _restore(session: Session, container: Container) -> None:
    model_pk = session.trash.model_of(container.pk)
    pks = _with_versions(session, container) + ([] if model_pk is None else [model_pk])
    session.trash.set_trashed(pks, trashed=False)


def _delete(session: Session, container: Container) -> list[UploadId]:
    if not container.trashed:
        raise _Refused(
            f"Expected {container.sys_id!r} to lie in the trash before it is deleted for ever. "
            f"Move it there first (trash_objects)."
        )
    return session.trash.delete(_with_versions(session, container))


def _with_versions(session: Session, container: Container) -> list[int]:
    is_model = container.type is ContainerType.MODEL
    return [container.pk, *(session.registry.list_versions(container.pk) if is_model else [])]


def _find(session: Session, project: Project, identifier: str) -> Container:
    """Return a container of the project, locked; by its sys_id, qualified or not, or by UUID."""
    sys_id = identifier.removeprefix(f"{project.name}/")
    found = session.containers.find_by_sys_id(project.name, SysId(sys_id))
    found = found or session.containers.find_by_id(ContainerId(identifier))
    locked = None if found is None else session.trash.lock(found.pk)
    if locked is None or locked.project_id != project.id or locked.type is ContainerType.PROJECT:
        raise _Refused(
            f"Expected a run, model or model version of project {str(project.name)!r}, got {identifier!r}. "
            f"Check its spelling; it may have been deleted already."
        )
    return locked
