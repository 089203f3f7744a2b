"""The project that a command is about."""

import os

from neptune_yolo import envs
from neptune_yolo.connection import DEFAULT_PROJECT, EMBEDDED_WORKSPACE
from neptune_yolo.exceptions import ProjectNameError

_PARTS = 2


def embedded_project(given: str | None) -> str:
    """Return a project of the embedded server: the given one, else NEPTUNE_PROJECT, else the default.

    Raises:
        ProjectNameError: If it has neither the form ``workspace/name`` nor ``name``.
    """
    source = "--project" if given else envs.NEPTUNE_PROJECT
    project = (given or os.environ.get(envs.NEPTUNE_PROJECT, "")).strip()
    if not project:
        return DEFAULT_PROJECT
    parts = project.split("/")
    if len(parts) > _PARTS or not all(part and not any(sign.isspace() for sign in part) for part in parts):
        raise ProjectNameError(project, source)
    return project if len(parts) == _PARTS else f"{EMBEDDED_WORKSPACE}/{project}"
