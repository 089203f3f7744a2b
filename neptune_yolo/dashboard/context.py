"""What the templates are given: one documented value for each page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.models import model_of_version
from neptune_yolo.server.domain.project import ProjectName


@dataclass(frozen=True)
class RunRow:
    """A line of a list of runs."""

    project: str
    sys_id: str
    link: str
    created: str


@dataclass(frozen=True)
class RunsPage:
    """The runs of one name in several projects, the newest first."""

    title: str
    runs: list[RunRow]


@dataclass(frozen=True)
class ProblemPage:
    """Why a page cannot be shown, and what to do; ``leads_on`` offers the projects instead."""

    message: str
    leads_on: bool


def project_link(project: ProjectName) -> str:
    """Return the address of a project's page."""
    return f"/{quote(project.workspace, safe='')}/{quote(project.name, safe='')}/"


def run_link(run: Container) -> str:
    """Return the address of the page of a run, model or version, the one that the client prints."""
    name = quote(run.sys_id, safe="")
    match run.type:
        case ContainerType.MODEL:
            return f"{project_link(run.project)}m/{name}"
        case ContainerType.MODEL_VERSION:
            return f"{project_link(run.project)}m/{quote(model_of_version(run.sys_id), safe='')}/v/{name}"
        case _:
            return f"{project_link(run.project)}e/{name}"


def runs_page(title: str, runs: list[Container]) -> RunsPage:
    """Return what a list of runs shows."""
    rows = [RunRow(str(run.project), run.sys_id, run_link(run), _moment(run.created_ms)) for run in runs]
    return RunsPage(title, rows)


def _moment(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
