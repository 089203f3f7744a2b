"""One trial: a model is trained with one choice of hyperparameters."""

import gc
import json
import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from ultralytics import YOLO

from neptune_yolo.tracking.dataset_files import dataset_name
from neptune_yolo.tracking.resume import NOTE_NAME, RunNote, read_note
from neptune_yolo.tracking.status import Outcome, TrainingState
from neptune_yolo.tuning.results import TrialReport

_Metrics = dict[str, dict[str, float] | None]


@dataclass(frozen=True, kw_only=True)
class TrialJob:
    """What it takes to train one trial, in this process or in one of its own.

    Args:
        model: Name or path of the base model.
        task: Its task.
        callbacks: Event -> callbacks of the user's model.
        trainer: The trainer class, with the settings of the trial.
        arguments: Ultralytics' arguments, hyperparameters included.
        folder: Folder of the trial, which does not exist yet.
    """

    model: str
    task: str | None
    callbacks: Mapping[str, list[Any]]
    trainer: type[Any]
    arguments: Mapping[str, Any]
    folder: Path


def train_trial(job: TrialJob) -> TrialReport:
    """Train, and report how it went; whatever exception of the training is reported, not raised.

    Raises:
        KeyboardInterrupt: If Ctrl+C ends the trial.
        SystemExit: If SIGTERM ends it.
    """
    capture = _Capture()
    datasets: _Metrics = {}
    with capture:
        datasets = _train(job)
    gc.collect()  # an exception holds the trainer, and so the memory of the GPU, in its traceback
    outcome = capture.outcome or _judged(datasets)
    return TrialReport(
        state=outcome.state,
        reason=outcome.reason,
        datasets=datasets if outcome.state is TrainingState.COMPLETED else dict.fromkeys(datasets) or None,
        runs=run_ids(job.folder),
    )


def run_ids(folder: Path) -> tuple[str, ...]:
    """Return the ids of the runs that trainings below a folder have left in their notes, the oldest first."""
    return tuple(note.run_id for note in run_notes(folder) if note.run_id)


def run_notes(folder: Path) -> list[RunNote]:
    """Return the notes that trainings below a folder have left of their runs, the one that was written last at the end.

    Args:
        folder: Folder of a trial; it need not exist.
    """
    files = sorted(folder.glob(f"**/{NOTE_NAME}"), key=lambda file: file.stat().st_mtime_ns)
    return [note for file in files if (note := read_note(file.parent)) is not None]


def write_report(file: Path, report: TrialReport) -> None:
    """Write a report for the process that waits for it."""
    file.write_text(json.dumps(asdict(report)), encoding="utf-8")


def read_report(file: Path) -> TrialReport | None:
    """Return a report; None if its process has not come to writing it."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return TrialReport(**{**content, "state": TrainingState(content["state"]), "runs": tuple(content["runs"])})


def _train(job: TrialJob) -> _Metrics:
    model = YOLO(job.model, task=job.task)
    model.callbacks = {event: list(functions) for event, functions in job.callbacks.items()}
    result = model.train(trainer=job.trainer, **job.arguments)
    data = job.arguments.get("data")
    if isinstance(data, list | tuple):
        return {name: _numbers(metrics) for name, metrics in (result or {}).items()}
    metrics = getattr(result, "results_dict", result)
    return {dataset_name(Path(str(data))): _numbers(metrics)}


def _numbers(metrics: Mapping[str, Any] | None) -> dict[str, float] | None:
    return {str(name): float(value) for name, value in metrics.items()} if metrics else None


def _judged(datasets: _Metrics) -> Outcome:
    """Return how a training went that raised nothing: Ultralytics skips data sets that it cannot train on."""
    trained = {name: metrics for name, metrics in datasets.items() if metrics}
    if not trained:
        return Outcome(TrainingState.FAILED, "no data set could be trained on; the runs of this trial tell why")
    fitness = {name: metrics.get("fitness", math.nan) for name, metrics in trained.items()}
    if wrong := [name for name, value in fitness.items() if not math.isfinite(value)]:
        return Outcome(TrainingState.FAILED, f"the fitness on {', '.join(wrong)} is no finite number")
    return Outcome(TrainingState.COMPLETED)


class _Capture(AbstractContextManager["_Capture", bool]):
    """Keeps a failing trial from ending the search: it is the search's business to try what may fail."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.outcome = Outcome.of(error)
        return True
