"""What the commands that import have in common: where things go, and how the report is shown."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from neptune_yolo import envs
from neptune_yolo.cli.options import home_option
from neptune_yolo.connection import DEFAULT_PROJECT
from neptune_yolo.exceptions import ProjectNameError
from neptune_yolo.transfer.report import TransferReport
from neptune_yolo.transfer.writing import Destination

Decorated = Callable[..., Any]

_PARTS = 2


def import_options(function: Decorated) -> Decorated:
    """Add ``--project``, ``--dry-run``, ``--json`` and ``--home``."""
    project = click.option(
        "-p",
        "--project",
        metavar="<workspace/name>",
        help="Project that the runs go to; it is made if there is none. Default: NEPTUNE_PROJECT, else local/yolo on "
        "the embedded server.",
    )
    dry_run = click.option("--dry-run", is_flag=True, help="Only say what would be imported. Asks no server.")
    as_json = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
    return project(dry_run(as_json(home_option(function))))


def project_name(destination: Destination, project: str | None) -> str:
    """Return the project that runs go to, as ``workspace/name``.

    Args:
        destination: The server.
        project: What the user asks for; None for NEPTUNE_PROJECT, or the default on the embedded server.

    Raises:
        ProjectNameError: If it has neither the form ``workspace/name`` nor ``name``.
        click.UsageError: If nobody names one.
    """
    session = destination.api.session()
    source = "--project" if project else envs.NEPTUNE_PROJECT
    name = (project or os.environ.get(envs.NEPTUNE_PROJECT, "")).strip()
    if not name and session.is_embedded:
        return DEFAULT_PROJECT
    if not name:
        raise click.UsageError(f"Expected a project, got none. Name it by --project or {envs.NEPTUNE_PROJECT}.")
    parts = name.split("/")
    if len(parts) > _PARTS or not all(part and not any(sign.isspace() for sign in part) for part in parts):
        raise ProjectNameError(name, source)
    return name if len(parts) == _PARTS else f"{session.default_workspace}/{name}"


def show_progress(done: int, total: int, name: str) -> None:
    """Tell people at a terminal how far it is.

    Args:
        done: How many are done.
        total: Of how many.
        name: What comes now; empty at the end.
    """
    if sys.stderr.isatty():
        text = f"{done}/{total} {name}"[:78]
        click.echo(f"\r{text:<78}" if name else f"\r{'':<78}\r", nl=False, err=True)


def show_report(report: TransferReport, *, as_json: bool) -> None:
    """Print the report, and end the program with its exit code.

    Args:
        report: What has become of everything.
        as_json: Whether for scripts.
    """
    if as_json:
        click.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    else:
        for line in report.lines():
            click.echo(line)
    if report.exit_code:
        raise SystemExit(report.exit_code)
