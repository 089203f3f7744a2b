"""What the templates are given: one documented value for each page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from neptune_yolo.server.domain.attribute import (
    ArtifactValue,
    Attribute,
    AttributeType,
    Datetime,
    FileSetValue,
    FileValue,
    GitRefValue,
    ImageSeriesValue,
    SeriesValue,
    StringSetValue,
)
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.models import model_of_version
from neptune_yolo.server.domain.project import ProjectName

PICTURE_EXTENSIONS = frozenset({"png", "jpg", "jpeg", "gif", "webp", "bmp"})
PREVIEW_LENGTH = 400


@dataclass(frozen=True)
class AttributeRow:
    """A line of the attribute table.

    Attributes:
        path: Full path of the attribute.
        type: Its type, as on the wire.
        text: Its value, shortened.
        link: Where its file is downloaded; empty for other types.
    """

    path: str
    type: str
    text: str
    link: str


@dataclass(frozen=True)
class Picture:
    """A picture of the run.

    Attributes:
        path: Full path of the attribute.
        link: Where it is loaded from.
    """

    path: str
    link: str


@dataclass(frozen=True)
class RunPage:
    """The page of one run."""

    title: str
    project: str
    project_link: str
    state: str
    pictures: list[Picture]
    attributes: list[AttributeRow]


@dataclass(frozen=True)
class RunRow:
    """A line of a list of runs."""

    project: str
    sys_id: str
    link: str
    created: str


@dataclass(frozen=True)
class RunsPage:
    """A list of runs, the newest first: those of a project, or those of one name in several."""

    title: str
    runs: list[RunRow]


@dataclass(frozen=True)
class ProjectRow:
    """A line of the list of projects."""

    name: str
    link: str


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


def run_page(run: Container, attributes: list[Attribute]) -> RunPage:
    """Return what the page of a run shows."""
    by_path = {attribute.path: attribute for attribute in attributes}
    name = by_path.get("sys/name")
    state = by_path.get("training/status") or by_path.get("sys/state")
    return RunPage(
        title=f"{run.sys_id} {name.value if name and name.value else ''}".strip(),
        project=str(run.project),
        project_link=project_link(run.project),
        state=str(state.value) if state else "",
        pictures=list(_pictures(run, attributes)),
        attributes=[_attribute_row(run, attribute) for attribute in attributes],
    )


def runs_page(title: str, runs: list[Container]) -> RunsPage:
    """Return what a list of runs shows."""
    rows = [RunRow(str(run.project), run.sys_id, run_link(run), _moment(run.created_ms)) for run in runs]
    return RunsPage(title, rows)


def _pictures(run: Container, attributes: list[Attribute]) -> Iterator[Picture]:
    for attribute in attributes:
        if isinstance(attribute.value, FileValue) and attribute.value.extension.lower() in PICTURE_EXTENSIONS:
            yield Picture(attribute.path, _file_link(run, attribute))


def _attribute_row(run: Container, attribute: Attribute) -> AttributeRow:
    has_file = attribute.type is AttributeType.FILE
    return AttributeRow(
        path=attribute.path,
        type=attribute.type.value,
        text=_text(attribute),
        link=_file_link(run, attribute) if has_file else "",
    )


def _file_link(run: Container, attribute: Attribute) -> str:
    name = quote(run.sys_id, safe="")
    return f"{project_link(run.project)}e/{name}/file?{urlencode({'attribute': attribute.path})}"


def _text(attribute: Attribute) -> str:
    match attribute.value:
        case None:
            return ""
        case SeriesValue() | ImageSeriesValue() as series:
            return _series_text(series)
        case ArtifactValue() as artifact:
            return artifact.hash or ""
        case FileValue() as file:
            return f"{file.extension or 'file'}, {file.size_bytes:,} bytes"
        case FileSetValue() as files:
            return f"{files.size_bytes:,} bytes"
        case StringSetValue() as strings:
            return ", ".join(strings.values)
        case Datetime() as moment:
            return _moment(moment.milliseconds)
        case GitRefValue() as git:
            commit = git.details.get("commit")
            return str(commit.get("commitId", "")) if isinstance(commit, dict) else ""
        case value:
            return str(value)[:PREVIEW_LENGTH]


def _series_text(series: SeriesValue | ImageSeriesValue) -> str:
    if series.last_step is None:
        return "no points"
    if isinstance(series, ImageSeriesValue):
        return f"{series.point_count} pictures (last at step {series.last_step:g})"
    return f"{series.last} (last of {series.point_count}, step {series.last_step:g})"[:PREVIEW_LENGTH]


def _moment(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
