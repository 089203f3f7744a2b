"""Create, find and keep alive runs."""

import uuid
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import AttributeType, GitRefValue
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType, NewContainer, running_ms_after_ping
from neptune_yolo.server.domain.ids import ContainerId, SysId
from neptune_yolo.server.domain.project import Project, ProjectName
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Session, Store

GIT_PATH = "source_code/git"


@dataclass(frozen=True)
class NewRun:
    """What a client says of a run that it wants to have.

    Attributes:
        project_id: UUID text of the project.
        custom_run_id: The client's own identifier; a run that has it already is returned instead of a new one.
        git: The commit's fields, ``commit`` and ``branch`` among them; None without a repository.
    """

    project_id: str
    custom_run_id: str | None
    git: dict[str, object] | None


@dataclass(frozen=True)
class RunService:
    """Runs.

    Attributes:
        access: What the caller may do; runs belong to the caller.
        store: Gives transactions.
        clock: Gives the present moment.
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    access: Access
    store: Store
    clock: Clock
    idle_after_ms: int

    def create(self, new: NewRun) -> Container:
        """Create a run, or return the one that has the custom ID already.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.write() as session:
            project = self.access.project(session, new.project_id, Role.CONTRIBUTOR)
            if new.custom_run_id:
                session.projects.lock(project.id)  # another process may create the same run at this moment
                known = session.containers.find_by_custom_run_id(project.id, new.custom_run_id)
                if known is not None:
                    return known
            return self._create(session, project, new)

    def find(self, identifier: str) -> Container:
        """Return a run, a model, a version or a project's container by UUID or by ``workspace/project/SYS-ID``.

        Raises:
            NotFoundError: If there is none.
        """
        with self.store.read() as session:
            return self.access.container(session, identifier, Role.VIEWER)

    def find_everywhere(self, sys_id: str) -> list[Container]:
        """Return the runs that people call ``sys_id``, of all projects, newest first; at least one.

        Raises:
            NotFoundError: If there is none.
        """
        with self.store.read() as session:
            found = [
                container
                for container in session.containers.list_by_sys_id(SysId(sys_id))
                if self.access.may(session, container.project_id, Role.VIEWER)
            ]
        if not found:
            raise NotFoundError("run", sys_id)
        return found

    def list_newest(
        self, project: ProjectName, limit: int, container_type: ContainerType = ContainerType.RUN
    ) -> tuple[Project, list[Container]]:
        """Return a project and up to ``limit`` of its runs (or models, or versions), newest first.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.read() as session:
            found = session.projects.find_by_name(project)
            if found is None:
                raise NotFoundError("project", str(project))
            self.access.require(session, found.id, Role.VIEWER, str(project))
            return found, session.containers.list_newest(found.id, container_type, limit)

    def ping(self, identifier: str) -> None:
        """Record a sign of life of the client behind a container.

        Raises:
            NotFoundError: If there is no such container.
        """
        with self.store.write() as session:
            container = self.access.container(session, identifier, Role.CONTRIBUTOR)
            now_ms = self.clock()
            session.containers.record_ping(
                container.pk, now_ms, running_ms_after_ping(container, now_ms, self.idle_after_ms)
            )

    def _create(self, session: Session, project: Project, new: NewRun) -> Container:
        now_ms = self.clock()
        run = session.containers.create(
            NewContainer(
                id=ContainerId(str(uuid.uuid4())),
                type=ContainerType.RUN,
                sys_id=SysId(f"{project.key}-{session.projects.next_run_number(project.id)}"),
                project_id=project.id,
                owner=self.access.caller.user_name,
                custom_run_id=new.custom_run_id,
                created_ms=now_ms,
            )
        )
        if new.git is not None:
            attribute = session.attributes.create(run.pk, GIT_PATH, AttributeType.GIT_REF)
            session.attributes.set_value(attribute.pk, GitRefValue(new.git))
        return run
