"""Paths of the read API."""

from urllib.parse import quote

from neptune_yolo.exceptions import ProjectNameError
from neptune_yolo.read.exceptions import RequestRefusedError

_PARTS = 2


def project_path(project: str) -> str:
    """Return the path of a project.

    Args:
        project: ``workspace/name``.

    Raises:
        ProjectNameError: If it has another form.
    """
    parts = project.split("/")
    if len(parts) != _PARTS or not all(part.strip(".") for part in parts):
        raise ProjectNameError(project, "the program")
    return f"/projects/{quote(parts[0], safe='')}/{quote(parts[1], safe='')}"


def run_path(project: str, run: str) -> str:
    """Return the path of a run.

    Args:
        project: ``workspace/name``.
        run: Identifier, such as ``YOL-7``.

    Raises:
        ProjectNameError: If the project has another form.
        RequestRefusedError: If the identifier cannot be one.
    """
    if not run.strip(".") or "/" in run:
        raise RequestRefusedError(f"Expected the identifier of a run, such as YOL-7, got {run!r}. Correct it.")
    return f"{project_path(project)}/runs/{quote(run, safe='')}"
