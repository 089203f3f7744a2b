from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders import batches
from neptune_yolo.trainers.recorders.batches import BatchRecorder


def trainer(epoch: int, loss: float, count: int = 4) -> Any:
    """The parts of a trainer that are read; its losses are made as Ultralytics makes them."""
    losses = torch.tensor([loss, 2.0 * loss], dtype=torch.float32, requires_grad=True)
    return SimpleNamespace(
        epoch=epoch,
        train_loader=range(count),
        loss_items=dict(zip(("box_loss", "cls_loss"), losses.detach(), strict=True)),
    )


def train(recorder: BatchRecorder, epoch: int, losses: list[float], count: int = 4) -> None:
    for index, loss in enumerate(losses):
        recorder.record(trainer(epoch, loss, count), index)


def test_every_nth_batch_of_all_epochs_has_a_point(logger: RunLogger, written: Callable[[], Any]) -> None:
    recorder = BatchRecorder(logger, 3)
    for epoch in range(3):
        train(recorder, epoch, [epoch + index / 8 for index in range(4)])
        recorder.flush()

    run = written()
    assert run.points("batch/box_loss") == [(0.75, 0.25), (1.5, 1.125), (2.25, 2.0), (3.0, 2.375)]
    assert run.points("batch/cls_loss") == [(0.75, 0.5), (1.5, 2.25), (2.25, 4.0), (3.0, 4.75)]


def test_nothing_is_written_before_the_epoch_counts(logger: RunLogger, written: Callable[[], Any]) -> None:
    train(BatchRecorder(logger, 1), 0, [1, 2])

    assert written().paths("batch/") == []


def test_an_epoch_that_begins_again_replaces_its_first_attempt(logger: RunLogger, written: Callable[[], Any]) -> None:
    recorder = BatchRecorder(logger, 1)
    train(recorder, 0, [1, 1])  # out of memory in the third batch: smaller batches, twice as many
    train(recorder, 0, [2] * 8, count=8)
    recorder.flush()
    train(recorder, 1, [float("nan")] * 8, count=8)  # the epoch is repeated
    train(recorder, 1, [3] * 8, count=8)
    recorder.flush()

    points = written().points("batch/box_loss")
    assert points == [(step / 8, 2.0 if step <= 8 else 3.0) for step in range(1, 17)]
    assert logger.ledger.total == 0


def test_what_the_run_already_has_is_not_written_again(logger: RunLogger, written: Callable[[], Any]) -> None:
    recorder = BatchRecorder(logger, 2, offset=10, after=10.5)
    train(recorder, 0, [1, 2, 3, 4])
    recorder.flush()

    assert written().points("batch/box_loss") == [(11.0, 4.0)]


def test_memory_is_bounded_and_steps_still_increase(
    logger: RunLogger, written: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_MOST_PENDING", 3)
    recorder = BatchRecorder(logger, 1)
    train(recorder, 0, [1] * 5, count=8)
    assert len(recorder._losses) == 2
    train(recorder, 0, [2] * 8, count=8)
    recorder.flush()

    assert [step for step, _ in written().points("batch/box_loss")] == [index / 8 for index in range(1, 9)]


def test_values_on_a_gpu_are_not_asked_for_in_each_batch(logger: RunLogger) -> None:
    """A tensor without data raises when it is asked for its value, as one on a GPU would wait."""
    recorder = BatchRecorder(logger, 1)
    batch = trainer(0, 1.0)
    batch.loss_items = {"box_loss": torch.empty((), device="meta")}

    recorder.record(batch, 0)

    with pytest.raises((NotImplementedError, RuntimeError)):
        recorder.flush()
