"""See what there is to draw of several runs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import Attribute, AttributeType, Datetime, StringSetValue
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.container import Container, ContainerType, RunState
from neptune_yolo.server.domain.ids import SysId
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.attributes import DEFAULT_NAME
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Store

_NAME = "sys/name"
_OWNER = "sys/owner"
"""Kept with the run itself, and not as an attribute."""


@dataclass(frozen=True)
class ChartRun:
    """A run whose series may be drawn.

    Attributes:
        sys_id: What people call it.
        name: Its name.
        state: Whether a client is alive behind it.
        created_ms: Milliseconds since 1970 (UTC).
        group: Value of the attribute that the runs are grouped by, as text; None if it has none.
    """

    sys_id: str
    name: str
    state: RunState
    created_ms: int
    group: str | None


@dataclass(frozen=True)
class ChartList:
    """What there is to draw.

    Attributes:
        runs: In the order asked for.
        series: Runs and points of each float series, by path.
    """

    runs: list[ChartRun]
    series: dict[str, tuple[list[str], int]]


@dataclass(frozen=True)
class ChartListService:
    """Which series runs have.

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

    def read(self, project: str, sys_ids: Sequence[str], newest: int, group_by: str | None) -> ChartList:
        """Return the float series of runs; runs that are not there are left out.

        Args:
            project: UUID or name of their project.
            sys_ids: Which runs, 500 at most; without any, the newest ones.
            newest: How many those are.
            group_by: Path of an attribute, such as ``parameters/lr0``.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.read() as session:
            found = self.access.named_project(session, project, Role.VIEWER)
            if sys_ids:
                known = (session.containers.find_by_sys_id(found.name, SysId(sys_id)) for sys_id in sys_ids)
                containers = [container for container in known if container is not None]
            else:
                containers = session.containers.list_newest(found.id, ContainerType.RUN, newest)
            names = {container.pk: container.sys_id for container in containers}
            paths = [_NAME] if group_by is None else [_NAME, group_by]
            attributes = session.tables.list_attributes(list(names), paths)
            found_series = session.series.list_floats(list(names))
        of_runs: defaultdict[str, list[str]] = defaultdict(list)
        totals: Counter[str] = Counter()
        for pk, path, count in found_series:
            of_runs[path].append(names[pk])
            totals[path] += count
        now_ms = self.clock()
        runs = [self._describe(run, attributes.get(run.pk, ()), group_by, now_ms) for run in containers]
        return ChartList(runs, {path: (sys_ids, totals[path]) for path, sys_ids in of_runs.items()})

    def _describe(
        self, container: Container, found: Iterable[Attribute], group_by: str | None, now_ms: int
    ) -> ChartRun:
        attributes = {attribute.path: attribute for attribute in found}
        name = attributes.get(_NAME)
        group = None if group_by is None else attributes.get(group_by)
        if group is None and group_by == _OWNER:
            group = Attribute(0, _OWNER, AttributeType.STRING, container.owner)
        return ChartRun(
            container.sys_id,
            DEFAULT_NAME if name is None else str(name.value),
            container.state(now_ms, self.idle_after_ms),
            container.created_ms,
            None if group is None else _text(group),
        )


def _text(attribute: Attribute) -> str | None:
    """Return a value that runs can share as text."""
    value = attribute.value
    if isinstance(value, StringSetValue):
        return ", ".join(sorted(value.values))
    if isinstance(value, Datetime) or attribute.type in {AttributeType.FLOAT_SERIES, AttributeType.STRING_SERIES}:
        return None
    return f"{value:g}" if isinstance(value, float) else str(value)
