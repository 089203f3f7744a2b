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

_KIBIBYTE = 1024
_MEBIBYTE = 1024 * _KIBIBYTE

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
        outcome = "Everything is sound" if report.is_sound else f"{counted(len(report.damage), 'finding')} of damage"
        size = size_text(report.file_bytes)
        points = counted(report.points, "point")
        click.echo(f"{outcome}: {counted(report.files, 'file')} ({size}), {report.series} series ({points}).")
        if report.leftovers:
            click.echo(f"Left over, and taking room: {len(report.leftovers)}. `neptune-yolo gc` removes that.")
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
        f"Removed {counted(removed.blobs, 'file')} ({size_text(removed.blob_bytes)}), "
        f"{counted(removed.staged, 'staged file')} ({size_text(removed.staged_bytes)}) and "
        f"{counted(removed.uploads, 'upload')}."
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
            size_text(project.file_bytes),
        )
        for project in usage.projects
    ]
    print_table(("project", "runs", "models", "attributes", "points", "files", "size"), rows)
    click.echo(f"Stored: {counted(usage.stored_files, 'different file')} ({size_text(usage.stored_bytes)}).")
    click.echo(f"Database: {size_text(usage.database_bytes)}.")


def size_text(size_bytes: int) -> str:
    """Return a size for people, in B, KiB or MiB."""
    if size_bytes < _MEBIBYTE:
        return f"{size_bytes} B" if size_bytes < _KIBIBYTE else f"{size_bytes / _KIBIBYTE:.1f} KiB"
    return f"{size_bytes / _MEBIBYTE:.1f} MiB"


def counted(number: int, noun: str) -> str:
    """Return a number of things for people.

    Args:
        number: How many.
        noun: What one is called; several have an s.
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _print_json(content: dict[str, Any]) -> None:
    click.echo(json.dumps(content, indent=2, default=str))
