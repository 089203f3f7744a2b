"""``neptune-yolo open``: the pages of the embedded server in the browser."""

import os
import sys
import webbrowser
from pathlib import Path
from urllib.parse import quote

import click

from neptune_yolo.cli.administration import EXIT_NOT_FOUND, ProblemError
from neptune_yolo.cli.options import home_option, show_notes
from neptune_yolo.cli.projects import embedded_project
from neptune_yolo.cli.team_storage import embedded_storage
from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.server.exceptions import BackupError

_PARTS_OF_PROJECT_AND_RUN = 3


@click.command("open")
@click.argument("run_id", required=False)
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

    The link opens the pages once: whoever opens it first can read them, in that browser. The exit code is 3 if there is
    no such run.
    """
    path = run_path(run_id, project)
    embedded = EmbeddedServer(home)
    running = embedded.ensure_running()
    show_notes(running)
    if run_id is not None:
        _require_run(embedded, run_id.strip("/"), project)
    link = running.page_url(path)
    click.echo(link)
    if not no_browser and not _open_browser(link):
        click.echo("No browser could be opened here; open the link yourself.", err=True)


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
