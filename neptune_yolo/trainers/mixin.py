"""The mixin that gives every Ultralytics trainer a Neptune run."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ultralytics.utils import DEFAULT_CFG, LOGGER, RANK

from neptune_yolo.exceptions import RunNotAvailableError, RunNotPortableError, SettingsError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.metrics import final_paths, without_unvalidated
from neptune_yolo.tracking.null_logger import NullLogger
from neptune_yolo.tracking.status import Outcome, TrainingState
from neptune_yolo.trainers.model_info import architecture_yaml, model_values, speed_values
from neptune_yolo.trainers.plot_threads import PlotThreads
from neptune_yolo.trainers.session import TrainingSession
from neptune_yolo.trainers.termination import exit_on_sigterm
from neptune_yolo.version import package_version

if TYPE_CHECKING:
    from neptune_yolo.tracking.run_logger import RunLogger

    _Trainer = Any
else:
    _Trainer = object

_PLOT_SECONDS = 10.0
_LOGGING_RANKS = (-1, 0)


class NeptuneTrainerMixin(_Trainer):
    """Logs a training to a Neptune run. Stands before the Ultralytics trainer in a class's bases.

    Only the process of rank 0 has a run; in the others `run` accepts everything and does nothing. Every override calls
    the method that it extends, so trainers can be extended further. Errors of logging never end a training; errors of
    the overrides in a subclass do, as in any Ultralytics trainer, and the run tells so.
    """

    neptune: ClassVar[NeptuneSettings] = NeptuneSettings()
    """Settings of the run; give a subclass its own, or use `with_settings`."""

    @classmethod
    def with_settings(cls, settings: NeptuneSettings | None = None, /, **changes: Any) -> type[Self]:
        """Return a subclass with other settings, which may also be used for a training on several GPUs.

        Args:
            settings: The settings to begin with. None: those of this class.
            **changes: Single settings to change, by the names of `NeptuneSettings`.

        Raises:
            SettingsError: If a name is unknown or a value cannot be used.
        """
        known = {field.name for field in fields(NeptuneSettings)}
        if unknown := sorted(set(changes) - known):
            raise SettingsError.for_choice("A setting", unknown[0], sorted(known))
        name = f"Configured{cls.__name__}" if "Trainer" in cls.__name__ else f"Configured{cls.__name__}Trainer"
        chosen = replace(settings or cls.neptune, **changes)
        return type(name, (cls,), {"neptune": chosen, "__module__": cls.__module__, "__doc__": cls.__doc__})

    def __init__(self, cfg: Any = DEFAULT_CFG, overrides: Any = None, _callbacks: Any = None) -> None:
        """Extend the trainer's constructor: a run that a callback opens there is closed if it fails."""
        self._neptune_session: TrainingSession | None = None
        self._neptune_plot_threads = PlotThreads()
        self._neptune_validated_epoch: int | None = None
        self._neptune_has_speed = False
        try:
            super().__init__(cfg, overrides, _callbacks)
        except BaseException as error:
            self._finish_run(Outcome.of(error))
            raise

    @property
    def run(self) -> Any:
        """The live run (``neptune.Run``), opened when first asked for, at the latest when training begins.

        On ranks above zero it is a stand-in without effect. After the training it is the stopped run.

        Raises:
            RunNotAvailableError: In the process that only starts those of a multi-GPU training.
            NeptuneYoloError: If the run cannot be opened.
        """
        if RANK not in _LOGGING_RANKS:
            return NullLogger().run
        if self.ddp:
            raise RunNotAvailableError
        return self._open_run().logger.run

    @property
    def run_id(self) -> str | None:
        """Id of the run, such as ``YOL-1``; None before it is opened, offline, and on ranks above zero."""
        return self._neptune_session.run_id if self._neptune_session else None

    def train(self) -> Any:
        """Extend `train`: open the run, and close it with its true state however the training ends."""
        if self.ddp and self.neptune.run is not None:
            raise RunNotPortableError
        if self.ddp or RANK not in _LOGGING_RANKS:
            return super().train()
        with exit_on_sigterm():
            try:
                self._open_run(again=True)
                result = super().train()
            except BaseException as error:
                self._finish_run(Outcome.of(error))
                raise
            self._finish_run(Outcome(TrainingState.COMPLETED))
            return result

    def resume_training(self, ckpt: Any) -> None:
        """Extend `resume_training`, the last step of the set-up: log model and arguments as they are now."""
        super().resume_training(ckpt)
        if self._neptune_session is not None:
            self._log_model()
            self._neptune_logger.log_hyperparameters(vars(self.args))

    def get_validator(self) -> Any:
        """Extend `get_validator`: what the validator plots is logged as well."""
        validator = super().get_validator()
        validator_on_plot = validator.on_plot

        def on_plot(name: Any, data: Any = None) -> None:
            validator_on_plot(name, data)
            self._neptune_logger.log_figure(Path(name))

        validator.on_plot = on_plot
        return validator

    def on_plot(self, name: Any, data: Any = None) -> None:
        """Extend `on_plot`: log the plot, which is complete by now."""
        super().on_plot(name, data)
        self._neptune_logger.log_figure(Path(name))

    def validate(self) -> Any:
        """Extend `validate`: remember that this epoch was validated, and log the speed of the first time."""
        result = super().validate()
        self._neptune_validated_epoch = self.epoch
        if self._neptune_session is not None and not self._neptune_has_speed:
            self._neptune_has_speed = True
            with self._neptune_session.logger.ledger.guard("logging the model's speed"):
                self._neptune_logger.log_values(speed_values(self.validator), "logging the model's speed")
        return result

    def save_metrics(self, metrics: Any) -> None:
        """Extend `save_metrics`: append the epoch's scalars; those of the validation only if there was one."""
        super().save_metrics(metrics)
        logger, epoch = self._neptune_logger, self.epoch + 1
        if self._neptune_validated_epoch != self.epoch:
            metrics = without_unvalidated(metrics, set(self.metrics or ()))
        logger.log_metrics(metrics, step=epoch)
        counts = {paths.EPOCHS_COMPLETED: epoch, paths.EPOCHS_PLANNED: self.epochs}
        logger.log_values(counts, "logging the epoch")
        logger.log_hyperparameters(vars(self.args))  # Ultralytics changes some of them as it goes

    def final_eval(self) -> None:
        """Extend `final_eval`: log the metrics of best.pt under paths of their own, not as one more epoch."""
        super().final_eval()
        if self._neptune_session is not None and self.best.exists():
            self._neptune_logger.log_values(final_paths(self.metrics, paths.FINAL), "logging the last evaluation")

    @property
    def _neptune_logger(self) -> "RunLogger | NullLogger":
        return self._neptune_session.logger if self._neptune_session else NullLogger()

    def _open_run(self, *, again: bool = False) -> TrainingSession:
        """Return the session of this training; open it if there is none, or `again` if the last one has finished."""
        session = self._neptune_session
        if session is None or (again and session.finished):
            session = TrainingSession.open(
                self.neptune, default_name=str(self.args.name), ultralytics_project=self.args.project
            )
            self._neptune_session = session
            self._neptune_has_speed = False
            self._log_beginning()
        return session

    def _log_beginning(self) -> None:
        logger = self._neptune_logger
        values: dict[str, object] = {
            paths.STATUS: str(TrainingState.RUNNING),
            paths.STARTED_AT: datetime.now(UTC),
            paths.SAVE_DIR: str(self.save_dir),
            paths.EPOCHS_PLANNED: self.args.epochs,
            paths.EPOCHS_COMPLETED: 0,
            paths.INTEGRATION_VERSION: package_version(),
        }
        logger.log_values(values, "logging the beginning")
        logger.log_hyperparameters(vars(self.args))

    def _log_model(self) -> None:
        session = self._neptune_session
        if session is None:
            return
        with session.logger.ledger.guard("describing the model"):
            session.logger.log_values(model_values(self.model, self.args.imgsz), "describing the model")
            if text := architecture_yaml(self.model):
                session.logger.log_text_file(paths.MODEL_ARCHITECTURE, text, "yaml")

    def _finish_run(self, outcome: Outcome) -> None:
        """Upload what exists by now, and close the run."""
        session = self._neptune_session
        if session is None or session.finished:
            return
        if not self._neptune_plot_threads.wait(_PLOT_SECONDS):
            session.logger.ledger.record("waiting for plots", f"some are not drawn after {_PLOT_SECONDS:g} s")
        for checkpoint in (self.best, self.last):
            session.logger.upload_checkpoint(checkpoint)
        session.logger.upload_results(Path(self.save_dir) / "results.csv")
        session.finish(outcome)
        if session.url:
            LOGGER.info(f"Neptune run {session.run_id} ({outcome.state}): {session.url}")
