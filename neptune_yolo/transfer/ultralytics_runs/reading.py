"""Reads the folder of a training as the run that our trainer would have logged."""

from datetime import datetime
from pathlib import Path

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.epoch_figures import standing
from neptune_yolo.tracking.figures import figure_path
from neptune_yolo.tracking.hyperparameters import typed_hyperparameters
from neptune_yolo.tracking.picture_series import series_point
from neptune_yolo.tracking.status import TrainingState
from neptune_yolo.transfer.ultralytics_runs.arguments import Arguments, read_arguments
from neptune_yolo.transfer.ultralytics_runs.dataset import dataset_facts
from neptune_yolo.transfer.ultralytics_runs.fitness import best_index, fitnesses
from neptune_yolo.transfer.ultralytics_runs.folders import (
    PICTURE_ENDINGS,
    RESULTS_NAMES,
    WEIGHTS,
    FoundFolder,
    OwnFiles,
    own_files,
)
from neptune_yolo.transfer.ultralytics_runs.identity import fingerprint, training_key
from neptune_yolo.transfer.ultralytics_runs.recorded import RecordedRun
from neptune_yolo.transfer.ultralytics_runs.table import EpochTable, read_table, without_repeated_validations
from neptune_yolo.transfer.ultralytics_runs.times import training_times
from neptune_yolo.transfer.ultralytics_runs.weights import weights_of
from neptune_yolo.version import package_version

_MOST_FILES = 1000
_LARGEST_PICTURE = 256 * 2**20  # bytes
_LARGEST_OF_SERIES = 16 * 2**20  # bytes
_SHORT_SECONDS = 600.0  # a table that was written so lately may still grow
_DECIMALS = 6


def read_training(found: FoundFolder, now: datetime) -> RecordedRun:
    """Return the run that a training's folder becomes. What is broken is told in its problems, and left out.

    Args:
        found: The folder.
        now: The present moment.

    Raises:
        OSError: If the folder cannot be read.
    """
    files, weights = own_files(found.path), own_files(found.path / WEIGHTS)
    arguments, table = read_arguments(files), read_table(files.first(RESULTS_NAMES))
    if arguments.values.get("val") is False:
        table = without_repeated_validations(table)
    times = training_times(files, table, now)
    run = RecordedRun(
        key=training_key(found.path, arguments, table.first_line),
        source=found.name,
        folder=found.path,
        name=found.path.name,
        started=times.started,
        ended=times.ended,
        host=times.host,
    )
    run.problems += [*arguments.problems, *table.problems, *_refused(files), *_refused(weights, f"{WEIGHTS}/")]
    run.values |= {
        f"{paths.HYPERPARAMETERS}/{paths.path_part(name)}": value
        for name, value in typed_hyperparameters(arguments.values).items()
    }
    for index, epoch in enumerate(table.epochs):
        run.add_points(epoch.step, epoch.values, times.of(epoch.seconds, (index + 1) / len(table.epochs)))
    _add_figures(run, arguments, table, weights)
    _add_files(run, files, table.last_step)
    _add_state(run, arguments, table, files, now)
    _add_dataset(run, arguments)
    everything = [*files.files.values(), *weights.files.values()]
    run.fingerprint = fingerprint(everything, {**run.values, "points": run.points})
    return run


def _refused(files: OwnFiles, below: str = "") -> list[str]:
    return [f"{below}{name} is a link out of the folder, or no plain file: it is left out" for name in files.refused]


def _add_figures(run: RecordedRun, arguments: Arguments, table: EpochTable, weights: OwnFiles) -> None:
    """Add the fitness, the best and the last values, the times of epochs, and the checkpoints."""
    epochs = table.epochs
    values = fitnesses(epochs, arguments)
    at = {point.step: point.at for points in run.series.values() for point in points}
    for epoch, value in zip(epochs, values, strict=True):
        if value is not None:
            run.add_points(epoch.step, {paths.FITNESS: value}, at[epoch.step])
    former = 0.0
    for epoch in epochs:
        if epoch.seconds is not None and epoch.step in at:
            run.add_points(epoch.step, {paths.EPOCH_SECONDS: round(epoch.seconds - former, _DECIMALS)}, at[epoch.step])
            former = epoch.seconds
    best = best_index(values)
    validated = [
        index for index, epoch in enumerate(epochs) if any(path.startswith("metrics/") for path in epoch.values)
    ]
    for index in (best, validated[-1] if validated else None):
        if index is not None:
            epoch = epochs[index]
            metrics = {path: value for path, value in epoch.values.items() if path.startswith(("metrics/", "val/"))}
            run.values |= standing(metrics, values[index], epoch.step, is_best=index == best)
    found, problems = weights_of(weights, epochs, values, best)
    run.problems += problems
    for checkpoint in found:
        run.files[checkpoint.path] = checkpoint.file
        run.values |= checkpoint.described(run.sha256_of(checkpoint.file))


def _add_files(run: RecordedRun, files: OwnFiles, last_step: int) -> None:
    """Add the table itself and every picture."""
    results = files.first(RESULTS_NAMES)
    if results is not None:
        run.files[paths.RESULTS] = results
    pictures = [file for file in files.files.values() if file.suffix.lower() in PICTURE_ENDINGS]
    if len(pictures) > _MOST_FILES:
        run.problems.append(f"{len(pictures)} pictures: the first {_MOST_FILES} are imported")
    for file in pictures[:_MOST_FILES]:
        path = figure_path(_renamed(file))
        if path in run.files:
            run.problems.append(f"{file.name} has the name of another picture but for its ending: it is left out")
        elif (size := file.stat().st_size) > _LARGEST_PICTURE:
            run.problems.append(f"{file.name} is left out: {size} bytes are no picture that Ultralytics has drawn")
        else:
            run.files[path] = file
            if path.startswith(f"{paths.VALIDATION}/") and last_step and size <= _LARGEST_OF_SERIES:
                point = series_point(_renamed(file), last_step, epoch=last_step - 1, batches=1)
                run.pictures[point.path] = (file, point.step)


def _renamed(file: Path) -> Path:
    """Return a picture by its present name: the first versions of YOLOv5 call validation batches ``test_batch``."""
    return (
        file.with_name(file.name.replace("test_batch", "val_batch", 1)) if file.name.startswith("test_batch") else file
    )


def _add_state(run: RecordedRun, arguments: Arguments, table: EpochTable, files: OwnFiles, now: datetime) -> None:
    """Add how far the training has come, and when and where it ran."""
    planned, last = arguments.number("epochs"), table.last_step
    is_completed = last > 0 and (_is_whole(run, arguments, last) or _is_drawn(files))
    state = TrainingState.COMPLETED if is_completed else TrainingState.INTERRUPTED
    run.values |= {
        paths.STATUS: str(state),
        paths.EPOCHS_COMPLETED: last,
        paths.STARTED_AT: run.started,
        paths.ENDED_AT: run.ended,
        paths.INTEGRATION_VERSION: package_version(),
    }
    if planned is not None:
        run.values[paths.EPOCHS_PLANNED] = planned
    if save_dir := arguments.text("save_dir"):
        run.values[paths.SAVE_DIR] = save_dir
    if run.host:
        run.values[f"{paths.ENVIRONMENT}/host"] = run.host
    if not is_completed:
        run.values[paths.REASON] = f"its table of epochs ends at epoch {last} of {planned or 'unknown'}"
        if (now - run.ended).total_seconds() < _SHORT_SECONDS:
            run.problems.append("it may still be training: import it again when it has ended, and it is continued")


def _is_whole(run: RecordedRun, arguments: Arguments, last: int) -> bool:
    """Return whether a training has come to its end: all epochs, or as many without progress as it was told to wait."""
    planned, patience = arguments.number("epochs"), arguments.number("patience")
    best = run.values.get(f"{paths.BEST}/epoch")
    waited = isinstance(best, int) and patience is not None and last - best >= patience
    return (planned is not None and last >= planned) or waited


def _is_drawn(files: OwnFiles) -> bool:
    """Return whether the plot of all epochs was drawn after the last of them, which is done at the very end."""
    plot, table = files.files.get("results.png"), files.first(RESULTS_NAMES)
    return plot is not None and table is not None and plot.stat().st_mtime_ns >= table.stat().st_mtime_ns


def _add_dataset(run: RecordedRun, arguments: Arguments) -> None:
    facts = dataset_facts(arguments)
    run.values |= facts.values
    if facts.yaml is not None:
        run.texts[paths.DATASET_YAML] = (facts.yaml, "yaml")
    if facts.problem:
        run.problems.append(facts.problem)
