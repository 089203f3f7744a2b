"""Calls the client's own commands with a server and a token."""

import importlib
import os
import re
from dataclasses import dataclass
from typing import Any

import click

from neptune_yolo import envs
from neptune_yolo.cli.options import show_notes
from neptune_yolo.cli.projects import embedded_project
from neptune_yolo.connection import (
    allow_loopback,
    check_reachable,
    choose_api_token,
    embedded_server_for,
    server_address,
)
from neptune_yolo.exceptions import ApiTokenRefusedError
from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.settings import NeptuneSettings

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class ClientCommandError(click.ClickException):
    """A command of the client has given up."""


@dataclass(frozen=True)
class Server:
    """The server that the client's commands talk to.

    Args:
        url: Its address.
        api_token: API token of it.
        project: Project for what names none; None if nobody names one.
    """

    url: str
    api_token: str
    project: str | None


def use_server(project: str | None = None) -> Server:
    """Name the server of the environment, or the embedded server, to the client, and return it.

    Args:
        project: Project that the user asks for. None: NEPTUNE_PROJECT, or the default on the embedded server.

    Raises:
        ApiTokenError: If NEPTUNE_API_TOKEN can't be used.
        ServerUnreachableError: If the server that it names doesn't answer.
    """
    token, source = choose_api_token(NeptuneSettings(), os.environ)
    embedded = embedded_server_for(token)
    if embedded is not None:
        return _use_embedded_server(embedded, project)
    url = server_address(str(token), source)
    allow_loopback(url)
    check_reachable(url, NeptuneSettings().connect_timeout_seconds)
    return Server(url, str(token), project or os.environ.get(envs.NEPTUNE_PROJECT) or None)


def _use_embedded_server(embedded: EmbeddedServer, project: str | None) -> Server:
    """Start the embedded server and name it to the client."""
    project_name = embedded_project(project)
    running = embedded.ensure_running()
    show_notes(running)
    allow_loopback(running.url)
    os.environ[envs.NEPTUNE_API_TOKEN] = running.api_token
    os.environ[envs.NEPTUNE_PROJECT] = project_name
    return Server(running.url, running.api_token, project_name)


def call_client(name: str, server: Server, **arguments: Any) -> None:
    """Call ``sync``, ``status`` or ``clear`` of the client.

    Args:
        name: Name of the client's command.
        server: What `use_server` returned.
        arguments: The command's arguments.

    Raises:
        ApiTokenRefusedError: If the server doesn't accept the token.
        ClientCommandError: If the client gives up for another reason.
    """
    commands = importlib.import_module("neptune.cli.commands")
    errors = importlib.import_module("neptune.exceptions")
    try:
        getattr(commands, name).callback(**arguments)
    except (errors.Unauthorized, errors.NeptuneInvalidApiTokenException) as error:
        raise ApiTokenRefusedError(server.url) from error
    except errors.CannotSynchronizeOfflineRunsWithoutProject as error:
        raise click.ClickException(_project_problem(server)) from error
    except errors.NeptuneException as error:
        raise ClientCommandError(_COLOURS.sub("", str(error)).strip()) from error


def _project_problem(server: Server) -> str:
    if server.project is None:
        return f"Expected a project for the offline runs, got none. Name it by --project or {envs.NEPTUNE_PROJECT}."
    return (
        f"Expected a project for the offline runs that {server.url} has, got {server.project!r}: it does not exist, or "
        f"this API token may not see it. Name another one by --project or {envs.NEPTUNE_PROJECT}, or create it."
    )
