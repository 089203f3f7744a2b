"""The mixin that gives every Ultralytics trainer a Neptune run."""

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ultralytics.utils import DEFAULT_CFG, LOGGER, RANK

from neptune_yolo.connection import logging_is_off
from neptune_yolo.exceptions import RunNotOpenedError, RunNotPortableError, SettingsError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking.error_ledger import ErrorLedger
from neptune_yolo.tracking.metrics import without_unvalidated
from neptune_yolo.tracking.null_logger import NullRun
from neptune_yolo.tracking.status import Outcome, TrainingState
from neptune_yolo.trainers.checkpoint_note import mark_model, note_of_checkpoint, stay_in_folder
from neptune_yolo.trainers.multi_training import is_one_of_several, settings_of_one
from neptune_yolo.trainers.parent import reopened_run
from neptune_yolo.trainers.plot_threads import PlotThreads
from neptune_yolo.trainers.recording import Recording
from neptune_yolo.trainers.session import TrainingFacts, TrainingSession
from neptune_yolo.trainers.termination import exit_on_sigterm, patient_interrupts

if TYPE_CHECKING:
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

    What is logged, and when, is decided in the methods that begin with ``log_``. They are made to be extended: each is
    called only where there is a run (rank 0, logging not off), and never twice for one epoch.
    """

    neptune: ClassVar[NeptuneSettings] = NeptuneSettings()
    """Settings of the run; give a subclass its own, or use `with_settings`."""

    _neptune_reopened: Any = None

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
        _check_settings(settings or cls.neptune)
        name = f"Configured{cls.__name__}" if "Trainer" in cls.__name__ else f"Configured{cls.__name__}Trainer"
        chosen = replace(settings or cls.neptune, **changes)
        return type(name, (cls,), {"neptune": chosen, "__module__": cls.__module__, "__doc__": cls.__doc__})

    # What the user of a trainer reads

    @property
    def run(self) -> Any:
        """The live run (``neptune.Run``), opened when first asked for, at the latest when training begins.

        On ranks above zero, and where logging is off, it is a stand-in without effect. After the training it is the
        stopped run; in the process that has started a multi-GPU training, the run is then opened again, to be read.

        Raises:
            RunNotAvailableError: In the process that starts a multi-GPU training, before it has ended.
            NeptuneYoloError: If the run cannot be opened.
        """
        if RANK not in _LOGGING_RANKS or logging_is_off(self.neptune):
            return NullRun()
        if self.ddp:
            if self._neptune_reopened is None:
                self._neptune_reopened = reopened_run(self.neptune, Path(self.save_dir))
            return self._neptune_reopened
        return self._open_run().logger.run

    @property
    def run_id(self) -> str | None:
        """Id of the run, such as ``YOL-1``; None before it is opened, offline, and on ranks above zero."""
        return self._neptune_session.run_id if self._neptune_session else None

    @property
    def step(self) -> int:
        """Step of the present epoch in the run: its number, from 1; further on if the run held epochs before.

        Epochs are steps everywhere, so it is the right one for values of your own too.
        """
        return self._neptune_session.step(self.epoch) if self._neptune_session else self.epoch + 1

    # What is logged: made to be extended

    def log_beginning(self) -> None:
        """Log state, arguments and surroundings, as the run is opened; model and data are not loaded yet."""
        self._recording.beginning(self)

    def log_setup(self) -> None:
        """Log model, data set and arguments, as the set-up is complete and the first epoch comes next."""
        self._recording.setup(self)

    def log_batch(self, index: int) -> None:
        """Log the losses of one training batch, if the settings ask for them.

        Args:
            index: Number of the batch in its epoch, from 0.
        """
        self._recording.batch(self, index)

    def log_epoch(self, metrics: dict[str, Any], step: int) -> None:
        """Log the scalars of an epoch; called once for each, also if Ultralytics trains it again after a crash.

        Args:
            metrics: Losses, metrics and learning rates by Ultralytics' names; no validation's, if there was none.
            step: Step of the epoch, from 1.
        """
        self._recording.epoch(self, metrics, step, validated=self._neptune_validated)

    def log_plot(self, file: Path, data: Any) -> None:  # noqa: ARG002 - for those who extend it
        """Log a plot, which is complete by now. Comes from several threads, some of them late.

        Args:
            file: The picture.
            data: What Ultralytics hands over with it, or None.
        """
        self._recording.plot(self, file)

    def log_checkpoint(self, step: int) -> None:
        """Upload what the checkpoint policy asks for, after Ultralytics has written its checkpoints.

        Args:
            step: Step of the epoch.
        """
        self._recording.checkpoint(self, step, validated=self._neptune_validated)

    def log_final(self, metrics: dict[str, Any]) -> None:
        """Log the evaluation of best.pt, under paths of its own, not as one more epoch.

        Args:
            metrics: Its metrics by Ultralytics' names.
        """
        self._recording.final(metrics)

    def log_end(self, outcome: Outcome) -> None:
        """Log what exists as the training ends, for whatever reason; the run is closed afterwards.

        Args:
            outcome: How it ended.
        """
        self._recording.end(self, outcome.state)

    # Overrides of Ultralytics' methods

    def __init__(self, cfg: Any = DEFAULT_CFG, overrides: Any = None, _callbacks: Any = None) -> None:
        """Extend the trainer's constructor: a run that a callback opens there is closed if it fails."""
        _check_settings(self.neptune)
        self._neptune_session: TrainingSession | None = None
        self._neptune_recording: Recording | None = None
        self._neptune_plot_threads = PlotThreads()
        self._neptune_validated_epoch: int | None = None
        self._neptune_plot_error: Exception | None = None
        self._neptune_batch = 0
        try:
            super().__init__(cfg, overrides, _callbacks)
        except BaseException as error:
            self._open_run_of_skipped(error)
            self._finish_run(Outcome.of(error))
            raise

    def check_resume(self, overrides: Any) -> None:
        """Extend `check_resume`: a training whose folder was copied or moved goes on where its checkpoint lies."""
        super().check_resume(overrides)
        if self.resume:
            stay_in_folder(self.args, overrides)

    def train(self) -> Any:
        """Extend `train`: open the run, and close it with its true state however the training ends."""
        if logging_is_off(self.neptune):
            return super().train()
        if self.ddp and self.neptune.run is not None:
            raise RunNotPortableError
        if self.ddp or RANK not in _LOGGING_RANKS:
            try:
                return super().train()
            finally:
                self._forget_reopened_run()
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
        """Extend `resume_training`, the last step of the set-up: log what is known by now."""
        super().resume_training(ckpt)
        if self._neptune_session is not None:
            self._neptune_session.align(self.start_epoch)
            self._neptune_session.log_resume(self.start_epoch)
            self.log_setup()

    def run_callbacks(self, event: str) -> None:
        """Extend `run_callbacks`: count batches, and log their losses."""
        super().run_callbacks(event)
        self._raise_plot_error()
        if self._neptune_recording is None:
            return
        if event == "on_train_epoch_start":
            self._neptune_batch = 0
            self._neptune_recording.epoch_started()
        elif event == "on_train_epoch_end":
            self._neptune_recording.epoch_trained()
        elif event == "on_train_batch_end":
            self.log_batch(self._neptune_batch)
            self._neptune_batch += 1

    def get_validator(self) -> Any:
        """Extend `get_validator`: what the validator plots and predicts is logged as well."""
        validator = super().get_validator()
        validator_on_plot = validator.on_plot

        def on_plot(name: Any, data: Any = None) -> None:
            validator_on_plot(name, data)
            self._log_plot(name, data)

        validator.on_plot = on_plot
        if self._neptune_recording is not None:
            self._neptune_recording.attach(validator)
        return validator

    def on_plot(self, name: Any, data: Any = None) -> None:
        """Extend `on_plot`: log the plot, which is complete by now."""
        super().on_plot(name, data)
        self._log_plot(name, data)

    def validate(self) -> Any:
        """Extend `validate`: remember that this epoch was validated, and keep predictions if they are due."""
        if self._neptune_recording is not None:
            self._neptune_recording.validation_started(self, final=False)
        result = super().validate()
        self._neptune_validated_epoch = self.epoch
        if self._neptune_recording is not None:
            self._neptune_recording.validation_ended(self, final=False)
        return result

    def save_metrics(self, metrics: Any) -> None:
        """Extend `save_metrics`: log the epoch, unless it was logged before a crash; no validation's values if none."""
        super().save_metrics(metrics)
        session = self._neptune_session
        if session is None or not session.admits(self.step):
            return
        if self._neptune_validated_epoch != self.epoch:
            metrics = without_unvalidated(metrics, set(self.metrics or ()))
        self.log_epoch(metrics, self.step)
        session.epoch_logged(self.step)

    def save_model(self) -> Any:
        """Extend `save_model`: the checkpoint names its run, and is uploaded if it is due."""
        session = self._neptune_session
        if session is not None:
            mark_model(self.ema, session.note)
        saved = super().save_model()
        if saved and session is not None:
            self.log_checkpoint(self.step)
        return saved

    def final_eval(self) -> None:
        """Extend `final_eval`: log the evaluation of best.pt."""
        if self._neptune_recording is not None:
            self._neptune_recording.validation_started(self, final=True)
        super().final_eval()
        if self._neptune_recording is not None and self.best.exists():
            self._neptune_recording.validation_ended(self, final=True)
            self.log_final(self.metrics)

    # The run's life

    @property
    def _neptune_validated(self) -> bool:
        """Whether the present epoch was validated."""
        return self._neptune_validated_epoch == self.epoch

    @property
    def _recording(self) -> Recording:
        """What is written into the run; the methods that begin with ``log_`` are called only where there is one."""
        if self._neptune_recording is None:
            raise RunNotOpenedError("it is opened by trainer.train(), or when trainer.run is first asked for")
        return self._neptune_recording

    def _forget_reopened_run(self) -> None:
        """Let go of a run that was opened to be read before other processes have logged more into it."""
        run, self._neptune_reopened = self._neptune_reopened, None
        if run is not None:
            run.stop()

    def _log_plot(self, name: Any, data: Any) -> None:
        if self._neptune_recording is None:
            return
        try:
            self.log_plot(Path(name), data)
        except Exception as error:
            self._neptune_plot_error = error  # Ultralytics' drawing threads would swallow it
            raise

    def _raise_plot_error(self) -> None:
        """Raise in the training what an override of `log_plot` has raised in a drawing thread."""
        error, self._neptune_plot_error = self._neptune_plot_error, None
        if error is not None:
            raise error

    def _open_run(self, *, again: bool = False) -> TrainingSession:
        """Return the session of this training; open it if there is none, or `again` if the last one has finished."""
        session = self._neptune_session
        if session is None or (again and session.finished):
            settings, facts = settings_of_one(self.neptune, self._training_facts(), self.args)
            session = TrainingSession.open(settings, facts)
            self._neptune_session = session
            self._neptune_recording = Recording(session, settings)
            self.log_beginning()
        return session

    def _open_run_of_skipped(self, error: BaseException) -> None:
        """Open the run of one of several data sets that cannot be used: Ultralytics skips it, and its run says why."""
        folder = getattr(self, "save_dir", None)
        if folder is None or not isinstance(error, Exception) or not is_one_of_several(self.args, Path(folder)):
            return
        if RANK in _LOGGING_RANKS and not logging_is_off(self.neptune):
            with ErrorLedger().guard("opening the run of a data set that cannot be used"):
                self._open_run()

    def _training_facts(self) -> TrainingFacts:
        checkpoint = Path(self.args.resume) if getattr(self, "resume", False) else None
        return TrainingFacts(
            folder=Path(self.save_dir),
            name=str(self.args.name),
            ultralytics_project=self.args.project,
            checkpoint=checkpoint,
            note=note_of_checkpoint(checkpoint, Path(self.save_dir)) if checkpoint else None,
        )

    def _finish_run(self, outcome: Outcome) -> None:
        """Upload what exists by now, and close the run."""
        session = self._neptune_session
        if session is None or session.finished:
            return
        with patient_interrupts():
            if not self._neptune_plot_threads.wait(_PLOT_SECONDS):
                session.logger.ledger.record("waiting for plots", f"some are not drawn after {_PLOT_SECONDS:g} s")
            try:
                self.log_end(outcome)
            except BaseException as error:
                outcome = Outcome.of(error) if outcome.state is TrainingState.COMPLETED else outcome
                raise
            finally:
                session.finish(outcome)
                self._recording.closed()
        if session.url:
            LOGGER.info(f"Neptune run {session.run_id} ({outcome.state}): {session.url}")
        if outcome.state is TrainingState.INTERRUPTED and session.run_id and self.last.exists():
            LOGGER.info(f"Go on with it, here or elsewhere: neptune-yolo resume {session.run_id}")


def _check_settings(settings: object) -> None:
    if not isinstance(settings, NeptuneSettings):
        raise SettingsError(f"A trainer's settings must be a NeptuneSettings; got {settings!r}.")
