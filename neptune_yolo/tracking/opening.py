"""Opens the run of a training, or takes the one that is handed in; who opens a run stops it."""

import logging
import os
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neptune_yolo import envs
from neptune_yolo.exceptions import (
    ApiTokenRefusedError,
    ProjectNotFoundError,
    RunNotFoundError,
    RunNotOpenedError,
    RunStoppedError,
    ServerUnreachableError,
)
from neptune_yolo.settings import Mode, NeptuneSettings
from neptune_yolo.tracking.attribute_paths import GROUP_TAGS
from neptune_yolo.tracking.queue_folder import queue_folders

_LOGGER = logging.getLogger(__name__)


FLUSH_SECONDS = 0.5
"""How long logged values wait before they are sent: whoever watches a training sees them within two seconds."""


@dataclass(frozen=True)
class Target:
    """Where a run is opened.

    Args:
        mode: How the client sends what is logged.
        project: Project as ``workspace/name``.
        api_token: API token of the server; None offline.
        server_url: Address of the server, for messages.
    """

    mode: Mode
    project: str | None
    api_token: str | None
    server_url: str | None


@dataclass(frozen=True)
class OpenedRun:
    """A live run.

    Args:
        run: The client's run (``neptune.Run``).
        owned: Whether it was opened here, and so has to be stopped here.
        queue_folder: Folder of its queue on disk; None if it has none or was opened elsewhere.
        custom_run_id: The identifier by which a server finds it again; None if it was opened elsewhere, or by its id.
    """

    run: Any
    owned: bool
    queue_folder: Path | None = None
    custom_run_id: str | None = None


def adopt_run(run: Any) -> OpenedRun:
    """Return a run that was opened elsewhere and will be stopped there.

    Raises:
        RunStoppedError: If it is stopped already.
    """
    state = run.get_state()
    if state != "started":
        raise RunStoppedError(state)
    return OpenedRun(run, owned=False)


def open_run(settings: NeptuneSettings, target: Target, default_name: str) -> OpenedRun:
    """Open a new run, or go on with the one that the settings name.

    Args:
        settings: The trainer's settings.
        target: Where the run is opened.
        default_name: Name of a new run if the settings give none.

    Raises:
        ServerConnectionError: If the server does not answer or does not let us in.
        RunError: If the run to go on with does not exist, or cannot be opened.
    """
    import neptune

    before = queue_folders()
    arguments = _arguments(settings, target, default_name)
    with _clear_errors(settings, target), random_numbers_untouched():
        run = neptune.init_run(**arguments)
    if settings.group_tags:
        run[GROUP_TAGS].add(list(settings.group_tags))
    new = queue_folders() - before
    return OpenedRun(run, True, min(new) if new else None, arguments["custom_run_id"])  # noqa: FBT003 - owned


def open_read_only(run_id: str, target: Target) -> Any:
    """Return a run (``neptune.Run``) that can only be read.

    Args:
        run_id: Id of the run, such as ``YOL-7``.
        target: Where it is kept.

    Raises:
        ServerConnectionError: If the server does not answer or does not let us in.
        RunError: If there is no such run, or it cannot be opened.
    """
    import neptune

    with _clear_errors(NeptuneSettings(with_id=run_id), target), random_numbers_untouched():
        return neptune.init_run(with_id=run_id, project=target.project, api_token=target.api_token, mode="read-only")


@contextmanager
def random_numbers_untouched() -> Iterator[None]:
    """Keep Python's global random numbers as they are: the client draws from them, a seeded training does as well.

    Inside, they begin at a random place, so that the names that the client draws differ from run to run.
    """
    state = random.getstate()
    random.seed()
    try:
        yield
    finally:
        random.setstate(state)


def _arguments(settings: NeptuneSettings, target: Target, default_name: str) -> dict[str, Any]:
    is_online = target.mode.is_online
    name = settings.name if settings.with_id else settings.name or default_name
    tags = () if settings.with_id and settings.tags == NeptuneSettings.tags else settings.tags  # it has its own
    return {
        "with_id": settings.with_id if is_online else None,
        "project": target.project if is_online else None,
        "api_token": target.api_token if is_online else None,
        "mode": str(target.mode),
        "name": name,
        "description": settings.description,
        "tags": list(tags) or None,
        "custom_run_id": _custom_run_id(settings),
        "source_files": None if settings.source_files is None else list(settings.source_files),
        "capture_hardware_metrics": settings.capture_hardware_metrics,
        "capture_stdout": settings.capture_stdout,
        "capture_stderr": settings.capture_stderr,
        "capture_traceback": settings.capture_traceback,
        "git_ref": _git_ref(settings.git_ref),
        "dependencies": settings.dependencies,
        "flush_period": FLUSH_SECONDS,
    }


def _custom_run_id(settings: NeptuneSettings) -> str | None:
    """Return the identifier of the run; every new run has one, so that it can be found again in any mode."""
    if settings.with_id is not None:
        return None
    return settings.custom_run_id or os.environ.get(envs.NEPTUNE_CUSTOM_RUN_ID) or str(uuid.uuid4())


def _git_ref(git_ref: bool | str | None) -> Any:  # noqa: FBT001 - the client's own form of the argument
    if isinstance(git_ref, str):
        from neptune.types import GitRef

        return GitRef(repository_path=git_ref)
    return git_ref


@contextmanager
def _clear_errors(settings: NeptuneSettings, target: Target) -> Iterator[None]:
    """Turn the client's errors of opening a run into ours."""
    from neptune.common.exceptions import (
        Forbidden,
        NeptuneConnectionLostException,
        NeptuneException,
        NeptuneInvalidApiTokenException,
        Unauthorized,
    )
    from neptune.exceptions import MetadataContainerNotFound, ProjectNotFound

    server, project = target.server_url or "", target.project or ""
    try:
        yield
    except (NeptuneInvalidApiTokenException, Unauthorized) as error:
        raise ApiTokenRefusedError(server) from error
    except (ProjectNotFound, Forbidden) as error:
        raise ProjectNotFoundError(project, server) from error
    except MetadataContainerNotFound as error:
        raise RunNotFoundError(settings.with_id or "", project) from error
    except NeptuneConnectionLostException as error:
        raise ServerUnreachableError(server, type(error.cause).__name__) from error
    except NeptuneException as error:
        raise RunNotOpenedError(" ".join(str(error).split())) from error
