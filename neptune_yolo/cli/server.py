"""``neptune-yolo server``: the embedded server by hand."""

import ipaddress
import logging
from pathlib import Path

import click
import psutil

from neptune_yolo.cli.options import home_option, show_notes
from neptune_yolo.cli.server_run import run
from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.server.exceptions import EmbeddedServerError
from neptune_yolo.server.launching import EXIT_ALREADY_RUNNING
from neptune_yolo.server.state import ServerState

_EXIT_NOT_RUNNING = 3
_MEBIBYTE = 1024 * 1024


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of this machine to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    help="Port to listen on. Default: the last one of this data folder, or any that is free.",
)
@click.option(
    "--idle-seconds",
    type=click.FloatRange(min=0),
    default=0,
    show_default=True,
    help="Leave after so long without use; 0: never.",
)
@home_option
@click.pass_context
def server(context: click.Context, host: str, port: int | None, idle_seconds: float, home: Path | None) -> None:
    """Run the embedded server in this terminal until Ctrl+C, or start, stop and look at the one in the background.

    Trainings start it by themselves when they need it; this command is for those who want to see or to control it.
    """
    context.obj = home
    if context.invoked_subcommand is None:
        _run_in_foreground(EmbeddedServer(home), host, port, idle_seconds)


server.add_command(run)


@server.command(short_help="Start it in the background.")
@home_option
@click.option(
    "--idle-seconds",
    type=click.FloatRange(min=0),
    help="Leave after so long without use; 0: never. Default: NEPTUNE_YOLO_IDLE_SECONDS, else 3600.",
)
@click.pass_obj
def start(outer_home: Path | None, home: Path | None, idle_seconds: float | None) -> None:
    """Start the embedded server in the background, or find the one that runs, and print its link."""
    running = EmbeddedServer(home or outer_home, idle_seconds=idle_seconds).ensure_running()
    show_notes(running)
    click.echo(f"The embedded server runs on {running.url} (process {running.pid}, data in {running.home}).")
    click.echo(f"Open {running.page_url()}")


@server.command(short_help="End it.")
@home_option
@click.pass_obj
def stop(outer_home: Path | None, home: Path | None) -> None:
    """End the embedded server. A training that is logging to it starts it again within seconds."""
    embedded = EmbeddedServer(home or outer_home)
    if embedded.stop():
        click.echo(f"The embedded server of {embedded.layout.root} has ended.")
    else:
        click.echo(f"No embedded server runs on {embedded.layout.root}.")


@server.command(short_help="Tell whether it runs, and where.")
@home_option
@click.pass_context
def status(context: click.Context, home: Path | None) -> None:
    """Tell whether the embedded server runs; the exit code is 3 if it doesn't."""
    embedded = EmbeddedServer(home or context.obj)
    running = embedded.running()
    if running is None:
        click.echo(f"No embedded server runs on {embedded.layout.root}; the next training starts one.")
        context.exit(_EXIT_NOT_RUNNING)
    show_notes(running)
    leaving = f"after {running.idle_seconds:g} s without use" if running.idle_seconds else "never"
    for name, value in {
        "address": running.url,
        "page": running.page_url(),
        "data folder": running.home,
        "log": embedded.layout.log,
        "process": running.pid,
        "memory": _memory_text(running.pid),
        "version": running.version,
        "leaves by itself": leaving,
    }.items():
        click.echo(f"{name + ':':<18}{value}")


def _run_in_foreground(embedded: EmbeddedServer, host: str, port: int | None, idle_seconds: float) -> None:
    from neptune_yolo.server.process import ProcessOptions, run_server

    _require_loopback(host)
    _refuse_second_server(embedded)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")

    def tell(state: ServerState, link: str) -> None:
        click.echo(f"The embedded server runs on {state.url} (data in {embedded.layout.root}). Ctrl+C ends it.")
        click.echo(f"Open {link}")

    code = run_server(
        ProcessOptions(layout=embedded.layout, idle_seconds=idle_seconds, host=host, port=port, on_ready=tell)
    )
    if code == EXIT_ALREADY_RUNNING:
        _refuse_second_server(embedded)
        raise EmbeddedServerError(
            f"Expected no other server on the data folder {embedded.layout.root}, but one holds it and doesn't answer. "
            "End it with `neptune-yolo server stop`."
        )
    click.echo("The embedded server has ended.")


def _refuse_second_server(embedded: EmbeddedServer) -> None:
    running = embedded.running()
    if running is not None:
        raise EmbeddedServerError(
            f"Expected no other server on the data folder {running.home}, but one runs on {running.url} (process "
            f"{running.pid}). Use that one, end it with `neptune-yolo server stop`, or name another folder by --home."
        )


def _require_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise click.BadParameter(
            f"expected an IPv4 address of this machine only (127.0.0.1 or localhost), got {host!r}. The embedded "
            "server speaks plain http with one user, which is not safe on a network.",
            param_hint="--host",
        )


def _memory_text(pid: int) -> str:
    try:
        return f"{psutil.Process(pid).memory_info().rss / _MEBIBYTE:.0f} MiB"
    except psutil.Error as error:
        return f"unknown ({error})"
