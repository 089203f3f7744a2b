"""Containers: what holds attributes. Runs, models and model versions are; a project has one of its own."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from neptune_yolo.server.domain.ids import ContainerId, SysId
from neptune_yolo.server.domain.project import ProjectName


class ContainerType(StrEnum):
    """Kinds of containers, spelled as on the wire."""

    RUN = "run"
    PROJECT = "project"
    MODEL = "model"
    MODEL_VERSION = "modelVersion"


class RunState(StrEnum):
    """Whether a client is alive behind a container, spelled as on the wire."""

    RUNNING = "running"
    IDLE = "idle"


class ModelStage(StrEnum):
    """How far a model version has come, spelled as on the wire."""

    NONE = "none"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Container:
    """A run, a model, a model version, or the container of a project's own attributes.

    Attributes:
        pk: Row number in the store.
        id: UUID text.
        type: Which of them.
        sys_id: What people call it, ``YOL-12``.
        project: Qualified name of its project.
        project_id: UUID text of its project.
        owner: Name of the user who created it.
        trashed: Whether it lies in the trash.
        custom_run_id: The client's own identifier of a run, if it gave one.
        created_ms: Milliseconds since 1970 (UTC), as are the others.
        pinged_ms: Last sign of life of a client.
        modified_ms: Last change of an attribute.
        running_ms: Milliseconds for which a client was alive.
    """

    pk: int
    id: ContainerId
    type: ContainerType
    sys_id: SysId
    project: ProjectName
    project_id: ContainerId
    owner: str
    trashed: bool
    custom_run_id: str | None
    created_ms: int
    pinged_ms: int
    modified_ms: int
    running_ms: int

    def with_past(self, **facts: Any) -> "Container":
        """Return it with other facts of its past: owner, trashed, and moments in milliseconds since 1970 (UTC)."""
        return replace(self, **facts)

    def state(self, now_ms: int, idle_after_ms: int) -> RunState:
        """Return whether a client has given a sign of life within ``idle_after_ms``."""
        return RunState.RUNNING if now_ms - self.pinged_ms < idle_after_ms else RunState.IDLE


@dataclass(frozen=True)
class NewContainer:
    """A container that is yet to be stored.

    Attributes:
        id: UUID text.
        type: Run, project, model or model version.
        sys_id: What people will call it.
        project_id: UUID text of its project.
        owner: Name of the user who creates it.
        custom_run_id: The client's own identifier of a run, if it gave one.
        created_ms: Now, in milliseconds since 1970 (UTC); also its first sign of life and its last change.
    """

    id: ContainerId
    type: ContainerType
    sys_id: SysId
    project_id: ContainerId
    owner: str
    custom_run_id: str | None
    created_ms: int


def running_ms(container: Container, idle_after_ms: int) -> int:
    """Return for how long clients were alive, up to the last sign of it.

    A client gives signs every 10 s. What it sends after the last one counts as well, so that a run of a few seconds
    has its time; not so what is sent to a run of which no sign ever came, which was logged offline and is sent later.
    """
    pending_ms = pending_running_ms(container.created_ms, container.pinged_ms, container.modified_ms, idle_after_ms)
    return container.running_ms + pending_ms


def pending_running_ms(created_ms: int, pinged_ms: int, modified_ms: int, idle_after_ms: int) -> int:
    """Return for how long a client was alive since the last sign of it; 0 for one that never gave a sign."""
    return 0 if pinged_ms <= created_ms else _within_limit(modified_ms - pinged_ms, idle_after_ms)


def running_ms_after_ping(container: Container, now_ms: int, idle_after_ms: int) -> int:
    """Return the running time once a sign of life came: silence longer than the idle limit does not count."""
    silence_ms = now_ms - container.pinged_ms
    if silence_ms >= idle_after_ms:
        return running_ms(container, idle_after_ms)
    return container.running_ms + max(0, silence_ms)


def _within_limit(duration_ms: int, limit_ms: int) -> int:
    return duration_ms if 0 < duration_ms < limit_ms else 0
