"""What there is to draw of several runs."""

from typing import Annotated

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.values import Path

MAX_RUNS = 500


class ChartedRuns(Record, frozen=True, kw_only=True):
    """Names runs of a project; without ``runs``, the ``newest`` ones. ``group_by`` is the path of an attribute."""

    workspace: str
    project: str
    runs: Annotated[list[str], msgspec.Meta(max_length=MAX_RUNS)] = msgspec.field(default_factory=list)
    newest: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10
    group_by: Path | None = None


class ChartRunView(Record, frozen=True, kw_only=True):
    """A run; ``group`` is its value of the attribute that runs are grouped by, as text."""

    sys_id: str
    name: str
    state: str
    created_ms: int
    group: str | None


class ChartSeries(Record, frozen=True, kw_only=True):
    """A metric: the runs that have it, and its points in all of them together."""

    path: str
    runs: list[str]
    total: int


class ChartListView(Record, frozen=True, kw_only=True):
    """Runs in the order asked for, those that are not there left out, and their float series by path."""

    runs: list[ChartRunView]
    series: list[ChartSeries]


def list_charts(asked: Asked, where: ChartedRuns) -> ChartListView:
    """Return the float series of some runs of a project, or of its newest ones."""
    project = f"{where.workspace}/{where.project}"
    found = asked.services.chart_lists.read(project, where.runs, where.newest, where.group_by)
    return ChartListView(
        runs=[
            ChartRunView(sys_id=run.sys_id, name=run.name, state=run.state, created_ms=run.created_ms, group=run.group)
            for run in found.runs
        ],
        series=[ChartSeries(path=path, runs=runs, total=total) for path, (runs, total) in found.series.items()],
    )


CHART_OPERATIONS = (Operation("GET", "/projects/{workspace}/{project}/charts", list_charts, "series"),)
