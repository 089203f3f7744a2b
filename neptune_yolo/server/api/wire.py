"""Values as the client reads them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from neptune_yolo.server.domain.attribute import (
    ArtifactValue,
    Attribute,
    Datetime,
    FileSetValue,
    FileValue,
    GitRefValue,
    ImageSeriesValue,
    SeriesValue,
    StringSetValue,
)
from neptune_yolo.server.domain.container import Container
from neptune_yolo.server.domain.project import Project

PROJECT_VERSION = 2
"""The client refuses projects below this version."""


def format_moment(milliseconds: int) -> str:
    """Return a moment as ``YYYY-MM-DDTHH:MM:SS.mmmZ``.

    Args:
        milliseconds: Since 1970 (UTC).
    """
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"


def project_to_wire(project: Project) -> dict[str, Any]:
    """Return a project as ``getProject`` answers it."""
    return {
        "id": project.id,
        "name": project.name.name,
        "organizationName": project.name.workspace,
        "organizationId": project.name.workspace,
        "projectKey": project.key,
        "version": PROJECT_VERSION,
        "visibility": project.visibility,
    }


def container_to_wire(container: Container) -> dict[str, Any]:
    """Return a run, project, model or version as ``getExperiment`` answers it."""
    return {
        "id": container.id,
        "type": container.type.value,
        "shortId": container.sys_id,
        "organizationName": container.project.workspace,
        "projectName": container.project.name,
        "trashed": container.trashed,
    }


def attribute_to_wire(attribute: Attribute) -> dict[str, Any]:
    """Return an attribute as the attribute list and the tables have it."""
    return {
        "name": attribute.path,
        "type": attribute.type.value,
        f"{attribute.type.value}Properties": value_to_wire(attribute),
    }


def value_to_wire(attribute: Attribute) -> dict[str, Any]:
    """Return an attribute's value as its getter answers it."""
    value = attribute.value
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    return {"value": value}


def _series_to_wire(value: SeriesValue) -> dict[str, Any]:
    return {"last": value.last}


def _file_to_wire(value: FileValue) -> dict[str, Any]:
    return {"name": value.sha256, "ext": value.extension, "size": value.size_bytes}


def _git_ref_to_wire(value: GitRefValue) -> dict[str, Any]:
    return {"commit": value.details.get("commit") or {}}


_WRITERS: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    SeriesValue: _series_to_wire,
    FileValue: _file_to_wire,
    GitRefValue: _git_ref_to_wire,
    Datetime: lambda value: {"value": format_moment(value.milliseconds)},
    ArtifactValue: lambda value: {"hash": value.hash},
    ImageSeriesValue: lambda value: {"lastStep": value.last_step},
    FileSetValue: lambda value: {"size": value.size_bytes},
    StringSetValue: lambda value: {"values": list(value.values)},
}
