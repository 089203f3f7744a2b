"""``neptune-yolo import ultralytics``: trainings and searches that were made without a run."""

from pathlib import Path

import click

from neptune_yolo.cli.import_options import import_options, project_name, show_progress, show_report
from neptune_yolo.transfer.ultralytics_runs.importing import RunsImport
from neptune_yolo.transfer.writing import open_destination


@click.command("ultralytics")
@click.argument(
    "runs_dir", type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path), metavar="RUNS_DIR"
)
@import_options
def import_ultralytics(runs_dir: Path, project: str | None, dry_run: bool, as_json: bool, home: Path | None) -> None:
    """Import the trainings and searches below RUNS_DIR: each becomes a run like one that a trainer here logs.

    Reads args.yaml, results.csv, weights/ and pictures of YOLOv5, YOLOv8 and all later versions. No weights are loaded,
    nothing below RUNS_DIR is changed. Import again what has trained on: its run is continued, and nothing is doubled.

    \b
    neptune-yolo import ultralytics runs                             everything below runs/
    neptune-yolo import ultralytics runs/detect/train2 --dry-run     what one training would become
    neptune-yolo import ultralytics runs --project local/traffic     into another project

    The exit code is 1 if a folder could not be imported, or is not on the server as it should be.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    if dry_run:
        show_report(RunsImport(None, "", show_progress).run(runs_dir), as_json=as_json)
        return
    with open_destination(home=home) as destination:
        report = RunsImport(destination, project_name(destination, project), show_progress).run(runs_dir)
    show_report(report, as_json=as_json)
