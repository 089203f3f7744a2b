"""Calls the recorders of one training at the moments that the mixin names, each under guard."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.lineage import parent_values
from neptune_yolo.tracking.metrics import final_paths
from neptune_yolo.tracking.model_registry import ModelOrigin, check_model_of_project, register_best
from neptune_yolo.tracking.status import TrainingState
from neptune_yolo.trainers.model_info import architecture_yaml, model_values, speed_values
from neptune_yolo.trainers.recorders.batches import BatchRecorder
from neptune_yolo.trainers.recorders.checkpoints import CheckpointRecorder, SavedCheckpoint
from neptune_yolo.trainers.recorders.class_metrics import ClassMetricsRecorder
from neptune_yolo.trainers.recorders.curves import CurveRecorder
from neptune_yolo.trainers.recorders.dataset import DatasetRecorder
from neptune_yolo.trainers.recorders.environment import EnvironmentRecorder
from neptune_yolo.trainers.recorders.epochs import EpochRecorder, plain_metrics
from neptune_yolo.trainers.recorders.plots import PlotRecorder
from neptune_yolo.trainers.recorders.predictions import PredictionRecorder
from neptune_yolo.trainers.session import TrainingSession

_CLOSE_SECONDS = 30.0


class Recording:
    """What is written into the run of one training.

    Args:
        session: The run.
        settings: The trainer's settings.
    """

    def __init__(self, session: TrainingSession, settings: NeptuneSettings) -> None:
        logger, last_step = session.logger, session.note.last_step
        self._session = session
        self._logger = logger
        self._settings = settings
        self._has_speed = False
        self._environment = EnvironmentRecorder(logger, git=settings.git_ref is not False)
        self._dataset = DatasetRecorder(logger, settings.dataset)
        self._epochs = EpochRecorder(logger)
        self._classes = ClassMetricsRecorder(logger) if settings.class_metrics else None
        self._plots = PlotRecorder(logger, after=last_step)
        self._curves = CurveRecorder(logger)
        self._predictions = PredictionRecorder(logger, settings.predictions, last_step=last_step)
        self._checkpoints = CheckpointRecorder(logger, settings.checkpoints)
        self._batches: BatchRecorder | None = None

    def _guard(self, doing: str) -> AbstractContextManager[Any, bool | None]:
        return self._logger.ledger.guard(doing)

    def beginning(self, trainer: Any) -> None:
        """Log state, arguments and surroundings as the run is opened."""
        session, logger = self._session, self._logger
        check_model_of_project(self._settings.register_model, session.run_id)
        session.log_beginning(Path(trainer.save_dir))
        values = {paths.EPOCHS_PLANNED: session.step(trainer.args.epochs - 1), **parent_values(self._settings.parent)}
        if not session.continues:
            values[paths.EPOCHS_COMPLETED] = 0
        logger.log_values(values, "logging what is planned")
        logger.log_hyperparameters(vars(trainer.args))
        with self._guard("describing the surroundings"):
            self._environment.record(trainer)

    def setup(self, trainer: Any) -> None:
        """Log model, data set and arguments as the set-up is complete."""
        logger, note = self._logger, self._session.note
        if every := self._settings.batch_losses_every:
            self._batches = BatchRecorder(logger, every, offset=note.step_offset, after=note.last_step)
        with self._guard("describing the model"):
            logger.log_values(model_values(trainer.model, trainer.args.imgsz), "describing the model")
            if text := architecture_yaml(trainer.model):
                logger.log_text_file(paths.MODEL_ARCHITECTURE, text, "yaml")
        with self._guard("describing the data set"):
            self._dataset.record(trainer, self._session.step(trainer.start_epoch))
        logger.log_hyperparameters(vars(trainer.args))

    def attach(self, validator: Any) -> None:
        """Listen to a validator's predictions."""
        with self._guard("listening to the validator"):
            self._predictions.attach(validator)

    def epoch_started(self) -> None:
        """Remember when an epoch begins."""
        self._epochs.epoch_started()

    def epoch_trained(self) -> None:
        """Remember when the training of an epoch ends, and its validation begins."""
        self._epochs.training_ended()

    def batch(self, trainer: Any, index: int) -> None:
        """Keep the losses of one batch, if they are wanted."""
        if self._batches is not None:
            with self._guard("keeping the losses of a batch"):
                self._batches.record(trainer, index)

    def validation_started(self, trainer: Any, *, final: bool) -> None:
        """Get ready to keep the predictions of a validation."""
        with self._guard("recording predictions"):
            self._predictions.begin(trainer.step, final=final)

    def validation_ended(self, trainer: Any, *, final: bool) -> None:
        """Log what a validation has shown besides its metrics."""
        validator, step = trainer.validator, trainer.step
        if final:
            with self._guard("recording predictions"):
                self._predictions.finish(step)
        with self._guard("recording curves"):
            if final:
                self._curves.record(validator, None)
            else:
                self._curves.remember(validator, step)
        if not self._has_speed and not final:
            self._has_speed = True
            with self._guard("logging the model's speed"):
                self._logger.log_values(speed_values(validator), "logging the model's speed")

    def epoch(self, trainer: Any, metrics: dict[str, Any], step: int, *, validated: bool) -> None:
        """Append the scalars of an epoch."""
        self._logger.log_metrics(metrics, step=step)
        with self._guard("logging time and speed"):
            self._epochs.record(trainer, step, validated=validated)
        if validated and self._classes is not None:
            with self._guard("logging metrics of classes"):
                self._classes.record(trainer.validator, step)
        with self._guard("recording predictions"):
            self._predictions.finish(step)  # not after the validation: the epoch may have been thrown away since
        if self._batches is not None:
            with self._guard("logging the losses of batches"):
                self._batches.flush()
        counts = {paths.EPOCHS_COMPLETED: step, paths.EPOCHS_PLANNED: self._session.step(trainer.epochs - 1)}
        self._logger.log_values(counts, "logging the epoch")
        self._logger.log_hyperparameters(vars(trainer.args))  # Ultralytics changes some of them as it goes

    def plot(self, trainer: Any, file: Path) -> None:
        """Log a plot, with the step of its epoch once there is one."""
        with self._guard("logging a plot"):
            epoch = getattr(trainer, "epoch", None)
            step = None if epoch is None else self._session.step(epoch)
            batches = len(trainer.train_loader) if epoch is not None else 1
            self._plots.record(file, step, epoch=epoch or 0, batches=batches)

    def checkpoint(self, trainer: Any, step: int, *, validated: bool) -> None:
        """Upload the checkpoints that are due."""
        with self._guard("uploading a checkpoint"):
            improved = trainer.best_fitness == trainer.fitness
            saved = SavedCheckpoint(
                last=trainer.last,
                best=trainer.best if improved else None,
                epoch=step,
                fitness=float(trainer.fitness) if validated and trainer.fitness is not None else None,
                metrics=plain_metrics(trainer) if validated else {},
            )
            self._checkpoints.saved(saved)

    def final(self, metrics: dict[str, Any]) -> None:
        """Log the evaluation of best.pt."""
        self._logger.log_values(final_paths(metrics, paths.FINAL), "logging the last evaluation")

    def end(self, trainer: Any, state: TrainingState) -> None:
        """Log what exists as the training ends, and wait for what is still being drawn or counted."""
        for recorder in (self._curves, self._predictions, self._dataset, self._environment):
            with self._guard("ending a recorder"):
                recorder.close(_CLOSE_SECONDS)
        with self._guard("uploading the last checkpoints"):
            best_epoch = trainer.stopper.best_epoch if hasattr(trainer, "stopper") else 0  # from 1; 0: none yet
            step = self._session.step(best_epoch - 1) if best_epoch else None
            self._checkpoints.final(trainer.best, trainer.last, best_epoch=step)
        self._logger.upload_results(Path(trainer.save_dir) / "results.csv")
        if self._settings.register_model is not None and state is TrainingState.COMPLETED:
            self._register(trainer, self._settings.register_model)

    def _register(self, trainer: Any, model: str) -> None:
        """Make best.pt a version of a model; only online, and where the run was opened here."""
        session = self._session
        target = session.target
        if target is None or session.run_id is None or session.url is None:
            self._logger.ledger.record("registering best.pt", "a run that is offline, or was handed in, cannot do so")
            return
        origin = ModelOrigin(
            run_id=session.run_id,
            run_url=session.url,
            metrics=plain_metrics(trainer),
            dataset_hash=self._dataset.hash,
        )
        register_best(self._logger, trainer.best, model, origin, target, session.stop_timeout())

    def closed(self) -> None:
        """End what may only end after the run has been stopped."""
        self._checkpoints.close(_CLOSE_SECONDS)
