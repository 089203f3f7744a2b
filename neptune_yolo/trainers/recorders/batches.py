"""BatchRecorder: the losses of single training batches, without waiting for the GPU in each of them."""

from typing import Any

import torch

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.run_logger import RunLogger

_MOST_PENDING = 1024
"""Batches whose losses are kept as tensors; then they are written, which waits for the GPU once."""


class BatchRecorder:
    """Appends the losses of every n-th batch to ``batch/{loss}``; the step is the part of the epochs that is done.

    The last batch of epoch 3 has the step 3, the one in its middle 2.5. What comes again, after an out-of-memory or NaN
    restart, is written once.

    Args:
        logger: Writes into the run.
        every: Which batches: every this many, counted over all epochs.
        offset: What is added to an epoch's number to get its step.
        after: Last step that the run already has.
    """

    def __init__(self, logger: RunLogger, every: int, *, offset: int = 0, after: float = 0.0) -> None:
        self._logger = logger
        self._every = every
        self._offset = offset
        self._last = after
        self._steps: list[float] = []
        self._losses: list[dict[str, Any]] = []

    def record(self, trainer: Any, index: int) -> None:
        """Keep the losses of a batch if it is its turn; to be called after each batch.

        Args:
            trainer: The Ultralytics trainer; its `loss_items` are those of the batch.
            index: Number of the batch in its epoch, from 0. Zero begins an epoch, perhaps the same one again.
        """
        if index == 0:
            self._discard()
        batches = len(trainer.train_loader)
        if (trainer.epoch * batches + index + 1) % self._every or trainer.loss_items is None:
            return
        step = self._offset + trainer.epoch + (index + 1) / batches
        if step <= (self._steps[-1] if self._steps else self._last):
            return
        self._steps.append(step)
        self._losses.append({name: torch.as_tensor(loss).detach() for name, loss in trainer.loss_items.items()})
        if len(self._steps) >= _MOST_PENDING:
            self.flush()

    def flush(self) -> None:
        """Write what is kept; to be called when an epoch has counted, after the check for NaN."""
        steps, losses = self._steps, self._losses
        self._discard()
        if not steps:
            return
        self._last = steps[-1]
        for name in losses[0]:
            kept = [(step, loss[name]) for step, loss in zip(steps, losses, strict=True) if name in loss]
            values = torch.stack([loss.float() for _, loss in kept]).tolist()
            self._logger.log_series(paths.batch_loss_path(name), values, [step for step, _ in kept])

    def _discard(self) -> None:
        self._steps, self._losses = [], []
