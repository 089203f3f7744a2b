"""``neptune-yolo backup`` and ``neptune-yolo restore``."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from neptune_yolo.cli.maintenance import size_text
from neptune_yolo.cli.team_storage import chosen_storage, storage_options

if TYPE_CHECKING:
    from neptune_yolo.server.backup.manifest import Manifest


_folder_argument = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
_json_option = click.option("--json", "as_json", is_flag=True, help="Print the backup's manifest as JSON.")


@click.command(short_help="Copy all that a server has stored, while it runs.")
@_folder_argument
@storage_options
@_json_option
def backup(folder: Path, home: Path | None, config_file: Path | None, as_json: bool) -> None:
    """Copy all that a server has stored into FOLDER, as of one moment, while it runs.

    It is the embedded server's data folder, or what --config names. A FOLDER with an earlier backup is brought up to
    date: only new files are copied. Whoever can read FOLDER can read everything, keys included.
    """
    from neptune_yolo.server.backup.creating import create_backup

    manifest = create_backup(chosen_storage(home, config_file), folder, _show_progress)
    _tell(f"The backup in {folder} is complete", manifest, as_json=as_json)


@click.command(short_help="Fill an empty server from a backup.")
@_folder_argument
@storage_options
@_json_option
def restore(folder: Path, home: Path | None, config_file: Path | None, as_json: bool) -> None:
    """Fill an empty server from the backup in FOLDER: a new data folder (--home), or what --config names.

    The kind of database and of file storage may be another one than that of the backup. Each file's hash is checked.
    """
    from neptune_yolo.server.backup.restoring import restore_backup

    manifest = restore_backup(folder, chosen_storage(home, config_file, is_new=True), _show_progress)
    _tell(f"The backup in {folder} is restored", manifest, as_json=as_json)


def _tell(text: str, manifest: "Manifest", *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(manifest), indent=2))
        return
    rows = sum(manifest.row_counts.values())
    size = size_text(manifest.blob_bytes)
    click.echo(f"{text}: {rows} rows, {manifest.blob_count} files ({size}).")


def _show_progress(done: int, count: int) -> None:
    """Keep one line on a terminal up to date; nothing elsewhere."""
    if count and sys.stderr.isatty():
        click.echo(f"\r{done} of {count} files", err=True, nl=done == count)
