"""What the commands that read runs share: options, the connection, and how they end."""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neptune_yolo.cli.administration import EXIT_NOT_FOUND, ProblemError
from neptune_yolo.cli.options import home_option
from neptune_yolo.cli.reading.completion import complete_projects
from neptune_yolo.exceptions import NeptuneYoloError

if TYPE_CHECKING:
    from neptune_yolo.read.api import ReadApi

EXIT_NONE = 1
"""Nothing was found, or runs differ."""

EXIT_TROUBLE = 2
"""Wrong use, or something went wrong."""

EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141

EXIT_CODES = """
\b
Exit codes: 0 done, 1 nothing found, 2 wrong use or something went wrong,
3 what is named does not exist.
"""

Decorated = Callable[..., Any]

project_option = click.option(
    "-p",
    "--project",
    metavar="<workspace/name>",
    shell_complete=complete_projects,
    help="Project. Default: NEPTUNE_PROJECT, else local/yolo of the embedded server.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def reading_command(function: Decorated) -> Decorated:
    """Give a command the read API as its first argument, and end it as a command in a pipe should end."""

    @home_option
    @functools.wraps(function)
    def command(*, home: Path | None, **options: Any) -> Any:
        with ending_well(), _api(home) as api:
            return function(api, **options)

    return command


@contextmanager
def ending_well() -> Iterator[None]:
    """Turn errors into a sentence and an exit code, and a reader that has gone away or Ctrl+C into a quiet end."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        raise SystemExit(EXIT_BROKEN_PIPE) from None
    except KeyboardInterrupt:
        raise SystemExit(EXIT_INTERRUPTED) from None
    except NeptuneYoloError as error:
        from neptune_yolo.read.exceptions import ThingNotFoundError

        raise ProblemError(
            str(error), EXIT_NOT_FOUND if isinstance(error, ThingNotFoundError) else EXIT_TROUBLE
        ) from error
    except OSError as error:
        name = f" {error.filename}" if error.filename else ""
        raise ProblemError(
            f"Expected files to be written, but{name} could not be: {error.strerror or error}.", EXIT_TROUBLE
        ) from error


def _discard_output() -> None:
    """Let Python flush its output at the end without an error."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it is no file of the system's
    finally:
        os.close(nothing)


@contextmanager
def _api(home: Path | None) -> "Iterator[ReadApi]":
    from neptune_yolo.read.api import open_api

    with open_api(home=home) as api:
        yield api
