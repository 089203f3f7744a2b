import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.epochs import EpochRecorder


def trainer(fitness: Any, best: Any, device: str = "cpu") -> Any:
    """The parts of a trainer that are read."""
    return SimpleNamespace(
        fitness=fitness,
        best_fitness=best,
        stop=False,
        device=torch.device(device),
        metrics={"metrics/mAP50(B)": 0.25, "val/box_loss": 1.5},
        validator=SimpleNamespace(speed={"preprocess": 0.5, "inference": 4.0}),
        train_loader=SimpleNamespace(dataset=range(100)),
        _get_memory=lambda: 1.5,
    )


def test_an_epoch_has_its_own_time(logger: RunLogger, written: Callable[[], Any]) -> None:
    recorder = EpochRecorder(logger)
    recorder.epoch_started()
    time.sleep(0.2)
    recorder.epoch_started()  # it begins again
    time.sleep(0.05)
    recorder.training_ended()
    time.sleep(0.05)
    recorder.record(trainer(0.5, 0.5), 1, validated=True)

    run = written()
    ((_, seconds),) = run.points("epoch/time_seconds")
    assert 0.1 <= seconds < 0.2
    ((_, images_per_second),) = run.points("epoch/images_per_second")
    assert 1000 < images_per_second <= 2000
    assert run.points("speed/inference") == [(1, 4.0)]
    assert run.paths("epoch/") == ["epoch/time_seconds", "epoch/images_per_second"]


def test_the_best_epoch_is_the_one_of_best_pt(logger: RunLogger, written: Callable[[], Any]) -> None:
    recorder = EpochRecorder(logger)
    for step, (fitness, best) in enumerate(((0.5, 0.5), (0.25, 0.5), (0.5, 0.5), (0.1, 0.5)), start=1):
        recorder.record(trainer(np.float32(fitness), np.float32(best)), step, validated=True)

    run = written()
    assert run.value("best/epoch") == 3  # Ultralytics writes best.pt again when the fitness is reached again
    assert run.value("best/fitness") == 0.5
    assert run.value("best/metrics/mAP50(B)") == 0.25
    assert run.value("best/val/box_loss") == 1.5
    assert run.value("last/epoch") == 4
    assert run.value("last/fitness") == pytest.approx(0.1)
    assert [step for step, _ in run.points("metrics/fitness")] == [1, 2, 3, 4]


def test_an_epoch_without_validation_repeats_no_old_values(logger: RunLogger, written: Callable[[], Any]) -> None:
    recorder = EpochRecorder(logger)
    recorder.epoch_started()
    recorder.record(trainer(None, None), 1, validated=False)

    run = written()
    assert run.paths("epoch/") == ["epoch/time_seconds", "epoch/images_per_second"]
    assert run.paths("best/") == run.paths("last/") == run.paths("speed/") == run.paths("metrics/") == []


def test_an_epoch_that_was_cut_short_has_no_throughput(logger: RunLogger, written: Callable[[], Any]) -> None:
    recorder = EpochRecorder(logger)
    recorder.epoch_started()
    stopped = trainer(0.5, 0.5)
    stopped.stop = True
    recorder.record(stopped, 1, validated=True)

    assert written().paths("epoch/") == ["epoch/time_seconds"]


def test_memory_of_a_gpu(logger: RunLogger, written: Callable[[], Any]) -> None:
    recorder = EpochRecorder(logger)
    recorder.epoch_started()
    recorder.record(trainer(0.5, 0.5, device="cuda"), 1, validated=True)

    assert written().points("epoch/gpu_memory_GiB") == [(1, 1.5)]
