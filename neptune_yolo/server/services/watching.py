"""See which runs, models and versions of a project are being written to."""

from collections.abc import Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import ContainerType, RunState
from neptune_yolo.server.domain.ids import SysId
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Store

_MARGIN_MS = 30_000
"""How long a run is seen after it has become idle, so that nobody misses that."""


@dataclass(frozen=True)
class RunSign:
    """What a run, model or version looks like from outside.

    Attributes:
        sys_id: What people call it.
        modified_ms: Last change of an attribute, in milliseconds since 1970 (UTC).
        state: Whether a client is alive behind it.
        trashed: Whether it lies in the trash.
    """

    sys_id: str
    modified_ms: int
    state: RunState
    trashed: bool


@dataclass(frozen=True)
class WatchService:
    """Signs of life of runs, models and versions.

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

    def look(self, project: str, types: Sequence[ContainerType], sys_ids: Sequence[str]) -> list[RunSign]:
        """Return those that have changed, or given a sign of life, lately.

        Args:
            project: UUID or name of their project.
            types: Such as runs.
            sys_ids: Which of them; none stands for all of the project.

        Raises:
            NotFoundError: If there is no such project, or the caller may not see it any more.
        """
        now_ms = self.clock()
        since_ms = now_ms - self.idle_after_ms - _MARGIN_MS
        with self.store.read() as session:
            project_id = self.access.named_project(session, project, Role.VIEWER).id
            runs = session.containers.list_lively(project_id, types, since_ms, [SysId(sys_id) for sys_id in sys_ids])
        return [
            RunSign(run.sys_id, run.modified_ms, run.state(now_ms, self.idle_after_ms), run.trashed) for run in runs
        ]
