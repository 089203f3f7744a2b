"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from neptune_yolo.server.embedded import RunningServer
from neptune_yolo.server.home import HOME_VARIABLE

Decorated = Callable[..., Any]


def home_option(function: Decorated) -> Decorated:
    """Add ``--home``, the data folder; None when it isn't given."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="<folder>",
        help=f"Data folder of the embedded server. Default: {HOME_VARIABLE}, else the user's data folder.",
    )(function)


def show_notes(server: RunningServer) -> None:
    """Print what the user should know about a server, apart from the command's own output."""
    for note in server.notes:
        click.echo(note, err=True)
