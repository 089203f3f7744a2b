"""``neptune-yolo sync``, ``status`` and ``clear``: the client's own commands for its queue folders.

The client's script ``neptune`` needs an old setuptools to start; its commands don't. They are called here with the
same options, and with the embedded server where no API token is set.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from neptune_yolo.cli.client_commands import ClientCommandError, Server, call_client, use_server
from neptune_yolo.cli.client_problems import ClientProblems, client_text, recorded_problems
from neptune_yolo.cli.queue_folders import QUEUE_FOLDER, find_queue_folder, refuse_live_queues
from neptune_yolo.settings import Mode
from neptune_yolo.tracking.opening import Target
from neptune_yolo.tracking.queue_folder import ASYNC, OFFLINE, all_queues, leftover
from neptune_yolo.tracking.queue_sync import assign_offline_queues, send_in_order

_SHOWN = 3
"""Most queues that a message names."""

Decorated = Callable[..., Any]


def _queue_options(function: Decorated) -> Decorated:
    path = click.option(
        "--path",
        type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
        metavar="<location>",
        help=f"Folder that contains a {QUEUE_FOLDER!r} folder. Default: NEPTUNE_DATA_DIRECTORY, else the present one.",
    )
    running = click.option(
        "--even-if-running",
        is_flag=True,
        help="Go ahead although a process is still writing; what it writes from then on may be lost.",
    )
    return path(running(function))


@click.command()
@_queue_options
@click.option(
    "--object",
    "object_names",
    multiple=True,
    metavar="<object-name>",
    help="Run to send: workspace/project/short-id, or offline/<UUID>. May be repeated.",
)
@click.option(
    "--queue",
    "queue_names",
    multiple=True,
    metavar="<folder>",
    help="Queue to send: the name of its folder, or its path. May be repeated.",
)
@click.option(
    "-p",
    "--project",
    "project_name",
    metavar="project-name",
    help="Project (workspace/project) where offline runs are sent. Default: NEPTUNE_PROJECT, else local/yolo on the "
    "embedded server.",
)
@click.option("--offline-only", is_flag=True, help="Send offline runs only.")
def sync(
    path: Path | None,
    object_names: tuple[str, ...],
    queue_names: tuple[str, ...],
    project_name: str | None,
    offline_only: bool,
    even_if_running: bool,
) -> None:
    """Send what runs have left in a .neptune folder: after a lost connection, or from offline mode.

    An offline run that goes on with an earlier one is sent into that run.

    \b
    neptune-yolo sync                                  everything in the present folder
    neptune-yolo sync --path runs/a                    everything in runs/a/.neptune
    neptune-yolo sync --project local/traffic          offline runs go to that project
    neptune-yolo sync --object local/yolo/YOL-42       one run only

    The exit code is 1 if something is left, with the number of queues and the reason.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    if offline_only and object_names:
        raise click.UsageError("Expected --object or --offline-only, got both. Leave one of them out.")
    folder = find_queue_folder(path)
    queues = _named_queues(folder, queue_names)
    if not even_if_running:
        refuse_live_queues(folder, queues)
    server = use_server(project_name)
    problems = ClientProblems()

    def call(root: Path, objects: tuple[str, ...] = (), *, offline: bool = False) -> None:
        arguments = {"object_names": list(objects), "project_name": server.project, "offline_only": offline}
        with recorded_problems(problems):
            call_client("sync", server, path=root, **arguments)

    if not object_names:
        queues = _assigned(folder, server, project_name, queues)
    try:
        left = _send(call, folder, queues, object_names, offline_only=offline_only)
    except ClientCommandError as error:
        problems.errors.append(client_text(error.message))
        left = _left_of(folder, object_names, offline_only=offline_only)
        if not left:
            raise
    _report(left, problems)
    if object_names and problems.reason:
        raise click.ClickException(f"Expected to send {', '.join(object_names)}, but {problems.reason}")


def _named_queues(folder: Path, names: tuple[str, ...]) -> list[Path] | None:
    if not names:
        return None
    known = {queue.name: queue for queue in all_queues(folder)}
    for name in names:
        if Path(name).name not in known:
            raise click.ClickException(
                f"Expected a queue in {folder}, but there is none named {Path(name).name}. It may have been sent "
                "already; `neptune-yolo status` lists what is there."
            )
    return [known[Path(name).name] for name in names]


def _assigned(folder: Path, server: Server, project: str | None, queues: list[Path] | None) -> list[Path] | None:
    """Give offline queues to the runs that they continue; return the queues that were named where they are then."""
    target = Target(Mode.ASYNC, server.project, server.api_token, server.url)
    for assigned in assign_offline_queues(folder, target, project, queues):
        click.echo(f"The offline run in {assigned.before.name} goes into the run {assigned.run_id}.")
        queues = None if queues is None else [assigned.after if q == assigned.before else q for q in queues]
    return queues


def _send(
    call: Callable[..., None],
    folder: Path,
    queues: list[Path] | None,
    object_names: tuple[str, ...],
    *,
    offline_only: bool,
) -> list[Path]:
    """Let the client send what is asked for; return the queues that still hold something of it."""
    if queues is not None or not (object_names or offline_only):
        left = send_in_order(folder, call, queues, every_run=queues is not None)
        if left or queues is not None:
            return left
    call(folder, object_names, offline=offline_only)
    return _left_of(folder, object_names, offline_only=offline_only)


def _left_of(folder: Path, object_names: tuple[str, ...], *, offline_only: bool) -> list[Path]:
    """Return the queues that still hold something: those of the offline runs that were named, or all."""
    kinds = [OFFLINE] if offline_only else [ASYNC, OFFLINE]
    left = [queue for queue in all_queues(folder, kinds) if leftover(queue).folder is not None]
    if not object_names:
        return left
    offline = [name.removeprefix(f"{OFFLINE}/") for name in object_names if name.startswith(f"{OFFLINE}/")]
    return [queue for queue in left if queue.parent.name == OFFLINE and any(name in queue.name for name in offline)]


def _report(unsent: list[Path], problems: ClientProblems) -> None:
    if not unsent:
        return
    left = "1 queue is" if len(unsent) == 1 else f"{len(unsent)} queues are"
    reason = problems.reason or "the client did not say why. Try again."
    raise click.ClickException(
        f"Expected to send everything, but {left} still here ({', '.join(queue.name for queue in unsent[:_SHOWN])}"
        f"{', ...' if len(unsent) > _SHOWN else ''} in {unsent[0].parent}): {reason}"
    )


@click.command()
@_queue_options
def status(path: Path | None, even_if_running: bool) -> None:
    """List the runs of a .neptune folder that are not, or not completely, on the server."""
    folder = find_queue_folder(path)
    if not even_if_running:
        refuse_live_queues(folder)
    call_client("status", use_server(), path=folder)


@click.command()
@_queue_options
def clear(path: Path | None, even_if_running: bool) -> None:
    """Remove what has been sent, or belongs to deleted runs, from a .neptune folder; asks before removing more."""
    folder = find_queue_folder(path)
    if not even_if_running:
        refuse_live_queues(folder)
    call_client("clear", use_server(), path=folder)
