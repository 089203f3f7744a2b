"""``neptune-yolo open``: the pages of a server in the browser."""

import os
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from neptune_yolo import envs
from neptune_yolo.cli.administration import EXIT_NOT_FOUND, ProblemError
from neptune_yolo.cli.options import home_option, show_notes
from neptune_yolo.cli.projects import embedded_project
from neptune_yolo.cli.reading.completion import complete_runs
from neptune_yolo.cli.team_storage import embedded_storage
from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.server.exceptions import BackupError

if TYPE_CHECKING:
    from neptune_yolo.read.servers import Server

_PARTS_OF_PROJECT_AND_RUN = 3


@click.command("open")
@click.argument("run_id", required=False, shell_complete=complete_runs)
@click.option(
    "-p",
    "--project",
    metavar="<workspace/name>",
    help="Project of the run. Default: wherever a run of that ID is.",
)
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@home_option
def open_pages(run_id: str | None, project: str | None, no_browser: bool, home: Path | None) -> None:
    """Print the link to all runs, or to the run RUN_ID (YOL-1 or workspace/name/YOL-1), and open it in the browser.

    That is a page of the server that NEPTUNE_API_TOKEN names, where you sign in, else of the embedded server. There,
    the link opens the pages once: whoever opens it first can read them, in that browser. The exit code is 3 if there is
    no such run.
    """
    other = None if home is not None else other_server()
    if other is not None:
        _show(_link_of(other, run_id, project), no_browser=no_browser)
        return
    path = run_path(run_id, project)
    embedded = EmbeddedServer(home)
    running = embedded.ensure_running()
    show_notes(running)
    if run_id is not None:
        _require_run(embedded, run_id.strip("/"), project)
    _show(running.page_url(path), no_browser=no_browser)


def _show(link: str, *, no_browser: bool) -> None:
    click.echo(link)
    if not no_browser and not _open_browser(link):
        click.echo("No browser could be opened here; open the link yourself.", err=True)


def other_server() -> "Server | None":
    """Return the server that NEPTUNE_API_TOKEN names; None if that is the embedded one, or nothing is named."""
    if not os.environ.get(envs.NEPTUNE_API_TOKEN):
        return None
    from neptune_yolo.connection import embedded_server_for
    from neptune_yolo.read.servers import find_server

    if embedded_server_for(os.environ[envs.NEPTUNE_API_TOKEN].strip()) is not None:
        return None
    return find_server()


def _link_of(server: "Server", run_id: str | None, project: str | None) -> str:
    """Return the link to a page of a server where people sign in."""
    from neptune_yolo.cli.reading.common import ending_well
    from neptune_yolo.read.api import ReadApi
    from neptune_yolo.read.transport import Transport

    api = ReadApi(Transport(server))
    try:
        with ending_well():
            if run_id is None:
                return f"{server.url}/{quote(api.find_project(project))}/" if project else f"{server.url}/"
            place = api.find_run(run_id, project)
            found = api.run(place.project, place.run)
            return f"{server.url}/{quote(found.project_name)}/e/{quote(found.sys_id)}"
    finally:
        api.close()


def run_path(run_id: str | None, project: str | None) -> str:
    """Return the path of a run's page, as the client prints it; that of the list of runs without a run."""
    if run_id is None:
        return f"/{quote(embedded_project(project))}/" if project else "/"
    parts = run_id.strip("/").split("/")
    if len(parts) == 1:
        return f"/{quote(embedded_project(project))}/e/{quote(parts[0])}" if project else f"/runs/{quote(parts[0])}"
    if len(parts) == _PARTS_OF_PROJECT_AND_RUN and all(parts):
        return f"/{quote('/'.join(parts[:2]))}/e/{quote(parts[2])}"
    raise click.BadParameter(f"expected a run as YOL-1 or workspace/name/YOL-1, got {run_id!r}.", param_hint="RUN_ID")


def _require_run(embedded: EmbeddedServer, run_id: str, project: str | None) -> None:
    from neptune_yolo.server.maintenance import has_container

    named = f"{embedded_project(project)}/{run_id}" if project and "/" not in run_id else run_id
    try:
        exists = has_container(embedded_storage(embedded), named)
    except BackupError:
        return  # a server of another version runs there: its page says whether there is one
    if not exists:
        raise ProblemError(
            f"Expected a run of the embedded server of {embedded.layout.root}, got {named!r}, which is not there. "
            "Check its id and its project; `neptune-yolo open` shows all runs.",
            EXIT_NOT_FOUND,
        )


def _open_browser(link: str) -> bool:
    if sys.platform == "linux" and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")):
        return False  # a browser in the terminal would take the terminal over
    return webbrowser.open(link)
