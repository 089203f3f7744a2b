"""Says what there is instead of a project that is not there."""

import os
from itertools import islice

from neptune_yolo import envs
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.exceptions import ThingNotFoundError

_MOST_SHOWN = 10


def missing_project(api: ReadApi, project: str, *, is_named: bool) -> ThingNotFoundError:
    """Return the error of a project that is not there.

    Args:
        api: The server.
        project: ``workspace/name``.
        is_named: Whether the command names it; else it is that of NEPTUNE_PROJECT, or the default.

    Raises:
        ReadError: If the server does not answer.
    """
    known = [found.full_name for found in islice(api.projects(), _MOST_SHOWN + 1)]
    if not known:
        return ThingNotFoundError(
            f"Expected runs in project {project!r}, but nothing was logged to {api.server_url} yet that you may see. "
            "Train with a trainer of neptune_yolo, or import runs: neptune-yolo import --help."
        )
    is_default = not is_named and not os.environ.get(envs.NEPTUNE_PROJECT)
    what = f"{project!r}, the default, which is not there yet" if is_default else f"{project!r}, which is not there"
    names = ", ".join(known[:_MOST_SHOWN]) + (", ..." if len(known) > _MOST_SHOWN else "")
    return ThingNotFoundError(
        f"Expected an existing project, got {what}. There are: {names}. Name one by -p or {envs.NEPTUNE_PROJECT}."
    )
