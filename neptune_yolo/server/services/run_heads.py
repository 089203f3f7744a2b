"""What the head of a run's page says: the run, its state, and what people call it."""

from collections.abc import Mapping
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import Attribute, AttributeValue
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, RunState, running_ms
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Store

STATUS_PATH = "training/status"
"""Where a trainer says how its training stands."""

HEAD_PATHS = ("sys/name", "sys/description", "sys/tags", "sys/failed", STATUS_PATH)


@dataclass(frozen=True)
class HeadFacts:
    """A run, model or version in short.

    Attributes:
        container: The run itself.
        state: Whether a client is alive behind it.
        running_ms: How long clients were, in milliseconds.
        role: What the caller may do with it.
        values: Those of ``HEAD_PATHS`` that were written.
    """

    container: Container
    state: RunState
    running_ms: int
    role: Role
    values: dict[str, AttributeValue | None]

    @classmethod
    def of(
        cls, container: Container, role: Role, attributes: Mapping[str, Attribute], now_ms: int, idle_after_ms: int
    ) -> "HeadFacts":
        """Return the head of a container whose attributes were read.

        Args:
            container: The run, model or version.
            role: What the caller may do with it.
            attributes: By path; those of ``HEAD_PATHS`` count.
            now_ms: The present moment, in milliseconds since 1970 (UTC).
            idle_after_ms: Silence after which a run counts as idle, in milliseconds.
        """
        return cls(
            container,
            container.state(now_ms, idle_after_ms),
            running_ms(container, idle_after_ms),
            role,
            {path: attributes[path].value for path in HEAD_PATHS if path in attributes},
        )


@dataclass(frozen=True)
class RunHeadService:
    """Heads of runs.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        clock: Gives the present moment.
        idle_after_ms: Silence after which a run counts as idle, in milliseconds.
    """

    access: Access
    store: Store
    clock: Clock
    idle_after_ms: int

    def get(self, identifier: str) -> HeadFacts:
        """Return the head of a run, model or version.

        Args:
            identifier: UUID text or ``workspace/project/SYS-ID``.

        Raises:
            NotFoundError: If there is none that the caller may see.
        """
        with self.store.read() as session:
            container = self.access.container(session, identifier, Role.VIEWER)
            role = self.access.role(session, container.project_id)
            if role is None:
                raise NotFoundError("run", container.sys_id)
            found = session.attributes.find_many(container.pk, HEAD_PATHS)
        return HeadFacts.of(container, role, found, self.clock(), self.idle_after_ms)

    def settle_running_time(self, identifier: str) -> None:
        """Store for how long an idle run has been running, before a person changes it: only clients make it longer.

        Args:
            identifier: UUID text or ``workspace/project/SYS-ID``.

        Raises:
            NotFoundError: If there is none that the caller may see.
            ForbiddenError: If the caller may see it, and not change it.
        """
        with self.store.write() as session:
            run = self.access.container(session, identifier, Role.CONTRIBUTOR)
            now_ms = self.clock()
            if run.state(now_ms, self.idle_after_ms) is RunState.IDLE:
                session.containers.record_ping(run.pk, run.pinged_ms, running_ms(run, self.idle_after_ms))
                session.containers.record_change(run.pk, now_ms)  # so that nothing is added to it any more
