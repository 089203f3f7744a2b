"""Open runs, models and versions that come from elsewhere, and give them the facts of their past."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from neptune_yolo.server.domain.attribute import Attribute, AttributeType, AttributeValue, Datetime
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType, NewContainer, pending_running_ms
from neptune_yolo.server.domain.ids import SysId
from neptune_yolo.server.domain.imports import (
    FINGERPRINT_PATH,
    FINISHED_PATH,
    SOURCE_PATH,
    ImportedName,
    ImportFacts,
    imported_id,
    is_imported,
    parse_imported_name,
)
from neptune_yolo.server.domain.models import model_sys_id, version_sys_id
from neptune_yolo.server.domain.project import Project
from neptune_yolo.server.exceptions import ConflictError, InvalidRequestError, NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Session, Store


@dataclass(frozen=True)
class ImportWanted:
    """What somebody wants to import.

    Attributes:
        type: A run, a model or a version.
        source: Where it comes from; what is asked for again by the same words is the same.
        sys_id: What it was called there; None lets the server give a name, which a model must bring.
        new_id: Whether the server may give another name where that one is taken.
        custom_run_id: The client's own identifier of a run.
        model: What the model of a version is called in the project.
    """

    type: ContainerType
    source: str
    sys_id: str | None = None
    new_id: bool = False
    custom_run_id: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class OpenedImport:
    """What is being imported, or was.

    Attributes:
        container: The run, model or version.
        is_new: Whether it has just been made.
        finished_ms: When all of it had been imported, in milliseconds since 1970 (UTC); None if it has not.
        fingerprint: What the source was like then.
    """

    container: Container
    is_new: bool
    finished_ms: int | None
    fingerprint: str | None


@dataclass(frozen=True)
class ImportService:
    """Imports.

    What is written between ``open`` and ``finish`` comes as from any client.

    Attributes:
        access: What the caller may do: contributors import; to say that somebody else has made a run is for owners.
        store: Gives transactions.
        clock: Gives the present moment.
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    access: Access
    store: Store
    clock: Clock
    idle_after_ms: int

    def open(self, project: str, wanted: ImportWanted) -> OpenedImport:
        """Return what is imported from a source; it is made if this is the first time.

        Args:
            project: ``workspace/name``.
            wanted: What it is.

        Raises:
            NotFoundError: If there is no such project, or no such model of a version.
            ForbiddenError: If the caller may not write to the project.
            ConflictError: If another one of the project has its name or its own identifier.
            InvalidRequestError: If nothing of its kind can be called so.
        """
        name = None if wanted.sys_id is None else parse_imported_name(wanted.type, wanted.sys_id)
        with self.store.write() as session:
            found = self.access.named_project(session, project, Role.CONTRIBUTOR)
            session.projects.lock(found.id)  # another process may import the same at this moment
            known = session.containers.find_by_id(imported_id(found.id, wanted.type, wanted.source))
            if known is None:
                created = self._create(session, found, wanted, name)
                return OpenedImport(created, is_new=True, finished_ms=None, fingerprint=None)
            return _opened_before(session, known)

    def finish(self, identifier: str, fingerprint: str, facts: ImportFacts) -> Container:
        """Note that all of something has been imported, and what it was like where it comes from.

        Args:
            identifier: UUID text or ``workspace/project/SYS-ID``.
            fingerprint: What the source was like.
            facts: What it was like there.

        Raises:
            NotFoundError: If there is none that the caller may see, or one that was not imported.
            ForbiddenError: If the caller may not change it, or does not own the project and names another maker.
        """
        with self.store.write() as session:
            container = self.access.container(session, identifier, Role.CONTRIBUTOR)
            source = session.attributes.find(container.pk, SOURCE_PATH)
            if source is None or not is_imported(container, str(source.value)):
                raise NotFoundError("import", identifier)
            if facts.owner not in (None, container.owner, self.access.caller.user_name):
                self.access.require(session, container.project_id, Role.OWNER, identifier)
            _assign(session, container, FINGERPRINT_PATH, AttributeType.STRING, fingerprint)
            _assign(session, container, FINISHED_PATH, AttributeType.DATETIME, Datetime(self.clock()))
            changed = self._with_facts(container, facts)
            session.containers.record_past(changed)
            session.trash.set_trashed([container.pk], trashed=facts.trashed)
            return changed

    def _with_facts(self, container: Container, facts: ImportFacts) -> Container:
        pending_ms = pending_running_ms(facts.created_ms, facts.pinged_ms, facts.modified_ms, self.idle_after_ms)
        return container.with_past(
            owner=facts.owner or container.owner,
            trashed=facts.trashed,
            created_ms=facts.created_ms,
            pinged_ms=facts.pinged_ms,
            modified_ms=facts.modified_ms,
            running_ms=max(0, facts.running_ms - pending_ms),
        )

    def _create(self, session: Session, project: Project, wanted: ImportWanted, name: ImportedName | None) -> Container:
        if wanted.custom_run_id:
            other = session.containers.find_by_custom_run_id(project.id, wanted.custom_run_id)
            if other is not None:
                raise _taken(f"the identifier {wanted.custom_run_id!r}", other)
        model = _model(session, project, wanted)
        created = session.containers.create(
            NewContainer(
                id=imported_id(project.id, wanted.type, wanted.source),
                type=wanted.type,
                sys_id=_sys_id(session, project, wanted, name, model),
                project_id=project.id,
                owner=self.access.caller.user_name,
                custom_run_id=wanted.custom_run_id or None,
                created_ms=self.clock(),
            )
        )
        if wanted.type is ContainerType.MODEL:
            session.registry.add_model(created.pk)
        if model is not None:
            session.registry.add_version(created.pk, model.pk)
        _assign(session, created, SOURCE_PATH, AttributeType.STRING, wanted.source)
        return created


def _opened_before(session: Session, container: Container) -> OpenedImport:
    found = session.attributes.find_many(container.pk, (FINGERPRINT_PATH, FINISHED_PATH))
    finished, fingerprint = (_value(found.get(path)) for path in (FINISHED_PATH, FINGERPRINT_PATH))
    return OpenedImport(
        container,
        is_new=False,
        finished_ms=finished.milliseconds if isinstance(finished, Datetime) else None,
        fingerprint=fingerprint if isinstance(fingerprint, str) else None,
    )


def _value(attribute: Attribute | None) -> object:
    return None if attribute is None else attribute.value


def _assign(
    session: Session, container: Container, path: str, attribute_type: AttributeType, value: AttributeValue
) -> None:
    attribute = session.attributes.find(container.pk, path) or session.attributes.create(
        container.pk, path, attribute_type
    )
    if attribute.type is not attribute_type:
        raise ConflictError(
            f"Expected {path!r} to be of type {attribute_type}, got one of type {attribute.type} that somebody wrote. "
            f"Delete that attribute, and import again."
        )
    session.attributes.set_value(attribute.pk, value)


def _model(session: Session, project: Project, wanted: ImportWanted) -> Container | None:
    if wanted.type is not ContainerType.MODEL_VERSION:
        return None
    found = session.containers.find_by_sys_id(project.name, SysId(wanted.model or ""))
    if found is None or found.type is not ContainerType.MODEL:
        raise NotFoundError("model", f"{project.name}/{wanted.model or ''}")
    return found


def _sys_id(
    session: Session, project: Project, wanted: ImportWanted, name: ImportedName | None, model: Container | None
) -> SysId:
    """Return what something is to be called in its new project, and let no later one be called so."""
    if name is not None and model is not None and name.stem != model.sys_id:
        name = parse_imported_name(wanted.type, f"{model.sys_id}-{name.last}")
    if name is not None:
        holder = session.containers.find_by_sys_id(project.name, SysId(name.text))
        if holder is None:
            _count(session, project, wanted.type, name, model)
            return SysId(name.text)
        if not wanted.new_id:
            raise _taken(f"the name {name.text!r}", holder)
    return next(sys_id for sys_id in _new_names(session, project, wanted, name, model) if sys_id is not None)


def _new_names(
    session: Session, project: Project, wanted: ImportWanted, name: ImportedName | None, model: Container | None
) -> Iterator[SysId | None]:
    """Yield names that nothing is called by yet; None for one that something is called by."""
    for number in count(2):
        if wanted.type is ContainerType.RUN:
            sys_id = SysId(f"{project.key}-{session.projects.next_run_number(project.id)}")
        elif model is not None:
            sys_id = version_sys_id(model.sys_id, session.registry.next_version_number(model.pk))
        elif name is not None:
            sys_id = model_sys_id(project.key, f"{name.last[:50]}_{number}")
        else:
            raise InvalidRequestError("Expected the identifier of a model, such as 'SAN-DET', got none. Send it.")
        yield None if session.containers.find_by_sys_id(project.name, sys_id) else sys_id


def _count(
    session: Session, project: Project, kind: ContainerType, name: ImportedName, model: Container | None
) -> None:
    if kind is ContainerType.RUN and name.stem == project.key:
        session.projects.raise_run_number(project.id, int(name.last))
    elif model is not None:
        session.registry.raise_version_number(model.pk, int(name.last))


def _taken(what: str, holder: Container) -> ConflictError:
    return ConflictError(
        f"Expected {what} to be free in project {str(holder.project)!r}, got that of another {holder.type} "
        f"({holder.sys_id}). Import into another project, or let the server give a new name (new_id)."
    )
