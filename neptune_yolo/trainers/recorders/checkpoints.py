"""Checkpoints: uploaded while the training runs, as the policy asks, and once more at its end."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.tracking.checkpoint_policy import BEST, LAST, HeldCheckpoint, compared_metric, due
from neptune_yolo.tracking.checkpoint_uploads import CheckpointUploads
from neptune_yolo.tracking.checkpoint_writer import CheckpointFile
from neptune_yolo.tracking.queue_folder import data_directory
from neptune_yolo.tracking.run_logger import RunLogger

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SavedCheckpoint:
    """The checkpoints that a trainer has just written.

    Args:
        last: last.pt, complete.
        best: best.pt if it was written as well, with the same content; else None.
        epoch: Step of the epoch, from 1.
        fitness: Fitness of the epoch; None if it was not validated.
        metrics: Metrics of the epoch, by Ultralytics' names; empty if it was not validated.
    """

    last: Path
    best: Path | None
    epoch: int
    fitness: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)


class CheckpointRecorder:
    """Uploads the checkpoints of one training.

    Args:
        logger: Writes into the run.
        policy: Which checkpoints are uploaded while training, and how many stay on the server.
    """

    def __init__(self, logger: RunLogger, policy: CheckpointPolicy) -> None:
        self._logger = logger
        self._policy = policy
        self._uploads = CheckpointUploads(logger, policy, data_directory())
        self._started = False
        self._saved: dict[str, CheckpointFile] = {}

    def saved(self, checkpoint: SavedCheckpoint) -> None:
        """Upload what is due after an epoch. The training loop pays for one copy of the file, and only if one is due.

        Args:
            checkpoint: What the trainer has written.
        """
        metrics = dict(checkpoint.metrics)
        if checkpoint.fitness is not None:
            metrics["fitness"] = checkpoint.fitness
        self._remember(LAST, checkpoint.last, checkpoint.epoch, metrics)
        if checkpoint.best is not None:
            self._remember(BEST, checkpoint.best, checkpoint.epoch, metrics)
        now = HeldCheckpoint(checkpoint.epoch, compared_metric(self._policy, metrics))
        if self._policy.top_k and metrics and now.metric is None:
            self._logger.ledger.record(
                "comparing checkpoints",
                f"CheckpointPolicy(metric={self._policy.metric!r}) is none of {', '.join(metrics)}: top_k keeps none",
            )
        names = due(self._policy, self._uploads.held, now, improved=checkpoint.best is not None)
        if names:
            with self._logger.ledger.guard("copying a checkpoint"):
                self._uploads.add(checkpoint.last, names, epoch=checkpoint.epoch, metrics=metrics)
                self._start()

    def final(self, best: Path, last: Path, *, best_epoch: int | None = None) -> None:
        """Put the checkpoints that the training leaves on the queue, and what still waits. Waits for no server.

        Args:
            best: best.pt, stripped if the training completed; need not exist, and may be torn.
            last: last.pt, likewise.
            best_epoch: Step of the epoch that best.pt was saved after. None: as `saved` was told, if it was.
        """
        finals = [self._saved.get(name, CheckpointFile(name, file)) for name, file in ((BEST, best), (LAST, last))]
        if finals[0].epoch is None:
            finals[0] = replace(finals[0], epoch=best_epoch)
        with self._logger.ledger.guard("uploading the last checkpoints"):
            self._uploads.finish([replace(finals[0], file=best), replace(finals[1], file=last)])

    def close(self, timeout_seconds: float) -> None:
        """End the uploads; to be called when the run has been stopped. Says what is left.

        Args:
            timeout_seconds: Seconds to wait for the checkpoint that is being sent.
        """
        with self._logger.ledger.guard("ending the uploads of checkpoints"):
            left = self._uploads.close(timeout_seconds)
            if left:
                _LOGGER.warning(
                    "%d checkpoints of this run are not sent yet; they are kept in %s until a sync has sent them.",
                    len(left),
                    left[0].parent,
                )

    def _start(self) -> None:
        if not self._started:
            self._started = True
            self._uploads.start()

    def _remember(self, name: str, file: Path, epoch: int, metrics: Mapping[str, float]) -> None:
        self._saved[name] = CheckpointFile(name, file, epoch, metrics, datetime.now(UTC))
