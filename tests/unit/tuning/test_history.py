"""The files of a search, as Ultralytics' own tuner reads and writes them."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from neptune_yolo.exceptions import SettingsError
from neptune_yolo.tracking.status import TrainingState
from neptune_yolo.tuning.history import SearchHistory, trial_name
from neptune_yolo.tuning.results import TrialReport

SPACE = {"lr0": (0.001, 0.1), "momentum": (0.7, 0.98, 0.3), "close_mosaic": (0, 10)}


def start(tmp_path: Path, **arguments: Any) -> SearchHistory:
    given = {"task": "detect", "data": "coco8.yaml", "project": str(tmp_path / "runs ä"), "lr0": 0.05} | arguments
    return SearchHistory(given, SPACE, model=object())


def completed(fitness: float) -> TrialReport:
    metrics = {"metrics/mAP50-95(B)": fitness, "fitness": fitness}
    return TrialReport(state=TrainingState.COMPLETED, datasets={"coco8": metrics}, runs=("YOL-2",))


def finish(history: SearchHistory, number: int, hyperparameters: dict[str, float], report: TrialReport) -> None:
    folder = history.tune_dir / trial_name(number)
    (folder / "weights").mkdir(parents=True)
    (folder / "weights" / "best.pt").write_text(f"weights of {number}")
    trial = history.record(number, hyperparameters, report, folder)
    history.keep_best(trial, folder)


def test_the_best_of_all_trials_is_kept(tmp_path: Path) -> None:
    history = start(tmp_path)
    tried = []
    for number, report in enumerate(
        (
            completed(0.25),
            TrialReport(state=TrainingState.FAILED, reason="ValueError: no"),
            completed(0.5),
            completed(0.4),
        ),
        start=1,
    ):
        tried.append(history.propose())
        finish(history, number, tried[-1], report)

    assert tried[0] == {"lr0": 0.05, "momentum": 0.937, "close_mosaic": 10}
    for proposal in tried:
        assert all(low <= proposal[name] <= high for name, (low, high, *_) in SPACE.items())
        assert isinstance(proposal["close_mosaic"], int)
    assert len({tuple(proposal.values()) for proposal in tried}) == 4

    assert [trial.state for trial in history.trials] == ["completed", "failed", "completed", "completed"]
    assert [trial.fitness for trial in history.trials] == [0.25, 0, 0.5, 0.4]
    assert history.trials[1].line() == "trial 2: failed, ValueError: no"
    assert history.best is not None
    assert history.best.number == 3
    assert history.best.line() == "trial 3 (YOL-2): fitness 0.50000"
    assert (history.tune_dir / "weights" / "best.pt").read_text() == "weights of 3"
    assert [folder.name for folder in history.tune_dir.glob("trial-*")] == ["trial-3"]

    file = history.write_best()
    assert file is not None
    assert yaml.safe_load(file.read_text(encoding="utf-8")) == tried[2]
    assert sorted(plot.name for plot in history.plot()) == ["tune_fitness.png", "tune_scatter_plots.png"]


def test_a_search_goes_on_in_its_folder(tmp_path: Path) -> None:
    first = start(tmp_path)
    finish(first, 1, first.propose(), completed(0.25))
    again = SearchHistory({"task": "detect", "data": "coco8.yaml"}, SPACE, object(), first.tune_dir)
    assert again.trials == first.trials
    assert again.propose() != first.trials[0].hyperparameters
    assert again.tune_dir == first.tune_dir
    assert start(tmp_path).tune_dir != first.tune_dir, "another search must not be written into the first one's folder"


def test_what_ultralytics_own_tuner_has_written_is_understood(tmp_path: Path) -> None:
    history = start(tmp_path)
    zero = {"metrics/mAP50-95(B)": 0.0, "fitness": 0.0}
    lines = [
        {"iteration": 1, "fitness": 0.2, "hyperparameters": {"lr0": 0.01}, "datasets": {"coco8": {"fitness": 0.2}}},
        {
            "iteration": 2,
            "fitness": 0.0,
            "hyperparameters": {"lr0": 0.02},
            "datasets": {"coco8": zero},
            "failed_datasets": ["coco8"],
        },
    ]
    history.tune_file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert [trial.state for trial in history.trials] == ["completed", "failed"]
    assert history.best == history.trials[0]


def test_no_trial_is_the_best_if_all_have_failed(tmp_path: Path) -> None:
    history = start(tmp_path)
    finish(history, 1, history.propose(), TrialReport(state=TrainingState.FAILED))
    assert history.best is None
    assert history.write_best() is None
    assert history.plot() == []
    assert not (history.tune_dir / "weights").exists()


def test_without_a_space_ultralytics_own_is_searched(tmp_path: Path) -> None:
    history = SearchHistory({"task": "detect", "project": str(tmp_path)}, None, object())
    assert history.space["lr0"] == (1e-5, 1e-2)
    assert history.space["momentum"] == (0.7, 0.98, 0.3)
    assert len(history.space) >= 20
    with pytest.raises(SettingsError, match="'optimizer'"):
        SearchHistory({"task": "detect", "project": str(tmp_path)}, {"optimizer": (0, 1)}, object())
