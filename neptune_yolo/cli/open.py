"""``neptune-yolo open``: the pages of the embedded server in the browser."""

import os
import sys
import webbrowser
from pathlib import Path
from urllib.parse import quote

import click

from neptune_yolo.cli.options import home_option, show_notes
from neptune_yolo.cli.projects import embedded_project
from neptune_yolo.server.embedded import EmbeddedServer

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

    The link holds the key to this machine's pages: whoever has it can read them.
    """
    path = run_path(run_id, project)
    running = EmbeddedServer(home).ensure_running()
    show_notes(running)
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


def _open_browser(link: str) -> bool:
    if sys.platform == "linux" and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")):
        return False  # a browser in the terminal would take the terminal over
    return webbrowser.open(link)
