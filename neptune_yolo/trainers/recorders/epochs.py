"""EpochRecorder: time, speed and memory of each epoch, its fitness, and the best and the last values of the run."""

import time
from typing import Any

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.epoch_figures import EpochTimes, standing, time_points
from neptune_yolo.tracking.run_logger import RunLogger


class EpochRecorder:
    """Writes what an epoch says beyond its losses and metrics.

    Ultralytics' own `epoch_time` is that of the epoch before when the scalars are written, so the time is taken here.

    Args:
        logger: Writes into the run.
    """

    def __init__(self, logger: RunLogger) -> None:
        self._logger = logger
        self._started: float | None = None
        self._trained: float | None = None

    def epoch_started(self) -> None:
        """Take the time; an epoch that begins again, after an error of memory or NaN, is timed anew."""
        self._started = time.perf_counter()
        self._trained = None

    def training_ended(self) -> None:
        """Take the time at which the epoch's training ends and its validation begins."""
        self._trained = time.perf_counter()

    def record(self, trainer: Any, step: int, *, validated: bool) -> None:
        """Write the points and values of an epoch, where its scalars are written.

        Args:
            trainer: The Ultralytics trainer.
            step: Epoch, from 1.
            validated: Whether there was a validation in this epoch.
        """
        points: dict[str, float] = {}
        if self._started is not None:
            now = time.perf_counter()
            times = EpochTimes(now - self._started, (self._trained or now) - self._started, _images(trainer))
            points = time_points(times, trainer.validator.speed if validated else None, _gpu_gib(trainer))
        fitness = None if trainer.fitness is None or not validated else float(trainer.fitness)
        if fitness is not None:
            points[paths.FITNESS] = fitness
        self._logger.log_metrics(points, step)
        if validated:
            metrics = plain_metrics(trainer)
            is_best = bool(fitness is not None and trainer.best_fitness == trainer.fitness)
            self._logger.log_values(standing(metrics, fitness, step, is_best=is_best), "logging best and last values")


def plain_metrics(trainer: Any) -> dict[str, float]:
    """Return the metrics of the last validation as plain numbers, by Ultralytics' names; empty if there was none."""
    return {name: float(value) for name, value in (trainer.metrics or {}).items()}


def _images(trainer: Any) -> int | None:
    """Return how many images an epoch has; None if it was cut short: by the argument `time`, or from outside."""
    return None if trainer.stop else len(trainer.train_loader.dataset)


def _gpu_gib(trainer: Any) -> float | None:
    """Return what torch has reserved on the accelerator, the number of Ultralytics' progress bar."""
    if trainer.device.type == "cpu":
        return None
    return float(trainer._get_memory())  # noqa: SLF001 - it knows every kind of accelerator that Ultralytics trains on
