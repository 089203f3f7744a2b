"""``neptune-yolo server run``: a process of a team server, in this terminal."""

from pathlib import Path

import click

from neptune_yolo.cli.team_options import config_option, setting_options, team_configuration


@click.command(short_help="Run a team server in this terminal.")
@config_option
@setting_options
def run(config_file: Path | None, **options: str | None) -> None:
    """Run a server for a team in this terminal, until Ctrl+C or SIGTERM.

    Settings come from the file, then from the environment, then from the options; the later one wins. Several such
    processes may run side by side on one PostgreSQL and one bucket.
    """
    from neptune_yolo.server.team_process import run_team_server

    run_team_server(team_configuration(config_file, **options), lambda url: click.echo(f"The server runs on {url}."))
