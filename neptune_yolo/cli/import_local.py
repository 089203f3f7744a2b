"""``neptune-yolo import neptune-local``: what clients have left for a server that no longer exists."""

import contextlib
import importlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from neptune_yolo import envs
from neptune_yolo.cli.client_commands import ClientCommandError, Server, call_client
from neptune_yolo.cli.client_problems import ClientProblems, client_text, recorded_problems
from neptune_yolo.cli.import_options import import_options, project_name, show_progress, show_report
from neptune_yolo.connection import allow_loopback
from neptune_yolo.exceptions import NeptuneYoloError
from neptune_yolo.read.servers import find_server
from neptune_yolo.tracking.queue_folder import ASYNC, all_queues, leftover
from neptune_yolo.transfer.neptune_local.importing import LocalImport
from neptune_yolo.transfer.writing import open_destination

_CLIENT_COMMANDS = "neptune_no_prefix"
"""Logger of the client's commands."""


@click.command("neptune-local")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path), metavar="DIR"
)
@click.option(
    "--files-from-anywhere",
    is_flag=True,
    help="Send files too that lie outside the folder with .neptune in it. Only for folders that you have written.",
)
@click.option(
    "--even-if-running",
    is_flag=True,
    help="Send also what a process seems to write still. Needed for programs that ran in a container.",
)
@import_options
def import_local(
    folder: Path,
    files_from_anywhere: bool,
    even_if_running: bool,
    project: str | None,
    dry_run: bool,
    as_json: bool,
    home: Path | None,
) -> None:
    """Import the .neptune folders below DIR: runs that were offline, or lost their server before all was sent.

    Each becomes a new run here, its operations sent by the client itself. The folders are not changed. What the former
    server had received and is not on disk any more is named.

    \b
    neptune-yolo import neptune-local .                 the .neptune folder here
    neptune-yolo import neptune-local old --dry-run     what is in all .neptune folders below old/
    neptune-yolo import neptune-local old --files-from-anywhere

    The exit code is 1 if a run could not be sent, is not on the server as it should be, or has lost files or
    operations. What the former server had received, and a last line that was torn, are named in notes, and change
    nothing in it.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    if dry_run:
        planned = LocalImport(None, "", lambda _: "", show_progress, files_from_anywhere, even_if_running)
        show_report(planned.run(folder), as_json=as_json)
        return
    server = find_server(home=home)
    allow_loopback(server.url)
    os.environ[envs.NEPTUNE_API_TOKEN] = server.api_token
    with open_destination(api_token=server.api_token) as destination:
        name = project_name(destination, project)
        client = Server(server.url, server.api_token, name)
        options = (show_progress, files_from_anywhere, even_if_running)
        report = LocalImport(destination, name, lambda root: _sync(client, root), *options).run(folder)
    show_report(report, as_json=as_json)


@contextlib.contextmanager
def _quiet_client() -> Iterator[None]:
    """Keep what the client says of its progress, as of the folder that it deletes, which is a copy, from the user."""
    importlib.import_module("neptune.cli.commands")  # which sets the logger's level when it comes in
    logger = logging.getLogger(_CLIENT_COMMANDS)
    former = logger.level
    logger.setLevel(logging.WARNING)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        logger.setLevel(former)


def _sync(server: Server, root: Path) -> str:
    """Let the client send what is in a folder; return what went wrong, or an empty text."""
    problems = ClientProblems()
    try:
        with recorded_problems(problems), _quiet_client():
            call_client("sync", server, path=root, object_names=[], project_name=server.project, offline_only=False)
    except (ClientCommandError, NeptuneYoloError) as error:
        return client_text(getattr(error, "message", "") or str(error))
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:  # the client, of what it cannot read
        return f"the client failed: {type(error).__name__}: {client_text(str(error))}"
    if any(leftover(queue).folder for queue in all_queues(root, [ASYNC])):
        return problems.reason or "it left something behind and did not say why."
    return ""
