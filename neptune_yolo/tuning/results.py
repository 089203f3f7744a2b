"""What a search has found: its trials, and the best of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neptune_yolo.tracking.status import TrainingState


@dataclass(frozen=True, kw_only=True)
class TrialReport:
    """How one trial went, as the process tells that has trained it.

    Args:
        state: Completed, failed or interrupted.
        reason: Why it is not completed.
        datasets: Name of each data set -> its last metrics by Ultralytics' names; None if it could not be trained.
        runs: Ids of the runs, one for each data set; empty offline.
        is_lost: Whether its process ended without a word, so that nobody has closed its run.
    """

    state: TrainingState
    reason: str = ""
    datasets: Mapping[str, Mapping[str, float] | None] | None = None
    runs: tuple[str, ...] = ()
    is_lost: bool = False


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One trial of a search.

    Args:
        number: Its number, from 1.
        hyperparameters: What was tried.
        fitness: What Ultralytics' best.pt is chosen by, the mean over the data sets; 0 if the trial failed.
        state: Completed or failed.
        reason: Why it failed; empty if it is completed.
        runs: Ids of its runs, one for each data set; empty offline and without logging.
        metrics: Data set -> last metrics by Ultralytics' names; empty if the trial failed.
    """

    number: int
    hyperparameters: Mapping[str, float]
    fitness: float
    state: TrainingState
    reason: str
    runs: tuple[str, ...]
    metrics: Mapping[str, Mapping[str, float]]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Trial":
        """Return the trial that a line of ``tune_results.ndjson`` describes, also one that Ultralytics has written."""
        failed = set(record.get("failed_datasets") or ())
        metrics = {name: values for name, values in (record.get("datasets") or {}).items() if name not in failed}
        default = TrainingState.COMPLETED if metrics else TrainingState.FAILED
        return cls(
            number=int(record["iteration"]),
            hyperparameters=dict(record.get("hyperparameters") or {}),
            fitness=float(record.get("fitness") or 0.0),
            state=TrainingState(record.get("state") or default),
            reason=str(record.get("reason") or ""),
            runs=tuple(record.get("runs") or ()),
            metrics=metrics,
        )

    def line(self) -> str:
        """Return the trial in one line."""
        runs = f" ({', '.join(self.runs)})" if self.runs else ""
        if self.state is TrainingState.COMPLETED:
            return f"trial {self.number}{runs}: fitness {self.fitness:.5f}"
        return f"trial {self.number}{runs}: {self.state}, {self.reason or 'for an unknown reason'}"


@dataclass(frozen=True, kw_only=True)
class TuneResult:
    """What a search has found.

    Args:
        folder: Folder of the search: ``tune_results.ndjson``, ``best_hyperparameters.yaml``, plots, ``weights``.
        trials: Every trial, also of the earlier parts of a search that was resumed.
        best: The trial with the highest fitness; None if all have failed.
        run_id: Id of the search's run; None offline and without logging.
        url: Link to that run; None offline and without logging.
    """

    folder: Path
    trials: tuple[Trial, ...]
    best: Trial | None
    run_id: str | None
    url: str | None

    @property
    def best_hyperparameters(self) -> dict[str, float]:
        """Hyperparameters of the best trial, ready for ``model.train(**...)``; empty if all have failed."""
        return dict(self.best.hyperparameters) if self.best else {}

    @property
    def best_weights(self) -> Path | None:
        """best.pt of the best trial; None if all have failed, or there are several data sets."""
        file = self.folder / "weights" / "best.pt"
        return file if file.exists() else None
