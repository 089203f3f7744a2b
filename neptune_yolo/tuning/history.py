"""The trials of a search so far, on disk as Ultralytics' tuner keeps them, and what to try next."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ultralytics.cfg import CFG_INT_KEYS, TASK2METRIC
from ultralytics.engine.tuner import Tuner
from ultralytics.utils import YAML
from ultralytics.utils.plotting import plot_tune_results

from neptune_yolo.tracking.dataset_files import dataset_name
from neptune_yolo.tracking.status import TrainingState
from neptune_yolo.tuning.results import Trial, TrialReport
from neptune_yolo.tuning.search_space import Space, checked_space

RESULTS_NAME = "tune_results.ndjson"
BEST_NAME = "best_hyperparameters.yaml"
_COMMON_NAME = "multitrain"
"""Ultralytics' name of the folder of trainings on several data sets."""
PLOT_NAMES = ("tune_fitness.png", "tune_scatter_plots.png")


class SearchHistory(Tuner):
    """Ultralytics' tuner without its loop: its space, its mutation, its files; the trials are trained by others.

    Args:
        arguments: Ultralytics' arguments of the search.
        space: Bounds of each hyperparameter. None: Ultralytics' own.
        model: The base model (``torch.nn.Module``).
        folder: Folder of a search that is resumed. None: a new one, which the arguments name.

    Raises:
        SettingsError: If the space cannot be used.
    """

    def __init__(self, arguments: Mapping[str, Any], space: Any, model: Any, folder: Path | None = None) -> None:
        given = {**arguments, "exist_ok": True} if folder else dict(arguments)
        super().__init__({**given, "space": space, "resume": False}, model=model)
        self.space: Space = checked_space(self.space, vars(self.args))
        if folder is not None:
            self.tune_dir, self.tune_file = folder, folder / RESULTS_NAME
        self.tune_dir.mkdir(parents=True, exist_ok=True)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Every finished trial."""
        return tuple(Trial.from_record(record) for record in self._load_local_results())

    @property
    def best(self) -> Trial | None:
        """The trial with the highest fitness; None if none is completed."""
        done = [trial for trial in self.trials if trial.state is TrainingState.COMPLETED]
        return max(done, key=lambda trial: trial.fitness, default=None)

    def propose(self) -> dict[str, float]:
        """Return what to try next: the given arguments first, then changes of what was best so far.

        Raises:
            RuntimeError: If the space holds nothing that was not tried.
        """
        proposal: dict[str, float] = self._mutate()
        return proposal

    def record(self, number: int, hyperparameters: Mapping[str, float], report: TrialReport, folder: Path) -> Trial:
        """Append a finished trial to the file of results, and return it.

        Args:
            number: Its number, from 1.
            hyperparameters: What was tried.
            report: How it went.
            folder: Its folder.
        """
        zeros = {TASK2METRIC[self.args.task]: 0.0, "fitness": 0.0}
        datasets = report.datasets or {self._dataset_name(): None}
        failed = [name for name, metrics in datasets.items() if not metrics]
        metrics = {name: dict(values or zeros) for name, values in datasets.items()}
        fitness = sum(values.get("fitness") or 0.0 for values in metrics.values()) / len(metrics)
        folders = {name: str(folder if len(metrics) == 1 else folder / _COMMON_NAME / name) for name in metrics}
        record = self._result_record(number, fitness, dict(hyperparameters), metrics, folders, failed)
        record |= {"state": str(report.state), "reason": report.reason, "runs": list(report.runs)}
        self._save_local_result(record)
        return Trial.from_record(record)

    def keep_best(self, trial: Trial, folder: Path) -> None:
        """Keep the weights of a trial if it is the best so far, and remove the folders of the others.

        Args:
            trial: The trial that has just finished.
            folder: Its folder.
        """
        best = self.best
        if best is not None and best.number == trial.number:
            for file in folder.glob("**/weights/*.pt"):
                training = file.parents[1]
                target = self.tune_dir / "weights" / ("" if training == folder else training.name)
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, target)
        for other in self.tune_dir.glob("trial-*"):
            if best is None or other.name != trial_name(best.number):
                shutil.rmtree(other, ignore_errors=True)

    def write_best(self) -> Path | None:
        """Write the best hyperparameters as YAML, and return the file; None if no trial is completed."""
        best = self.best
        if best is None:
            return None
        values = {name: int(v) if name in CFG_INT_KEYS else float(v) for name, v in best.hyperparameters.items()}
        header = f"# {len(self.trials)} trials\n# Best fitness={best.fitness} observed at {best.line()}\n"
        file = self.tune_dir / BEST_NAME
        YAML.save(file, data=values, header=header)
        return file

    def plot(self) -> list[Path]:
        """Draw Ultralytics' plots of the search, and return them; none if no trial has a fitness above 0."""
        plot_tune_results(str(self.tune_file))
        return [file for name in PLOT_NAMES if (file := self.tune_dir / name).exists()]

    def _dataset_name(self) -> str:
        data = self.args.data
        return ", ".join(map(str, data)) if isinstance(data, list | tuple) else dataset_name(Path(str(data)))


def trial_name(number: int) -> str:
    """Return the name of a trial's folder."""
    return f"trial-{number}"
