"""What a shell is told when Tab is pressed; never starts a server, and never waits long for one."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from neptune_yolo.exceptions import NeptuneYoloError

if TYPE_CHECKING:
    from neptune_yolo.read.api import ReadApi

_RUNS = 100
_NAMES = 500


def complete_runs(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return identifiers of runs with their names, the newest first."""
    from neptune_yolo.read.searches import RunSearch

    with _quietly(context) as api:
        if api is not None:
            project = api.find_project(context.params.get("project"))
            rows = list(api.search_runs(project, RunSearch(), _RUNS))
            return [
                CompletionItem(row.run.sys_id, help=row.run.name or None)
                for row in rows
                if row.run.sys_id.lower().startswith(incomplete.lower())
            ]
    return []


def complete_paths(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return paths of attributes: those of the run that is named already, else those of the project."""
    with _quietly(context) as api:
        if api is not None:
            return [CompletionItem(path) for path in _paths(api, context, incomplete) if path.startswith(incomplete)]
    return []


def complete_projects(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the projects of the server."""
    with _quietly(context) as api:
        if api is not None:
            names = [project.full_name for project in api.projects()]
            return [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return []


def _paths(api: "ReadApi", context: click.Context, incomplete: str) -> Iterable[str]:
    project, run = context.params.get("project"), context.params.get("run")
    if isinstance(run, str):
        place = api.find_run(run, project)
        return [view.path for view in api.attributes(place.project, place.run, prefix=incomplete)]
    return [name.path for name in api.attribute_names(api.find_project(project), incomplete, limit=_NAMES)]


@contextmanager
def _quietly(context: click.Context) -> "Iterator[ReadApi | None]":
    """Give the read API of the server if it runs; errors are nobody's business while a word is being typed."""
    try:
        api = _running_api(context)
        try:
            yield api
        finally:
            if api is not None:
                api.close()
    except (NeptuneYoloError, OSError):
        return


def _running_api(context: click.Context) -> "ReadApi | None":
    from neptune_yolo.connection import choose_api_token, embedded_server_for, server_address
    from neptune_yolo.read.api import ReadApi
    from neptune_yolo.read.servers import Server
    from neptune_yolo.read.transport import Transport
    from neptune_yolo.settings import NeptuneSettings

    token, source = choose_api_token(NeptuneSettings(), os.environ)
    home = context.params.get("home")
    embedded = embedded_server_for(None if home else token, home)
    if embedded is None:
        return ReadApi(Transport(Server(server_address(str(token), source), str(token)), pauses_seconds=()))
    running = embedded.running()
    if running is None:
        return None
    return ReadApi(Transport(Server(running.url, running.api_token, embedded), pauses_seconds=()))
