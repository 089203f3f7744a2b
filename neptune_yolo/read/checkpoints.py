"""The best run of a query, and its checkpoint on disk."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs

from neptune_yolo.read.api import ReadApi, using
from neptune_yolo.read.exceptions import RequestRefusedError, ThingNotFoundError
from neptune_yolo.read.file_reader import FilePlace
from neptune_yolo.read.forms import RunHead
from neptune_yolo.read.safe_paths import inside, safe_relative_path
from neptune_yolo.read.searches import Column, Kind, RunSearch

BEST = "weights/best"
"""Attribute of the checkpoint with the best fitness."""

_APP = "neptune_yolo"


@dataclass(frozen=True)
class BestRun:
    """The best run of a query.

    Attributes:
        run: The run in short.
        value: Its value of the metric: of a series, the best one that it ever had.
    """

    run: RunHead
    value: float


def best_run(
    metric: str,
    project: str | None = None,
    *,
    nql: str = "",
    minimize: bool = False,
    having: str | None = None,
    kind: Kind = "run",
    api: ReadApi | None = None,
) -> BestRun:
    """Return the run whose metric is the best of all that a query finds.

    Args:
        metric: Path of a series of numbers, of which the best value of each run counts, or of a single number.
        project: ``workspace/name``. None: NEPTUNE_PROJECT, else that of the embedded server.
        nql: Query in Neptune's query language; nothing for all runs. Runs in the trash do not count.
        minimize: Whether the lowest value is the best one, as of a loss.
        having: Path of an attribute that the run has to have, such as ``weights/best``.
        kind: Runs, models or versions of models.
        api: An open connection; None opens one.

    Raises:
        ThingNotFoundError: If there is no such project, or no run with this metric.
        RequestRefusedError: If the query is no NQL, or the metric no number.
    """
    column = Column(metric, "min" if minimize else "max")
    columns = (column, Column(having)) if having is not None else (column,)
    search = RunSearch(nql, kind=kind, columns=columns, sort=column, descending=not minimize)
    lacking = 0
    with using(api) as reader:
        name = reader.find_project(project)
        for row in reader.search_runs(name, search, page_size=20):
            value = row.cells[0]
            if value is None:
                break  # those without a value come last
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise RequestRefusedError(
                    f"Expected the path of a number or of a series of numbers, got {metric!r}, which is {value!r} in "
                    f"{row.run.sys_id}. Name a metric, such as 'metrics/mAP50(B)'."
                )
            if having is None or row.cells[1] is not None:
                return BestRun(row.run, float(value))
            lacking += 1
    which = f" that fits {nql!r}" if nql else ""
    what = f"; {lacking} run(s) with the metric have no {having!r}" if lacking else ""
    raise ThingNotFoundError(
        f"Expected a run of {name}{which} with the metric {metric!r}{f' and {having!r}' if having else ''}, found none"
        f"{what}. `neptune-yolo runs --project {name} --columns '{metric}'` shows what there is."
    )


def best_checkpoint(
    metric: str,
    project: str | None = None,
    *,
    nql: str = "",
    minimize: bool = False,
    checkpoint: str = BEST,
    folder: Path | str | None = None,
    api: ReadApi | None = None,
) -> Path:
    """Return a local copy of the checkpoint of the best run of a query, for ``YOLO(best_checkpoint(...))``.

    The file is whole and checked against the hash that the server has. It is kept in the user's cache folder by the
    hash of its content, so that it is fetched only once, and a better run never changes a file that is in use. Runs
    without this checkpoint are passed over.

    Args:
        metric: Path of a series of numbers, of which the best value of each run counts, or of a single number.
        project: ``workspace/name``. None: NEPTUNE_PROJECT, else that of the embedded server.
        nql: Query in Neptune's query language, such as ``(dataset/name:string = "coco8.yaml")``.
        minimize: Whether the lowest value is the best one, as of a loss.
        checkpoint: Path of the checkpoint's attribute: ``weights/best``, ``weights/last``, ``weights/epoch_10``.
        folder: Where the copy goes instead, named after the run, such as ``YOL-7-best.pt``.
        api: An open connection; None opens one.

    Raises:
        ThingNotFoundError: If there is no such project, or no run with this metric and checkpoint.
        RequestRefusedError: If the query is no NQL, or the metric no number.
        FileDamagedError: If other bytes came than the server has.
        OSError: If the file cannot be written.
    """
    with using(api) as reader:
        best = best_run(metric, project, nql=nql, minimize=minimize, having=checkpoint, api=reader)
        return fetch_file(best.run.project_name, best.run.sys_id, checkpoint, folder=folder, api=reader)


def fetch_file(
    project: str, run: str, path: str, *, folder: Path | str | None = None, api: ReadApi | None = None
) -> Path:
    """Return a local copy of a file of a run, kept in the user's cache folder by the hash of its content.

    Args:
        project: ``workspace/name``.
        run: Identifier, such as ``YOL-7``.
        path: Of the attribute.
        folder: Where the copy goes instead, named after run and attribute.
        api: An open connection; None opens one.

    Raises:
        ThingNotFoundError: If there is no such run, or it has no such file.
        RequestRefusedError: If the attribute is no file.
        FileDamagedError: If other bytes came than the server has.
        OSError: If the file cannot be written.
    """
    with using(api) as reader:
        file = reader.attribute(project, run, path).file
        if file is None or not file.sha256:
            raise RequestRefusedError(f"Expected a file, got {path!r} of {run}, which is none. Name a file's path.")
        last = path.rsplit("/", 1)[-1]
        if folder is None:
            target = cache_folder() / file.sha256 / safe_relative_path(last, file.extension)
        else:
            target = inside(Path(folder), safe_relative_path(f"{run}-{last}", file.extension))
        reader.files.download(FilePlace(project, run, path), target)
    return target


def cache_folder() -> Path:
    """Return the user's cache folder for files of runs; it may be emptied at any time."""
    return Path(platformdirs.user_cache_path(_APP)) / "files"
