"""Ground truth and predictions of chosen validation images, every few epochs, as data and as pictures."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from neptune_yolo.policies import PredictionPolicy
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.predictions.captured import Capture, CapturedEpoch
from neptune_yolo.trainers.recorders.predictions.classes import ClassCapture
from neptune_yolo.trainers.recorders.predictions.maps import ClassMapCapture, DepthCapture
from neptune_yolo.trainers.recorders.predictions.objects import ObjectCapture
from neptune_yolo.trainers.recorders.predictions.selection import Selection, choose_images
from neptune_yolo.trainers.recorders.predictions.worker import NewestJobWorker
from neptune_yolo.trainers.recorders.predictions.writing import EpochWriter

_THREAD_NAME = "neptune-yolo-predictions"
_DOING = "recording predictions"


class PredictionRecorder:
    """Records the chosen images of a validation that runs anyway: no image is inferred a second time.

    For each due validation call `begin`, validate, and call `finish`. The validation itself pays only for copying the
    arrays of the chosen images; drawing, encoding and uploading happen in one background thread. If that is behind, the
    newest epoch wins, and the one that it replaces is counted as skipped.

    Args:
        logger: Where it is written.
        policy: Which images, and how often. With ``images=0`` no validator is touched and no thread started.
        last_step: Step of the newest pictures that the run already has, if it is continued.
    """

    def __init__(self, logger: RunLogger, policy: PredictionPolicy, *, last_step: float = 0) -> None:
        self._logger = logger
        self._policy = policy
        self._writer = EpochWriter(logger, policy, last_step=last_step)
        self._worker = NewestJobWorker(_THREAD_NAME)
        self._selection: Selection | None = None
        self._capture: Capture | None = None
        self._epoch: CapturedEpoch | None = None
        self.skipped = 0
        """Recorded epochs that were not written, because an earlier one was still being drawn."""

    def attach(self, validator: Any) -> None:
        """Listen to a validator, from now on. What it computes does not change.

        Args:
            validator: An Ultralytics validator of any task, before or after its first use.
        """
        if not self._policy.images:
            return
        update_metrics = validator.update_metrics

        def update_and_copy(preds: Any, batch: Any) -> Any:
            if self._epoch is None:
                return update_metrics(preds, batch)
            with ExitStack() as stack:
                with self._logger.ledger.guard("copying predictions"):
                    stack.enter_context(self._watching(validator, preds, batch, self._epoch))
                return update_metrics(preds, batch)

        validator.update_metrics = update_and_copy

    def begin(self, epoch: int, *, final: bool) -> None:
        """Announce a validation; it is recorded if it is due.

        Args:
            epoch: Number of the epoch, from 1. The first one and every multiple of the policy's `every` are due.
            final: Whether this is the final evaluation of best.pt, which is always due.
        """
        due = final or epoch == 1 or epoch % self._policy.every == 0
        self._epoch = CapturedEpoch("", {}, final) if due and self._policy.images else None

    def finish(self, step: float) -> None:
        """Hand what the validation left to the background thread; nothing if it was not due.

        Args:
            step: Step of the epoch. That of the final evaluation may be the one of the last epoch: its pictures then
                come half a step later in their series.
        """
        epoch, self._epoch = self._epoch, None
        if epoch is None:
            return
        if not epoch.images:
            self._logger.ledger.record(_DOING, "the validation did not show any of the chosen images")
            return
        if self._worker.submit(self._writer.job(epoch, step)):
            self.skipped += 1
            self._logger.ledger.record(_DOING, "an epoch was skipped: drawing takes longer than the epochs between")

    def close(self, timeout_seconds: float) -> None:
        """Wait until everything is written, and give up what is not in time.

        Args:
            timeout_seconds: Seconds to wait.
        """
        if not self._worker.close(timeout_seconds):
            self._logger.ledger.record(_DOING, f"some were not drawn within {timeout_seconds:g} s")

    def _watching(self, validator: Any, preds: Any, batch: Any, epoch: CapturedEpoch) -> Any:
        if self._capture is None:
            self._capture = self._prepared(validator)
        if not epoch.task:
            epoch.task, epoch.names = str(validator.args.task), _class_names(validator)
        return self._capture.watching(validator, preds, batch, epoch)

    def _prepared(self, validator: Any) -> Capture:
        """Choose the images, once; the validator knows its data by now."""
        if self._selection is None:
            root = (validator.data or {}).get("path")
            self._selection = choose_images(validator.dataloader, self._policy, Path(root) if root else None)
            for name in self._selection.unknown:
                self._logger.ledger.record(_DOING, f"no validation image of this process is called {name!r}")
        images = self._selection.images
        captures: Mapping[str, Callable[[], Capture]] = {
            "classify": lambda: ClassCapture(images, validator.dataloader.dataset),
            "semantic": lambda: ClassMapCapture(images),
            "depth": lambda: DepthCapture(images),
        }
        others = lambda: ObjectCapture(  # noqa: E731
            images, self._policy, self._logger.ledger, validator.dataloader.dataset
        )
        return captures.get(str(validator.args.task), others)()


def _class_names(validator: Any) -> Mapping[int, str]:
    names = validator.names or {}
    named = dict(names) if isinstance(names, Mapping) else dict(enumerate(names))
    if validator.args.task == "semantic" and len(named) == 1:  # Ultralytics then tells the class from everything else
        return {0: "background", 1: str(next(iter(named.values())))}
    return named
