"""The checkpoints that a training leaves, as files: never loaded, because a checkpoint may run programs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.checkpoint_policy import BEST, LAST, epoch_name, metric_part
from neptune_yolo.tracking.checkpoints import is_complete_checkpoint
from neptune_yolo.transfer.ultralytics_runs.folders import OwnFiles
from neptune_yolo.transfer.ultralytics_runs.table import Epoch

_EPOCH = re.compile(r"epoch(\d+)")


@dataclass(frozen=True)
class Weights:
    """One checkpoint file.

    Args:
        name: Its name in the run: ``best``, ``last``, ``epoch_<n>``, or that of the file.
        file: The file.
        epoch: Epoch after which it was saved, from 1; None if that is not known.
        metrics: Validation metrics of that epoch and its fitness, by Ultralytics' names.
    """

    name: str
    file: Path
    epoch: int | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Attribute path of the file."""
        return paths.checkpoint_path(paths.path_part(self.name))

    def described(self, sha256: str) -> dict[str, object]:
        """Return attribute path -> value of what is known of the file.

        Args:
            sha256: Its hash, in hexadecimal.

        Raises:
            OSError: If it cannot be read.
        """
        state = self.file.stat()
        values: dict[str, object] = {"size_bytes": state.st_size, "sha256": sha256}
        values["saved_at"] = datetime.fromtimestamp(state.st_mtime, UTC)
        if self.epoch is not None:
            values["epoch"] = self.epoch
        values |= {f"metrics/{metric_part(name)}": value for name, value in self.metrics.items()}
        return {f"{paths.CHECKPOINTS}/{paths.path_part(self.name)}/{name}": value for name, value in values.items()}


def weights_of(
    files: OwnFiles, epochs: Sequence[Epoch], fitnesses: Sequence[float | None], best: int | None
) -> tuple[list[Weights], list[str]]:
    """Return the checkpoints of a training, and what is wrong with them.

    Args:
        files: Files of the folder ``weights``.
        epochs: Epochs of the training.
        fitnesses: Fitness of each epoch, or None.
        best: Index of the best epoch; None if no epoch was validated.
    """
    found: list[Weights] = []
    problems: list[str] = []
    known = {epoch.step: _metrics(epoch, fitnesses[index]) for index, epoch in enumerate(epochs)}
    for name, file in files.files.items():
        if file.suffix != ".pt":
            continue
        if not is_complete_checkpoint(file):
            problems.append(f"weights/{name} is torn, or of a version of torch before 1.6: it is uploaded as it is")
        step = _step(file.stem, epochs, best)
        label = epoch_name(step) if step is not None and _EPOCH.fullmatch(file.stem) else file.stem
        found.append(Weights(label, file, step, known.get(step, {}) if step is not None else {}))
    if not any(weights.name == BEST for weights in found):
        problems.append("there is no weights/best.pt")
    return found, problems


def _step(stem: str, epochs: Sequence[Epoch], best: int | None) -> int | None:
    """Return the epoch of a checkpoint; Ultralytics counts from 0 in the names of files."""
    if match := _EPOCH.fullmatch(stem):
        return int(match[1]) + 1
    if stem == BEST and best is not None:
        return epochs[best].step
    return epochs[-1].step if stem == LAST and epochs else None


def _metrics(epoch: Epoch, fitness: float | None) -> dict[str, float]:
    metrics = {path: value for path, value in epoch.values.items() if path.startswith(("metrics/", "val/"))}
    return metrics if fitness is None else {**metrics, "fitness": fitness}
