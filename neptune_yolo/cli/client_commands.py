"""Calls the client's own commands with a server and a token."""

import importlib
import os
import re
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


def run_client_command(name: str, **arguments: Any) -> None:
    """Call ``sync``, ``status`` or ``clear`` of the client, against the server that the environment names.

    Args:
        name: Name of the client's command.
        arguments: The command's arguments.

    Raises:
        ApiTokenError: If NEPTUNE_API_TOKEN can't be used.
        ApiTokenRefusedError: If the server doesn't accept it.
        ServerUnreachableError: If the server that it names doesn't answer.
    """
    token, source = choose_api_token(NeptuneSettings(), os.environ)
    embedded = embedded_server_for(token)
    if embedded is not None:
        server_url = _use_embedded_server(embedded, arguments.get("project_name"))
        if "project_name" in arguments:
            arguments["project_name"] = os.environ[envs.NEPTUNE_PROJECT]
    else:
        server_url = server_address(str(token), source)
        allow_loopback(server_url)
        check_reachable(server_url, NeptuneSettings().connect_timeout_seconds)
    _call(name, arguments, server_url)


def _use_embedded_server(embedded: EmbeddedServer, project: str | None) -> str:
    """Start the embedded server, name it to the client, and return its address."""
    project_name = embedded_project(project)
    running = embedded.ensure_running()
    show_notes(running)
    allow_loopback(running.url)
    os.environ[envs.NEPTUNE_API_TOKEN] = running.api_token
    os.environ[envs.NEPTUNE_PROJECT] = project_name
    return running.url


def _call(name: str, arguments: dict[str, Any], server_url: str) -> None:
    commands = importlib.import_module("neptune.cli.commands")
    errors = importlib.import_module("neptune.exceptions")
    try:
        getattr(commands, name).callback(**arguments)
    except (errors.Unauthorized, errors.NeptuneInvalidApiTokenException) as error:
        raise ApiTokenRefusedError(server_url) from error
    except errors.CannotSynchronizeOfflineRunsWithoutProject as error:
        raise click.ClickException(
            f"Expected a project for the offline runs, got none. Name it by --project or {envs.NEPTUNE_PROJECT}."
        ) from error
    except errors.NeptuneException as error:
        raise click.ClickException(_COLOURS.sub("", str(error)).strip()) from error
