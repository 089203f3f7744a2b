"""What a run holds already as a training opens it: its id, its link, and how far it was logged."""

from dataclasses import dataclass
from typing import Any

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.bounded import call_bounded
from neptune_yolo.tracking.error_ledger import ErrorLedger
from neptune_yolo.tracking.opening import OpenedRun

_SECONDS = 20.0


@dataclass(frozen=True)
class RunHistory:
    """The past of a run.

    Args:
        run_id: Id of the run, such as ``YOL-7``; None if no server knows it.
        url: Link to the run; None if no server knows it.
        exists: Whether a training has been logged into it before.
        last_step: Step of the last epoch that was logged; 0 if none was.
        step_offset: What that training added to an epoch's number to get its step.
        resumes: How often it was continued.
    """

    run_id: str | None = None
    url: str | None = None
    exists: bool = False
    last_step: int = 0
    step_offset: int = 0
    resumes: int = 0


def read_history(opened: OpenedRun, ledger: ErrorLedger) -> RunHistory:
    """Return the past of a run that has just been opened or handed in; an empty one if no server can be asked.

    Args:
        opened: The run.
        ledger: Keeps the errors, also that of a server which does not answer in time.
    """
    with ledger.guard("reading the past of the run"):
        return call_bounded(lambda: _read(opened), _SECONDS)
    return RunHistory()


def _read(opened: OpenedRun) -> RunHistory:
    from neptune.exceptions import NeptuneOfflineModeFetchException

    run = opened.run
    exists = run.exists(paths.STATUS)
    if exists and not opened.owned:
        run.wait()  # what its owner has logged may still be on its way
    try:
        run_id = str(run["sys/id"].fetch())
    except NeptuneOfflineModeFetchException:
        return RunHistory()
    resumes = 0
    while run.exists(f"{paths.RESUMES}/{resumes + 1}/at"):
        resumes += 1
    return RunHistory(
        run_id=run_id,
        url=str(run.get_url()),
        exists=exists,
        last_step=_number(run, paths.EPOCHS_COMPLETED),
        step_offset=_number(run, paths.STEP_OFFSET),
        resumes=resumes,
    )


def _number(run: Any, path: str) -> int:
    return int(run[path].fetch()) if run.exists(path) else 0
