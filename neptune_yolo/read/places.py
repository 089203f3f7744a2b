"""Which project, and which run, a name means."""

import os
from dataclasses import dataclass

from neptune_yolo.connection import choose_project, project_for
from neptune_yolo.read.exceptions import RequestRefusedError
from neptune_yolo.settings import NeptuneSettings

_PARTS_OF_PROJECT_AND_RUN = 3


@dataclass(frozen=True)
class RunPlace:
    """Where a run is.

    Attributes:
        project: ``workspace/name``.
        run: Identifier, such as ``YOL-7``.
    """

    project: str
    run: str

    def __str__(self) -> str:
        """Return it as ``workspace/name/YOL-7``."""
        return f"{self.project}/{self.run}"


def find_project(project: str | None, server_url: str, *, is_embedded: bool) -> str:
    """Return a project as ``workspace/name``: the one given, else NEPTUNE_PROJECT, else the embedded server's default.

    Args:
        project: ``workspace/name``, on the embedded server ``name`` as well; None if nothing is given.
        server_url: Address of the server.
        is_embedded: Whether it is the embedded one.

    Raises:
        RequestRefusedError: If none is named for another server.
        ProjectNameError: If it has another form.
    """
    chosen, source = choose_project(NeptuneSettings(), None, os.environ)
    if project is not None:
        chosen, source = project, "project"
    if chosen is None and not is_embedded:
        raise RequestRefusedError(
            f"Expected the name of a project of the server {server_url}, got none. Name it as workspace/name: by "
            "--project, in Python by project=..., or in NEPTUNE_PROJECT."
        )
    return project_for(chosen, source, server_url, is_embedded=is_embedded)


def split_run(text: str) -> tuple[str | None, str]:
    """Return the project, None if it is not named, and the identifier of a run.

    Args:
        text: ``YOL-7`` or ``workspace/name/YOL-7``.

    Raises:
        RequestRefusedError: If the text has another form.
    """
    parts = text.strip("/").split("/")
    if len(parts) == 1 and parts[0]:
        return None, parts[0]
    if len(parts) == _PARTS_OF_PROJECT_AND_RUN and all(parts):
        return "/".join(parts[:2]), parts[2]
    raise RequestRefusedError(f"Expected a run as YOL-7 or workspace/name/YOL-7, got {text!r}. Correct it.")
