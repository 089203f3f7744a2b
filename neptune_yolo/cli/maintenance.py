"""``neptune-yolo verify``, ``neptune-yolo gc`` and ``neptune-yolo stats``."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from neptune_yolo.cli.administration import print_table
from neptune_yolo.cli.team_storage import chosen_storage, storage_options

EXIT_DAMAGE = 5
"""Exit code of ``verify`` where something is lost or wrong."""

_MEBIBYTE = 1024 * 1024

_json_option = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.command(short_help="Check every file's bytes, every reference and every series.")
@storage_options
@_json_option
@click.pass_context
def verify(context: click.Context, home: Path | None, config_file: Path | None, as_json: bool) -> None:
    """Check every file's bytes, every reference and every series of a server, while it runs; change nothing.

    The exit code is 5 if anything is lost or wrong, and 0 if something is merely left over.
    """
    from neptune_yolo.server.maintenance import verify_storage

    report = verify_storage(chosen_storage(home, config_file))
    if as_json:
        _print_json({"is_sound": report.is_sound, **asdict(report)})
    else:
        for finding in report.findings:
            click.echo(f"{finding.kind}: {finding.where}. {finding.what}")
        outcome = "Everything is sound" if report.is_sound else f"{len(report.damage)} findings of damage"
        size = _size(report.file_bytes)
        click.echo(f"{outcome}: {report.files} files ({size}), {report.series} series ({report.points} points).")
        if report.leftovers:
            click.echo(f"{len(report.leftovers)} leftovers take room; `neptune-yolo gc` removes them.")
    if not report.is_sound:
        context.exit(EXIT_DAMAGE)


@click.command(short_help="Remove files that nothing refers to any more.")
@storage_options
@_json_option
def gc(home: Path | None, config_file: Path | None, as_json: bool) -> None:
    """Remove files that nothing refers to any more, and abandoned uploads, while the server runs.

    The server does so by itself; this command is for those who need the room now.
    """
    from neptune_yolo.server.maintenance import clean_storage

    removed = clean_storage(chosen_storage(home, config_file))
    if as_json:
        _print_json(asdict(removed))
        return
    click.echo(
        f"Removed {removed.blobs} files ({_size(removed.blob_bytes)}), {removed.staged} staged files "
        f"({_size(removed.staged_bytes)}) and {removed.uploads} uploads."
    )
    if removed.is_held:
        click.echo("A backup is under way: files stay until its end.")


@click.command(short_help="Tell how much a server has stored, by project.")
@storage_options
@_json_option
def stats(home: Path | None, config_file: Path | None, as_json: bool) -> None:
    """Tell how much a server has stored, by project."""
    from neptune_yolo.server.maintenance import measure_storage

    usage = measure_storage(chosen_storage(home, config_file))
    if as_json:
        _print_json(asdict(usage))
        return
    rows = [
        (
            str(project.name),
            *map(str, (project.runs, project.models, project.attributes, project.points, project.files)),
            _size(project.file_bytes),
        )
        for project in usage.projects
    ]
    print_table(("project", "runs", "models", "attributes", "points", "files", "size"), rows)
    click.echo(f"Stored: {usage.stored_files} different files ({_size(usage.stored_bytes)}).")
    click.echo(f"Database: {_size(usage.database_bytes)}.")


def _size(size_bytes: int) -> str:
    return f"{size_bytes / _MEBIBYTE:.1f} MiB"


def _print_json(content: dict[str, Any]) -> None:
    click.echo(json.dumps(content, indent=2, default=str))
