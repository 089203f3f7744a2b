"""``neptune-yolo import neptune-export``: what the exporter has saved of the hosted Neptune."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neptune_yolo.cli.import_options import project_name, show_report
from neptune_yolo.cli.options import home_option
from neptune_yolo.read.exceptions import PackageMissingError

if TYPE_CHECKING:
    from neptune_yolo.transfer.neptune_export.importing import Choice
    from neptune_yolo.transfer.report import TransferReport

_FOLDER = click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path)


@click.command("neptune-export")
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option(
    "--files",
    type=_FOLDER,
    metavar="<folder>",
    help="Folder of the exported files. Default: `files` inside of DIR or beside it (`model_files` for models).",
)
@click.option(
    "-p",
    "--project",
    metavar="<workspace/name>",
    help="Project that all goes to; it is made if there is none. Default: projects of the names that they had.",
)
@click.option(
    "--runs",
    "names",
    multiple=True,
    metavar="<ID>",
    help="Only this run, model or version; or a pattern such as 'SAN-1*'. May be repeated.",
)
@click.option("--unfinished", is_flag=True, help="Also what there is of runs whose export was not finished.")
@click.option("--new-ids", is_flag=True, help="Give another ID to a run whose own is taken by another run.")
@click.option("--check", is_flag=True, help="Compare also what was imported before; nothing of it is written.")
@click.option("--dry-run", is_flag=True, help="Only say what there is. Asks no server.")
@click.option("--workers", type=click.IntRange(1, 64), default=3, show_default=True, help="Runs at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="<file>",
    help="Write the report as JSON into this file as well.",
)
@home_option
def import_neptune_export(
    folder: Path, files: Path | None, report_file: Path | None, home: Path | None, **options: Any
) -> None:
    """Import the runs, models and versions that neptune-exporter has saved in DIR, with their files.

    IDs, owners and times stay as they were. Each run is read back from the server and compared: every value, point and
    hash of a file. What was imported before is not imported again, so that an import that was interrupted goes on.

    \b
    neptune-yolo import neptune-export exports                       all, into projects of the same names
    neptune-yolo import neptune-export exports -p local/old          all into one project
    neptune-yolo import neptune-export exports --runs SAN-1 --runs SAN-2
    neptune-yolo import neptune-export exports --dry-run             what there is

    The exit code is 1 if a run could not be imported, or is not on the server as it is in the export.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    try:
        from neptune_yolo.transfer.neptune_export.importing import Choice
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise PackageMissingError("pyarrow", "parquet") from error
    names = ("project", "names", "unfinished", "new_ids", "check")
    choice = Choice(**{name: options[name] for name in names})
    steps = {"workers": options["workers"], "is_dry": options["dry_run"], "is_quiet": options["as_json"]}
    report = _imported(folder, files, choice, home, **steps)
    if report_file is not None:
        report_file.write_text(json.dumps(report.as_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show_report(report, as_json=options["as_json"])


def _imported(
    folder: Path, files: Path | None, choice: "Choice", home: Path | None, *, workers: int, is_dry: bool, is_quiet: bool
) -> "TransferReport":
    from neptune_yolo.transfer.neptune_export.finding import find_export
    from neptune_yolo.transfer.neptune_export.importing import ExportImport
    from neptune_yolo.transfer.progress import TerminalProgress
    from neptune_yolo.transfer.writing import open_destination

    found = find_export(folder, files)
    with TerminalProgress(is_quiet=is_quiet) as progress:
        if is_dry:
            return ExportImport(None, choice, progress).run(found, workers)
        with open_destination(home=home) as destination:
            if choice.project is not None:
                choice = replace(choice, project=project_name(destination, choice.project))
            return ExportImport(destination, choice, progress).run(found, workers)
