"""``neptune-yolo export``: runs for other programs, and for keeping."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neptune_yolo.cli.import_options import show_report
from neptune_yolo.cli.options import home_option
from neptune_yolo.cli.reading.common import project_option

if TYPE_CHECKING:
    from neptune_yolo.transfer.report import TransferReport

FORMATS = ("neptune", "csv", "json", "tensorboard", "mlflow")
_KINDS = {"run": "run", "model": "model", "version": "modelVersion"}


@click.command("export")
@click.argument("form", type=click.Choice(FORMATS), metavar="FORMAT")
@click.argument("target", metavar="TARGET")
@project_option
@click.option("-q", "--query", "nql", default="", metavar="<NQL>", help="Only runs that fit this query.")
@click.option(
    "--runs",
    "names",
    multiple=True,
    metavar="<ID>",
    help="Only this run, or a pattern such as 'YOL-1*'. May be repeated.",
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(tuple(_KINDS)),
    multiple=True,
    help="Runs, models or versions of models; may be repeated. Default: runs, and for neptune all three if neither "
    "--query nor --runs is given.",
)
@click.option("--trashed", is_flag=True, help="Also what lies in the trash.")
@click.option("--no-files", is_flag=True, help="Without files, file sets and pictures.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Runs at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="<file>",
    help="Write the report as JSON into this file as well.",
)
@home_option
def export(form: str, target: str, report_file: Path | None, home: Path | None, **options: Any) -> None:
    """Export runs of a project with all that they hold into TARGET: a folder, for mlflow a tracking URI.

    \b
    neptune      tables (Parquet) and files in the layout of neptune-exporter
    csv          a table of runs, one of the points of all series, and files
    json         a file for each run, and files
    tensorboard  event files, a folder for each run
    mlflow       runs of an MLflow server or store

    \b
    neptune-yolo export neptune exports                        all of the project
    neptune-yolo export csv table --query '(sys/tags:stringSet CONTAINS "night")'
    neptune-yolo export tensorboard logs --runs YOL-7 --runs YOL-8
    neptune-yolo export mlflow sqlite:///mlflow.db --no-files

    What is written is read again and compared with the server. An export that was interrupted goes on: runs that are
    complete are not written again until they change. The exit code is 1 if a run could not be exported, or the export
    does not hold what the server has.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    try:
        report = _exported(form, target, home, options)
    except OSError as error:
        raise click.ClickException(f"Expected files to be written to {target}, but {error}.") from error
    if report_file is not None:
        report_file.write_text(json.dumps(report.as_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show_report(report, as_json=options["as_json"])


def _exported(form: str, target: str, home: Path | None, options: dict[str, Any]) -> "TransferReport":
    from neptune_yolo.read.api import open_api
    from neptune_yolo.transfer.exporting.engine import Choice, RunExport
    from neptune_yolo.transfer.exporting.targets import open_target
    from neptune_yolo.transfer.progress import TerminalProgress

    with open_api(home=home) as api, TerminalProgress(is_quiet=options["as_json"]) as progress:
        choice = Choice(
            project=api.find_project(options["project"]),
            nql=options["nql"],
            names=options["names"],
            kinds=_kinds(form, options),
            trashed=options["trashed"],
            with_files=not options["no_files"],
        )
        folder = None if form == "mlflow" else Path(target)
        with open_target(form, target, choice) as opened:
            return RunExport(api, opened, choice, progress, folder).run(options["workers"])


def _kinds(form: str, options: dict[str, Any]) -> Any:
    if options["kinds"]:
        return tuple(dict.fromkeys(_KINDS[kind] for kind in options["kinds"]))
    is_all = form == "neptune" and not options["nql"] and not options["names"]
    return ("model", "modelVersion", "run") if is_all else ("run",)
