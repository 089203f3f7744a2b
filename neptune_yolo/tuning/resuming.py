"""Finds a search again: in its folder, or through its run."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from neptune_yolo.connection import open_connection
from neptune_yolo.exceptions import SearchNotFoundError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.opening import open_read_only
from neptune_yolo.tracking.resume import RunNote, read_note
from neptune_yolo.trainers.session import target_of
from neptune_yolo.tuning.history import RESULTS_NAME
from neptune_yolo.tuning.plan import PLAN_NAME, SearchPlan, read_plan

_PARTS_OF_PROJECT_AND_RUN = 3


@dataclass(frozen=True, kw_only=True)
class FormerSearch:
    """A search that is resumed.

    Args:
        folder: Its folder on this machine.
        plan: What it was to do.
        note: Its run; None if it was not logged.
    """

    folder: Path
    plan: SearchPlan
    note: RunNote | None


def find_search(resume: str | Path, settings: NeptuneSettings, ultralytics_project: str | None) -> FormerSearch:
    """Return the search that a folder or the id of a run names.

    Its own folder is used if it is on this machine. If not, its results are fetched from the run into a folder that is
    named after the run, in the working directory.

    Args:
        resume: Folder, or id such as ``YOL-5`` or ``workspace/name/YOL-5``.
        settings: Settings of the trainer: where the run is.
        ultralytics_project: Ultralytics' ``project=`` argument.

    Raises:
        SearchNotFoundError: If there is no search.
        NeptuneYoloError: If the run cannot be opened.
    """
    folder = Path(resume)
    if folder.is_dir():
        return _from_folder(folder.absolute())
    parts = str(resume).strip("/").split("/")
    if len(parts) not in (1, _PARTS_OF_PROJECT_AND_RUN) or "-" not in parts[-1]:
        raise SearchNotFoundError(resume, "there is no such folder")
    project = "/".join(parts[:-1]) or None
    return _from_run(parts[-1], project, settings, ultralytics_project)


def _from_folder(folder: Path) -> FormerSearch:
    if not (folder / RESULTS_NAME).exists() and not (folder / PLAN_NAME).exists():
        raise SearchNotFoundError(folder, f"the folder holds neither {RESULTS_NAME} nor {PLAN_NAME}")
    return FormerSearch(folder=folder, plan=read_plan(folder), note=read_note(folder))


def _from_run(
    run_id: str, project: str | None, settings: NeptuneSettings, ultralytics_project: str | None
) -> FormerSearch:
    connection = open_connection(replace(settings, project=project or settings.project), ultralytics_project)
    if connection.api_token is None:
        raise SearchNotFoundError(run_id, "the results of a run can only be fetched from a server, not offline")
    target = target_of(connection)
    run = open_read_only(run_id, target)
    try:
        if not run.exists(paths.TUNE_PLAN):
            raise SearchNotFoundError(run_id, "the run is not that of a search")
        former = Path(str(run[paths.SAVE_DIR].fetch()))
        note = read_note(former)
        if note is not None and note.run_id == run_id:
            return _from_folder(former)
        return _fetched(run, run_id, connection.project)
    finally:
        run.stop()


def _fetched(run: Any, run_id: str, project: str | None) -> FormerSearch:
    """Fetch plan and results of a search into a new folder."""
    folder = Path(run_id).absolute()
    folder.mkdir(parents=True)
    run[paths.TUNE_PLAN].download(str(folder / PLAN_NAME), progress_bar=False)
    results = folder / RESULTS_NAME
    logged = 0
    if run.exists(paths.TUNE_RESULTS):
        run[paths.TUNE_RESULTS].download(str(results), progress_bar=False)
        logged = len(results.read_text(encoding="utf-8").splitlines())
    note = RunNote(run_id=run_id, project=project, name=str(run["sys/name"].fetch()), last_step=logged)
    return FormerSearch(folder=folder, plan=read_plan(folder), note=note)
