"""What the commands share that work on a server's database."""

import functools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from neptune_yolo.cli.team_options import config_option, team_configuration
from neptune_yolo.server.configuration import ENVIRONMENT_PREFIX
from neptune_yolo.server.exceptions import (
    ConfigurationError,
    ConflictError,
    NotApplicableError,
    NotFoundError,
    ProjectExistsError,
    ProjectKeyTakenError,
    ServerError,
)
from neptune_yolo.server.home import HOME_VARIABLE, HomeLayout, data_home

if TYPE_CHECKING:
    from neptune_yolo.server.administration import Administration

Decorated = Callable[..., Any]

_DATABASE_VARIABLE = f"{ENVIRONMENT_PREFIX}DATABASE_URL"

EXIT_NOT_FOUND = 3
"""Exit code where what the command names does not exist."""

EXIT_EXISTS = 4
"""Exit code where what the command would make exists already."""

_EXIT_CODES: tuple[tuple[type[ServerError], int], ...] = (
    (NotFoundError, EXIT_NOT_FOUND),
    (NotApplicableError, EXIT_NOT_FOUND),
    (ConflictError, EXIT_EXISTS),
    (ProjectExistsError, EXIT_EXISTS),
    (ProjectKeyTakenError, EXIT_EXISTS),
)

_LISTINGS: Mapping[str, str] = MappingProxyType(
    {
        "user": "neptune-yolo user list",
        "API token": "neptune-yolo token list",
        "project": "neptune-yolo project list",
        "workspace": "neptune-yolo project list",
    }
)
"""What lists the things of a kind."""

database_option = click.option(
    "--database-url", metavar="<url>", help="Database of the server, in place of that of its settings."
)
home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="<folder>",
    help="Data folder of an embedded server. Default, where nothing names a team server: "
    f"{HOME_VARIABLE}, else the user's data folder.",
)
url_option = click.option("--public-url", metavar="<url>", help="Where clients reach the server; API tokens name it.")


class ProblemError(click.ClickException):
    """An error of the server as a line and an exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the object as well


def team_server(function: Decorated) -> Decorated:
    """Give a command the `Administration` of a team server as its first argument."""

    @config_option
    @database_option
    @url_option
    @functools.wraps(function)
    def command(*, config_file: Path | None, database_url: str | None, public_url: str | None, **options: Any) -> Any:
        with _exit_codes(), _team(config_file, database_url, public_url) as administration:
            return function(administration, **options)

    return command


def any_server(function: Decorated) -> Decorated:
    """Give a command the `Administration` of a team server if one is named, else that of the embedded one."""

    @config_option
    @database_option
    @home_option
    @functools.wraps(function)
    def command(*, config_file: Path | None, database_url: str | None, home: Path | None, **options: Any) -> Any:
        with _exit_codes(), _any(config_file, database_url, home) as administration:
            return function(administration, **options)

    return command


class PasswordSource(StrEnum):
    """Where a password comes from; never from the command line, which others on the machine may see."""

    ASK = "ask"
    STDIN = "stdin"


def read_password(source: PasswordSource) -> str:
    """Return a password that is asked for in the terminal, without showing it, or the first line of standard input."""
    if source is PasswordSource.STDIN:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns."""
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def moment_text(milliseconds: int | None) -> str:
    """Return a moment for people, or a dash for none.

    Args:
        milliseconds: Since 1970 (UTC).
    """
    if milliseconds is None:
        return "-"
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def yes_or_no(value: object) -> str:
    """Return a truth value for people."""
    return "yes" if value else "no"


@contextmanager
def _any(config_file: Path | None, database_url: str | None, home: Path | None) -> Iterator["Administration"]:
    from neptune_yolo.server.administration import embedded_administration

    if home is not None and (config_file is not None or database_url is not None):
        raise click.UsageError(
            "Expected --home (an embedded server), or --config or --database-url (a team server), got both. "
            "Leave one out."
        )
    if home is None and _names_team_server(config_file, database_url):
        with _team(config_file, database_url, None) as administration:
            yield administration
        return
    if home is None:
        _require_embedded_data()
    with embedded_administration(home) as administration:
        yield administration


@contextmanager
def _team(config_file: Path | None, database_url: str | None, public_url: str | None) -> Iterator["Administration"]:
    from neptune_yolo.server.administration import team_administration

    if config_file is None and database_url is None and _DATABASE_VARIABLE not in os.environ:
        raise click.UsageError(
            "Expected a team server, got none that is named. Give --config (its settings file) or --database-url, or "
            f"set {_DATABASE_VARIABLE}."
        )
    options = {"database_url": database_url, "public_url": public_url}
    with team_administration(team_configuration(config_file, **options)) as administration:
        if administration.made_database is not None:
            click.echo(f"Made the database {administration.made_database}.", err=True)
        yield administration


def _names_team_server(config_file: Path | None, database_url: str | None) -> bool:
    is_in_environment = any(name.startswith(ENVIRONMENT_PREFIX) for name in os.environ)
    return config_file is not None or database_url is not None or is_in_environment


def _require_embedded_data() -> None:
    """Say whose data it is that nobody has named; refuse if there is none."""
    layout = HomeLayout(data_home())
    if not layout.database.is_file():
        raise ConfigurationError(
            f"Expected a server to work on, got none that is named, and no embedded server has data in {layout.root}. "
            f"Name a team server by --config, --database-url or {_DATABASE_VARIABLE}, or an embedded one by --home."
        )
    click.echo(
        f"This is the embedded server of {layout.root}; --config or --database-url name a team server.", err=True
    )


@contextmanager
def _exit_codes() -> Iterator[None]:
    try:
        yield
    except ServerError as error:
        code = next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1)
        listing = _LISTINGS.get(error.kind) if isinstance(error, NotFoundError) else None
        advice = "" if listing is None else f" `{listing}` lists all."
        raise ProblemError(f"{error}{advice}", code) from error
