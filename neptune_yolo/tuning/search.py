"""`tune`: searches hyperparameters with a Neptune trainer, as Ultralytics' ``model.tune()`` does with its own."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ultralytics import RTDETR, YOLO
from ultralytics.engine.model import Model
from ultralytics.utils import LOGGER, YAML
from ultralytics.utils.checks import check_yaml

from neptune_yolo.policies import check_whole
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.status import Outcome, TrainingState
from neptune_yolo.trainers.factory import neptune_trainer, neptune_trainer_for
from neptune_yolo.trainers.termination import exit_on_sigterm
from neptune_yolo.tuning.history import SearchHistory, trial_name
from neptune_yolo.tuning.isolation import train_isolated
from neptune_yolo.tuning.plan import SearchPlan, write_plan
from neptune_yolo.tuning.results import Trial, TuneResult
from neptune_yolo.tuning.resuming import FormerSearch, find_search
from neptune_yolo.tuning.search_run import SearchRun, plot_paths
from neptune_yolo.tuning.trial import TrialJob, run_ids, run_notes, train_trial

_BASE_NAME = "base.pt"
_NOT_FOR_A_TRIAL = ("model", "task", "mode", "project", "name", "exist_ok", "resume", "save_dir")


def tune(
    model: Model | str | Path,
    trainer: type[Any] | None = None,
    *,
    iterations: int | None = None,
    space: Mapping[str, Sequence[float]] | None = None,
    settings: NeptuneSettings | None = None,
    resume: str | Path | None = None,
    isolated: bool = True,
    **train_args: Any,
) -> TuneResult:
    """Search hyperparameters: train with one choice after the other, and log the search and each trial.

    Space, mutation, files (``tune_results.ndjson``, ``best_hyperparameters.yaml``, plots, ``weights``) and folder are
    those of Ultralytics' ``model.tune()``, which cannot take a trainer class. The first trial has the arguments as they
    are given; each later one changes those of the best trials so far.

    The search has a run of its own, each trial another one; all have one group tag, and name each other as parent and
    children. A trial that fails is recorded as failed, and the search goes on. Ctrl+C ends trial and search.

    Args:
        model: The model to begin each trial with, or its name.
        trainer: Trainer class. None: the Neptune trainer of the model's task. One that does not log is given a run.
        iterations: Number of trials in all, those of a resumed search included. None: 10, or as many as the resumed
            search was to have.
        space: Argument -> ``(lowest, highest)`` or ``(lowest, highest, gain)``, where a gain from 0 to 1 says how
            strongly it is changed. None: Ultralytics' own space, or that of the resumed search.
        settings: Settings of the runs. None: those of the trainer class.
        resume: Search to go on with: its folder, or the id of its run (``YOL-5``). Finished trials are not repeated;
            arguments that are not given here are those of that search.
        isolated: Train each trial in a process of its own, which takes some seconds longer, but outlives a trial that
            runs out of memory. False: in this process.
        **train_args: Arguments of ``model.train()``; `data` may be a list of data sets, whose mean fitness counts. The
            optimizer is AdamW if none is given.

    Returns:
        Every trial, the best one, and the link to the run.

    Raises:
        SettingsError: If the space, a setting or an argument cannot be used, or there is no search to resume.
        TrainerClassError: If `trainer` is no trainer class.
        NeptuneYoloError: If there is no way to log as the settings ask.
        RuntimeError: If the space holds nothing that was not tried.
    """
    base = _model(model)
    kind = neptune_trainer(trainer) if trainer else neptune_trainer_for(base)
    chosen, given = settings or kind.neptune, _with_cfg(train_args)
    former = find_search(resume, chosen, given.get("project")) if resume else None
    plan = _plan(former, given, iterations, space)
    return _Search.begin(base, kind.with_settings(chosen), plan, former).run_to_the_end(isolated=isolated)


@dataclass(frozen=True)
class _Search:
    """One search, ready to run.

    Args:
        model: The model to begin each trial with.
        trainer: The trainer class.
        arguments: Ultralytics' arguments of each trial.
        history: The trials so far.
        run: The run of the search.
        plan: What it does.
    """

    model: Model
    trainer: type[Any]
    arguments: Mapping[str, Any]
    history: SearchHistory
    run: SearchRun
    plan: SearchPlan

    @classmethod
    def begin(cls, model: Model, trainer: type[Any], plan: SearchPlan, former: FormerSearch | None) -> "_Search":
        """Make or find the folder of the search, and open its run."""
        arguments = {**model.overrides, **plan.arguments, "mode": "train", "task": model.task}
        history = SearchHistory(arguments, dict(plan.space) or None, model.model, former.folder if former else None)
        run = SearchRun.open(
            trainer.neptune,
            history.tune_dir,
            ultralytics_project=arguments.get("project"),
            group_tag=plan.group_tag,
            note=former.note if former else None,
            resumed_from=history.tune_file if former else None,
        )
        plan = replace(plan, space=history.space, group_tag=run.group_tag)
        each = {name: value for name, value in arguments.items() if name not in _NOT_FOR_A_TRIAL}
        return cls(model, trainer, each, history, run, plan)

    def run_to_the_end(self, *, isolated: bool) -> TuneResult:
        """Train the trials that are missing, close the run with its true state, and return what was found."""
        base, plan = self.history.tune_dir / _BASE_NAME, self.plan
        with exit_on_sigterm():
            try:
                write_plan(self.history.tune_dir, plan)
                self.run.started(plan, self.history.tune_dir, self.history.trials)
                name = _portable_model(self.model, base)
                for number in range(len(self.history.trials) + 1, plan.iterations + 1):
                    LOGGER.info(f"Trial {number} of {plan.iterations}:")
                    self._try(number, name, isolated=isolated)
            except BaseException as error:
                self.run.finish(Outcome.of(error))
                raise
            finally:
                base.unlink(missing_ok=True)
            self.run.finish(self._outcome())
        trials, best = self.history.trials, self.history.best
        LOGGER.info(f"Best of {len(trials)}: {best.line() if best else 'none'}. Results are in {self.history.tune_dir}")
        if self.run.url:
            LOGGER.info(f"Neptune run {self.run.run_id} of the search: {self.run.url}")
        return TuneResult(
            folder=self.history.tune_dir, trials=trials, best=best, run_id=self.run.run_id, url=self.run.url
        )

    def _try(self, number: int, model: str, *, isolated: bool) -> None:
        """Train one trial, and write down how it went."""
        hyperparameters = self.history.propose()
        name = trial_name(number)
        folder = self.history.tune_dir / name
        shutil.rmtree(folder, ignore_errors=True)  # of a trial that was interrupted, whose run is another one
        settings = self.run.trial_settings(name)
        is_multiple = isinstance(self.arguments.get("data"), list | tuple)  # Ultralytics then names the folders below
        place = {"project": str(folder if is_multiple else self.history.tune_dir), "name": name, "exist_ok": True}
        job = TrialJob(
            model=model,
            task=self.model.task,
            callbacks=self.model.callbacks,
            trainer=self.trainer.with_settings(settings),
            arguments={**self.arguments, **hyperparameters, **place},
            folder=folder,
        )
        try:
            report = train_isolated(job, settings.stop_timeout_seconds) if isolated else train_trial(job)
        except BaseException:
            self.run.add_children(run_ids(folder))
            raise
        if report.state is not TrainingState.COMPLETED and (report.is_lost or not run_notes(folder)):
            lost = self.run.close_lost(settings, folder, report)
            report = replace(report, runs=report.runs or ((lost,) if lost else ()))
        self._finished(self.history.record(number, hyperparameters, report, folder), folder)

    def _finished(self, trial: Trial, folder: Path) -> None:
        """Keep what is worth keeping of a trial, and log it."""
        LOGGER.info(f"Search: {trial.line()}")
        plots: list[Path] = []
        with self.run.ledger.guard("drawing the plots of the search"):
            plots = self.history.plot()
        self.history.keep_best(trial, folder)
        files = {
            paths.TUNE_RESULTS: self.history.tune_file,
            paths.TUNE_BEST_FILE: self.history.write_best(),
            **plot_paths(plots),
        }
        self.run.trial_finished(self.history.trials, self.history.best, files)

    def _outcome(self) -> Outcome:
        trials = self.history.trials
        if trials and self.history.best is None:
            return Outcome(TrainingState.FAILED, f"all trials have failed; the last one: {trials[-1].reason}")
        return Outcome(TrainingState.COMPLETED)


def _model(model: Model | str | Path) -> Model:
    if isinstance(model, Model):
        return model
    return RTDETR(str(model)) if "rtdetr" in Path(model).stem.lower() else YOLO(str(model))


def _portable_model(model: Model, file: Path) -> str:
    """Return what other processes can load the model from: its YAML, or a file of its weights as they are now."""
    if model.ckpt is None:
        return str(model.overrides["model"])
    model.save(file)
    return str(file)


def _with_cfg(train_args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments with those of the file in ``cfg=`` behind them."""
    given = dict(train_args)
    if cfg := given.pop("cfg", None):
        given = {**YAML.load(check_yaml(cfg)), **given}
    return given


def _plan(
    former: FormerSearch | None,
    train_args: Mapping[str, Any],
    iterations: int | None,
    space: Mapping[str, Sequence[float]] | None,
) -> SearchPlan:
    """Return what to do: what is given, else what the former search was to do.

    Raises:
        SettingsError: If the number of trials is no whole number from 1.
    """
    plan = former.plan if former else SearchPlan()
    number = plan.iterations if iterations is None else iterations
    check_whole("iterations", number)
    searched = {name: tuple(bounds) for name, bounds in (space or plan.space).items()}
    arguments = {**plan.arguments, **train_args}
    if "optimizer" not in searched:
        arguments.setdefault("optimizer", "AdamW")
    return replace(plan, arguments=arguments, space=searched, iterations=number)
