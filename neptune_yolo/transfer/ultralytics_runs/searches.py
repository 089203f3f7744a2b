"""Reads the folder of a hyperparameter search of Ultralytics as the run that our search would have logged."""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.hyperparameters import typed_hyperparameters
from neptune_yolo.tracking.status import TrainingState
from neptune_yolo.transfer.ultralytics_runs.arguments import read_arguments
from neptune_yolo.transfer.ultralytics_runs.folders import PICTURE_ENDINGS, WEIGHTS, FoundFolder, OwnFiles, own_files
from neptune_yolo.transfer.ultralytics_runs.identity import fingerprint, search_key
from neptune_yolo.transfer.ultralytics_runs.recorded import Point, RecordedRun
from neptune_yolo.transfer.ultralytics_runs.weights import weights_of
from neptune_yolo.version import package_version

_TABLE = "tune_results.csv"
_RECORDS = "tune_results.ndjson"
_BEST = "best_hyperparameters.yaml"
_MOST_TRIALS = 100_000
_KNOWN_BY = 2
"""Trials that tell one search from another: the first one tries the same in all searches of a model."""


@dataclass(frozen=True)
class _Trial:
    """One trial: its number from 1, its fitness, what it tried, and its metrics if there is one data set."""

    number: int
    fitness: float
    hyperparameters: Mapping[str, float]
    metrics: Mapping[str, float] = field(default_factory=dict)
    is_failed: bool = False


def read_search(found: FoundFolder, now: datetime) -> RecordedRun:
    """Return the run that a search's folder becomes; its trials are trainings with folders of their own.

    Args:
        found: The folder.
        now: The present moment.

    Raises:
        OSError: If the folder cannot be read.
    """
    files, weights = own_files(found.path), own_files(found.path / WEIGHTS)
    problems: list[str] = []
    results = files.first((_RECORDS, _TABLE))
    trials = list(_trials(results, problems)) if results is not None else []
    written = [file.stat().st_mtime for file in files.files.values()] or [now.timestamp()]
    started, ended = (datetime.fromtimestamp(min(at, now.timestamp()), UTC) for at in (min(written), max(written)))
    first = [(trial.fitness, sorted(trial.hyperparameters.items())) for trial in trials[:_KNOWN_BY]]
    run = RecordedRun(
        search_key(found.path, json.dumps(first) if first else ""),
        found.name,
        found.path,
        found.path.name,
        started,
        ended,
    )
    run.problems += problems
    _add_trials(run, trials)
    _add_files(run, files, weights, results)
    arguments = read_arguments(files) if "args.yaml" in files.files else None
    if arguments is not None:
        run.problems += arguments.problems
        run.values |= {
            f"{paths.HYPERPARAMETERS}/{paths.path_part(name)}": value
            for name, value in typed_hyperparameters(arguments.values).items()
        }
    run.fingerprint = fingerprint(
        [*files.files.values(), *weights.files.values()], {**run.values, "points": run.points}
    )
    return run


def _trials(file: Path, problems: list[str]) -> Iterator[_Trial]:
    parse = _from_record if file.name == _RECORDS else _from_row
    rows = _records(file) if file.name == _RECORDS else _rows(file)
    number = 0
    for line, row in rows:
        if number >= _MOST_TRIALS:
            problems.append(f"{file.name} has more than {_MOST_TRIALS} trials: the first are imported")
            return
        try:
            trial = parse(row, number + 1)
        except (ValueError, TypeError, AttributeError, OverflowError):
            problems.append(f"{file.name}: line {line} is no trial")
            continue
        number += 1
        yield trial


def _records(file: Path) -> Iterator[tuple[int, Any]]:
    with file.open(encoding="utf-8-sig", errors="replace") as stream:
        for line, text in enumerate(stream, 1):
            if text.strip():
                try:
                    yield line, json.loads(text)
                except (ValueError, RecursionError):
                    yield line, None


def _rows(file: Path) -> Iterator[tuple[int, Any]]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        header: list[str] | None = None
        for line, fields in enumerate(csv.reader(stream), 1):
            values = [value.strip() for value in fields]
            if header is None:
                header = values
            elif any(values):
                yield line, dict(zip(header, values, strict=False)) if len(values) == len(header) else None


def _from_row(row: Mapping[str, str], number: int) -> _Trial:
    values = {name: float(text) for name, text in row.items() if name}
    fitness = _finite(values.pop("fitness"))
    return _Trial(number, fitness, {name: _finite(value) for name, value in values.items()}, is_failed=fitness == 0.0)


def _from_record(record: Mapping[str, Any], number: int) -> _Trial:
    failed = set(record.get("failed_datasets") or ())
    datasets = {name: values for name, values in (record.get("datasets") or {}).items() if name not in failed}
    metrics = next(iter(datasets.values())) if len(datasets) == 1 else {}
    return _Trial(
        number=number,
        fitness=_finite(float(record.get("fitness") or 0.0)),
        hyperparameters={str(name): _finite(float(v)) for name, v in (record.get("hyperparameters") or {}).items()},
        metrics={
            str(name): float(value)
            for name, value in (metrics or {}).items()
            if isinstance(value, int | float) and math.isfinite(value)
        },
        is_failed=not datasets or record.get("state", "completed") != "completed",
    )


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(value)
    return value


def _add_trials(run: RecordedRun, trials: list[_Trial]) -> None:
    count = len(trials)
    span = run.ended.timestamp() - run.started.timestamp()
    for trial in trials:
        at = datetime.fromtimestamp(run.started.timestamp() + span * trial.number / count, UTC)
        points = {f"{paths.TUNE}/{paths.path_part(name)}": value for name, value in trial.hyperparameters.items()}
        points |= {
            f"{paths.TUNE_METRICS}/{paths.path_part(name.removeprefix('metrics/'))}": value
            for name, value in trial.metrics.items()
        }
        if not trial.is_failed:
            points[paths.TUNE_FITNESS] = trial.fitness
        run.add_points(trial.number, points, at)
        state = TrainingState.FAILED if trial.is_failed else TrainingState.COMPLETED
        run.series.setdefault(paths.TUNE_TRIALS, []).append(
            Point(trial.number, f"trial {trial.number}: {state}, fitness {trial.fitness:g}", at)
        )
    completed = [trial for trial in trials if not trial.is_failed]
    run.values |= {
        paths.STATUS: str(TrainingState.COMPLETED if trials else TrainingState.INTERRUPTED),
        paths.STARTED_AT: run.started,
        paths.ENDED_AT: run.ended,
        paths.INTEGRATION_VERSION: package_version(),
        paths.TUNE_COMPLETED: len(completed),
        paths.TUNE_FAILED: count - len(completed),
    }
    if completed:
        best = max(completed, key=lambda trial: trial.fitness)
        run.values |= {f"{paths.TUNE_BEST}/trial": best.number, f"{paths.TUNE_BEST}/fitness": best.fitness}
        run.values |= {
            f"{paths.TUNE_BEST}/hyperparameters/{paths.path_part(name)}": float(value)
            for name, value in best.hyperparameters.items()
        }


def _add_files(run: RecordedRun, files: OwnFiles, weights: OwnFiles, results: Path | None) -> None:
    if results is not None:
        run.files[paths.TUNE_RESULTS] = results
    if _BEST in files.files:
        run.files[paths.TUNE_BEST_FILE] = files.files[_BEST]
    for file in files.files.values():
        if file.suffix.lower() in PICTURE_ENDINGS:
            run.files.setdefault(f"{paths.TUNE_PLOTS}/{file.stem.removeprefix('tune_')}", file)
    found, _ = weights_of(weights, (), (), None)
    for checkpoint in found:
        run.files[checkpoint.path] = checkpoint.file
        run.values |= checkpoint.described(run.sha256_of(checkpoint.file))
