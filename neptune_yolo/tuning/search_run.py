"""The run of a search: what it writes, and what it hands to the runs of its trials."""

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neptune_yolo.connection import choose_mode, logging_is_off
from neptune_yolo.exceptions import SettingsError
from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.error_ledger import ErrorLedger
from neptune_yolo.tracking.lineage import add_child, parent_values
from neptune_yolo.tracking.null_logger import NullLogger
from neptune_yolo.tracking.resume import RunNote
from neptune_yolo.tracking.status import Outcome, TrainingState
from neptune_yolo.trainers.session import TrainingFacts, TrainingSession
from neptune_yolo.trainers.termination import patient_interrupts
from neptune_yolo.tuning.history import PLOT_NAMES
from neptune_yolo.tuning.plan import SearchPlan
from neptune_yolo.tuning.results import Trial, TrialReport
from neptune_yolo.tuning.trial import run_notes

if TYPE_CHECKING:
    from neptune_yolo.tracking.run_logger import RunLogger

_TAG_CHARACTERS = 8
_NOT_FOR_A_SEARCH = {
    "run": "is one run, but a search has several; leave it out",
    "with_id": "is one run, but a search has several; resume a search with resume=",
    "register_model": "would register the model of every trial; register that of the best one after the search",
}


class SearchRun:
    """The run of one search.

    Args:
        settings: The settings of the search.
        session: Its run; None if logging is off.
        group_tag: The group tag of the search and of its trials.
    """

    def __init__(self, settings: NeptuneSettings, session: TrainingSession | None, group_tag: str) -> None:
        self._settings = settings
        self._session = session
        self.group_tag = group_tag
        self._logger: RunLogger | NullLogger = session.logger if session else NullLogger()
        self.ledger = session.logger.ledger if session else ErrorLedger()

    @classmethod
    def open(
        cls,
        settings: NeptuneSettings,
        folder: Path,
        *,
        ultralytics_project: str | None,
        group_tag: str = "",
        note: RunNote | None = None,
        resumed_from: Path | None = None,
    ) -> "SearchRun":
        """Open the run of a search, a new one or that of the note; no run if logging is off.

        Args:
            settings: The trainer's settings.
            folder: Folder of the search.
            ultralytics_project: Ultralytics' ``project=`` argument.
            group_tag: Group tag of the search that is resumed; empty for a new one.
            note: Note of the run of the search that is resumed.
            resumed_from: The results that it goes on from; None for a new search.

        Raises:
            SettingsError: If a setting makes no sense for a search.
            NeptuneYoloError: If there is no way to log as the settings ask.
        """
        for name, problem in _NOT_FOR_A_SEARCH.items():
            if getattr(settings, name) is not None:
                raise SettingsError(f"NeptuneSettings({name}=...) {problem}.")
        tag = group_tag or f"{folder.name}-{uuid.uuid4().hex[:_TAG_CHARACTERS]}"
        if logging_is_off(settings):
            return cls(settings, None, tag)
        own = replace(
            settings,
            custom_run_id=None if note else settings.custom_run_id,
            group_tags=(*settings.group_tags, tag),
            **_quiet(settings),
        )
        name = (note.name if note else None) or folder.name
        facts = TrainingFacts(folder, name, ultralytics_project, checkpoint=resumed_from, note=note)
        return cls(settings, TrainingSession.open(own, facts), tag)

    @property
    def run_id(self) -> str | None:
        """Id of the run; None offline and without logging."""
        return self._session.run_id if self._session else None

    @property
    def url(self) -> str | None:
        """Link to the run; None offline and without logging."""
        return self._session.url if self._session else None

    def trial_settings(self, name: str) -> NeptuneSettings:
        """Return the settings of one trial: where the search logs, as its child.

        What the server does later on ends no trial: it goes on offline.

        Args:
            name: Name of the trial.
        """
        if self._session is None:
            return replace(self._settings, mode=Mode.OFF, custom_run_id=None)
        note = self._session.note
        went_offline = note.server_url is None and choose_mode(self._settings, os.environ).is_online
        return replace(
            self._settings,
            project=note.project or self._settings.project,
            mode=Mode.OFFLINE if went_offline else self._settings.mode,
            name=f"{note.name} {name}",
            group_tags=(*self._settings.group_tags, self.group_tag),
            custom_run_id=str(uuid.uuid4()),
            parent=note.run_id or note.custom_run_id,
            on_unreachable=OnUnreachable.OFFLINE,
        )

    def started(self, plan: SearchPlan, folder: Path, trials: Sequence[Trial]) -> None:
        """Write what the search is about to do, and what of its earlier part is missing in the run."""
        session = self._session
        if session is None:
            return
        session.log_beginning(folder)
        values: dict[str, object] = {paths.TUNE_PLANNED: plan.iterations}
        values |= {f"{paths.TUNE_SPACE}/{name}": json.dumps(bounds) for name, bounds in plan.space.items()}
        self._logger.log_values(values, "logging the beginning of the search")
        self._logger.log_hyperparameters(plan.arguments)
        self._logger.log_text_file(paths.TUNE_PLAN, plan.as_json(), "json")
        session.log_resume(len(trials))
        for trial in trials:
            self._log_trial(trial)

    def trial_finished(self, trials: Sequence[Trial], best: Trial | None, files: Mapping[str, Path | None]) -> None:
        """Write a finished trial, the last one, and what is best now.

        Args:
            trials: Every trial so far.
            best: The best one; None if all have failed.
            files: Attribute path -> file to upload, or None if it does not exist.
        """
        self._log_trial(trials[-1])
        completed = sum(trial.state is TrainingState.COMPLETED for trial in trials)
        values: dict[str, object] = {paths.TUNE_COMPLETED: completed, paths.TUNE_FAILED: len(trials) - completed}
        if best is not None:
            values |= {f"{paths.TUNE_BEST}/trial": best.number, f"{paths.TUNE_BEST}/fitness": best.fitness}
            values |= {f"{paths.TUNE_BEST}/run": best.runs[0]} if best.runs else {}
            values |= {
                f"{paths.TUNE_BEST}/hyperparameters/{name}": float(value)
                for name, value in best.hyperparameters.items()
            }
        self._logger.log_values(values, "logging the best trial")
        for path, file in files.items():
            if file is not None:
                self._logger.upload_file(path, file)

    def add_children(self, run_ids: Sequence[str]) -> None:
        """Note the runs of a trial as children."""
        for run_id in run_ids:
            with self.ledger.guard("noting the run of a trial"):
                add_child(self._logger.run, run_id)

    def close_lost(self, settings: NeptuneSettings, folder: Path, report: TrialReport) -> str | None:
        """Write into the run of a trial that it has failed, where its own process could not; return the run's id.

        Args:
            settings: The settings of the trial.
            folder: Its folder.
            report: How it went.
        """
        run_id = None
        if self._session is not None:
            with self.ledger.guard("closing the run of a failed trial"):
                note = next(reversed(run_notes(folder)), None)
                facts = TrainingFacts(folder, str(settings.name), note=note)
                identifier = None if note else settings.custom_run_id
                quiet = replace(settings, **_quiet(settings), source_files=(), custom_run_id=identifier)
                session = TrainingSession.open(quiet, facts)
                run_id = session.run_id
                session.logger.log_values(parent_values(settings.parent), "naming the search")
                session.finish(Outcome(report.state, report.reason))
        return run_id

    def finish(self, outcome: Outcome) -> None:
        """Write how the search ended, and close its run."""
        if self._session is not None:
            with patient_interrupts():
                self._session.finish(outcome)

    def _log_trial(self, trial: Trial) -> None:
        """Append the points of one trial, unless the run has them."""
        session = self._session
        if session is None or not session.admits(trial.number):
            return
        points: dict[str, object] = {f"{paths.TUNE}/{name}": value for name, value in trial.hyperparameters.items()}
        if trial.state is TrainingState.COMPLETED:
            points[paths.TUNE_FITNESS] = trial.fitness
        if len(trial.metrics) == 1:
            (metrics,) = trial.metrics.values()
            points |= {f"{paths.TUNE_METRICS}/{name.removeprefix('metrics/')}": v for name, v in metrics.items()}
        self._logger.log_metrics(points, step=trial.number)
        with self.ledger.guard("logging a trial"):
            self._logger.run[paths.TUNE_TRIALS].append(trial.line(), step=trial.number)
        self.add_children(trial.runs)
        session.epoch_logged(trial.number)


def plot_paths(files: Sequence[Path]) -> dict[str, Path | None]:
    """Return attribute path -> plot."""
    by_name = {file.name: file for file in files}
    return {f"{paths.TUNE_PLOTS}/{Path(name).stem.removeprefix('tune_')}": by_name.get(name) for name in PLOT_NAMES}


def _quiet(settings: NeptuneSettings) -> dict[str, Any]:
    """Return settings by which the client records nothing by itself, unless it was asked to: the trials' runs do."""
    names = ("capture_hardware_metrics", "capture_stdout", "capture_stderr")
    return {name: getattr(settings, name) or False for name in names}
