"""What one training needs of Neptune: connection, run, logger, steps, and the watch over the embedded server."""

import logging
import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from socket import gethostname

from neptune_yolo.connection import Connection, open_connection
from neptune_yolo.exceptions import RunNotFoundError, ServerConnectionError, ServerUnreachableError
from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.history import RunHistory, read_history
from neptune_yolo.tracking.leftovers import send_leftovers
from neptune_yolo.tracking.mirror import Mirror, TensorBoardMirror
from neptune_yolo.tracking.opening import OpenedRun, Target, adopt_run, open_run
from neptune_yolo.tracking.queue_folder import Leftover
from neptune_yolo.tracking.resume import RunNote, write_note
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.tracking.status import Outcome, TrainingState
from neptune_yolo.version import package_version

_LOGGER = logging.getLogger(__name__)
_REVIVE_SECONDS = 15.0
_UNREACHABLE_STOP_SECONDS = 10.0


@dataclass(frozen=True)
class TrainingFacts:
    """What a trainer says of its training as the run is opened.

    Args:
        folder: Folder of the training (Ultralytics' ``save_dir``).
        name: Name of a new run if the settings give none.
        ultralytics_project: Ultralytics' ``project=`` argument.
        checkpoint: Checkpoint that Ultralytics resumes; None for a training that starts anew.
        note: Note of the run that the checkpoint belongs to, if there is one.
    """

    folder: Path
    name: str
    ultralytics_project: str | None = None
    checkpoint: Path | None = None
    note: RunNote | None = None


class TrainingSession:
    """The run of one training, from its opening to its end.

    Args:
        settings: The trainer's settings.
        connection: Where the run goes; None for a run that was handed in.
        opened: The run.
        training: What the trainer says of its training.
        mirror: Takes a copy of what is logged.
    """

    def __init__(
        self,
        settings: NeptuneSettings,
        connection: Connection | None,
        opened: OpenedRun,
        training: TrainingFacts,
        mirror: Mirror | None = None,
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._opened = opened
        self._training = training
        self._keeper = connection.keeper() if connection else None
        self._note = RunNote()
        self.logger = RunLogger(opened, mirror=mirror)
        self.history = RunHistory()
        self.run_id: str | None = None
        self.url: str | None = None
        self.finished = False
        self._warned = False

    @classmethod
    def open(cls, settings: NeptuneSettings, training: TrainingFacts) -> "TrainingSession":
        """Open the run that the settings or the checkpoint name, or a new one, or take the one that is handed in.

        Args:
            settings: The trainer's settings.
            training: What the trainer says of its training.

        Raises:
            NeptuneYoloError: If there is no way to log as the settings ask.
        """
        mirror = TensorBoardMirror(training.folder) if settings.tensorboard else None
        if settings.run is not None:
            session = cls(settings, None, adopt_run(settings.run), training, mirror)
        else:
            settings = _continuing(settings, training.note)
            connection = _connect(settings, training.ultralytics_project)
            connection, opened = _open(settings, connection, training)
            session = cls(settings, connection, opened, training, mirror)
        session.begin()
        return session

    def begin(self) -> None:
        """Ask for the run's id, link and past, and watch over the embedded server from now on, if it is the one."""
        if self._keeper is not None:
            self._keeper.start()
        if self._connection is None or self._connection.mode.is_online:
            self.history = read_history(self._opened, self.logger.ledger)
        self.run_id, self.url = self.history.run_id, self.history.url
        former = self._former_note()
        is_resumed = self._training.checkpoint is not None
        last_step = max(former.last_step, self.history.last_step)
        offset = (former.step_offset or self.history.step_offset) if is_resumed else last_step
        connection = self._connection
        self._note = RunNote(
            run_id=self.run_id or former.run_id,
            custom_run_id=self._opened.custom_run_id or former.custom_run_id,
            project=connection.project if connection else None,
            server_url=connection.server_url if connection else None,
            name=self._settings.name or self._training.name,
            last_step=last_step,
            step_offset=offset,
            queues=former.queues,
        ).with_queue(self._opened.queue_folder)
        self._write_notes()

    @property
    def continues(self) -> bool:
        """Whether the run has a past: an earlier training, or the first part of this one."""
        return self.history.exists or self._note.last_step > 0 or self._former_note() != RunNote()

    @property
    def target(self) -> Target | None:
        """Server and project of the run; None offline, and for a run that was handed in."""
        connection = self._connection
        return None if connection is None or connection.server_url is None else target_of(connection)

    @property
    def note(self) -> RunNote:
        """The note that ties folder and checkpoints to the run."""
        return self._note

    def step(self, epoch: int) -> int:
        """Return the step of an epoch.

        Args:
            epoch: Number of the epoch as Ultralytics counts, from 0.
        """
        return epoch + 1 + self._note.step_offset

    def admits(self, step: int) -> bool:
        """Return whether an epoch is new to the run; what was logged before is not logged again, and a line says so."""
        if step > self._note.last_step:
            return True
        if not self._warned:
            self._warned = True
            _LOGGER.warning(
                "The run has the epochs to step %d already, from an earlier training: step %d is trained again, and "
                "not logged a second time.",
                self._note.last_step,
                step,
            )
        return False

    def epoch_logged(self, step: int) -> None:
        """Remember that an epoch has been logged, so that it is never logged twice.

        Args:
            step: Step of the epoch.
        """
        self.logger.flush()
        with self.logger.ledger.guard("noting the epoch"):
            self._note = replace(self._note, last_step=step)
            write_note(self._training.folder, self._note)

    def align(self, epoch: int) -> None:
        """Let the steps go on where the run ends, if the checkpoint that is resumed belongs to another run.

        Args:
            epoch: Number of the epoch that comes first, as Ultralytics counts, from 0.
        """
        is_foreign = self._training.checkpoint is not None and self._former_note() == RunNote()
        if is_foreign and self._note.last_step > epoch:
            self._note = replace(self._note, step_offset=self._note.last_step - epoch)
            self._write_notes()

    def log_beginning(self, folder: Path) -> None:
        """Write that the run is running, and forget how an earlier part of it ended.

        Args:
            folder: Folder of what is running.
        """
        values: dict[str, object] = {
            paths.STATUS: str(TrainingState.RUNNING),
            paths.SAVE_DIR: str(folder),
            paths.INTEGRATION_VERSION: package_version(),
        }
        if self.continues:
            for path in (paths.REASON, paths.ENDED_AT, paths.LOG_ERRORS):
                self.logger.delete(path)
            values[paths.FAILED] = False
        else:
            values[paths.STARTED_AT] = datetime.now(UTC)
        self.logger.log_values(values, "logging the beginning")

    def log_resume(self, epoch: int) -> None:
        """Write that the run is continued, if it is.

        Args:
            epoch: Number of the epoch that comes first, as Ultralytics counts, from 0.
        """
        if not self.continues:
            return
        below = f"{paths.RESUMES}/{self.history.resumes + 1}"
        values = {
            f"{below}/at": datetime.now(UTC),
            f"{below}/from_epoch": epoch + 1,
            f"{below}/from_step": max(self.step(epoch), self._note.last_step + 1),
            f"{below}/host": gethostname(),
            f"{below}/checkpoint": str(self._training.checkpoint or ""),
        }
        if self._note.step_offset:
            values[paths.STEP_OFFSET] = self._note.step_offset
        self.logger.log_values(values, "logging that the run is continued")

    def finish(self, outcome: Outcome) -> None:
        """Write how the training ended, send everything, stop the run; a second call does nothing.

        Every wait is bounded. What could not be sent stays in the client's queue.

        Args:
            outcome: How the training ended.
        """
        if self.finished:
            return
        self.finished = True
        if not self._settings.capture_traceback:
            outcome = replace(outcome, traceback_lines=())
        try:
            self.logger.log_outcome(outcome)
            self._report(self.logger.close(self.stop_timeout()))
        finally:
            if self._keeper is not None:
                self._keeper.close()

    def stop_timeout(self) -> float:
        """Return how many seconds to wait for the server: few if it is gone and cannot be brought back."""
        limit = self._settings.stop_timeout_seconds
        if self._connection is None or not self._opened.owned:
            return limit
        try:
            self._connection.revive(min(_REVIVE_SECONDS, limit))
            self._connection.check_reachable(self._settings.connect_timeout_seconds)
        except ServerConnectionError as error:
            _LOGGER.warning("%s", error)
            return min(_UNREACHABLE_STOP_SECONDS, limit)
        return limit

    def _former_note(self) -> RunNote:
        """Return the note of the checkpoint, if this is the run that it names."""
        note, run_id = self._training.note, self.history.run_id
        if note is None or (run_id and note.run_id and run_id != note.run_id):
            return RunNote()
        return note

    def _write_notes(self) -> None:
        with self.logger.ledger.guard("noting the run"):
            write_note(self._training.folder, self._note)
            queue, connection = self._opened.queue_folder, self._connection
            if queue is not None and connection is not None and connection.mode is Mode.OFFLINE:
                write_note(queue, self._note)

    def _sync_command(self) -> str:
        """Return the command that sends what is left; an offline run does not know its project."""
        connection = self._connection
        if connection is None or connection.mode is not Mode.OFFLINE or not connection.project:
            return "neptune-yolo sync"
        return f"neptune-yolo sync --project {shlex.quote(connection.project)}"

    def _report(self, leftover: Leftover) -> None:
        if total := self.logger.ledger.total:
            errors = "1 error" if total == 1 else f"{total} errors"
            _LOGGER.warning("%s of logging in this training:\n%s", errors, self.logger.ledger.summary())
        if leftover.folder is not None:
            _LOGGER.warning(
                "%d operations of this run are not sent yet; they are kept in %s. Send them with `%s`.",
                leftover.operations,
                leftover.folder,
                self._sync_command(),
            )


def _continuing(settings: NeptuneSettings, note: RunNote | None) -> NeptuneSettings:
    """Return settings that name the run of a note, unless they name a run themselves."""
    if note is None or settings.with_id is not None or settings.custom_run_id is not None:
        return settings
    if note.run_id:
        return replace(settings, with_id=note.run_id, project=note.project or settings.project)
    return replace(settings, custom_run_id=note.custom_run_id, project=note.project or settings.project)


def _open(settings: NeptuneSettings, connection: Connection, training: TrainingFacts) -> tuple[Connection, OpenedRun]:
    """Open the run; where the server is gone, go on offline if the settings allow it."""

    def opened_by(connection: Connection) -> OpenedRun:
        if connection.mode.is_online:
            send_leftovers(training.note, connection.api_token, connection.server_url)
        return _open_noted(settings, target_of(connection), training)

    try:
        return connection, opened_by(connection)
    except ServerUnreachableError as error:
        if settings.on_unreachable is not OnUnreachable.OFFLINE:
            raise
        _LOGGER.warning("%s Going on offline.", error)
        offline = replace(connection, mode=Mode.OFFLINE, embedded=None)
        return offline, opened_by(offline)


def _open_noted(settings: NeptuneSettings, target: Target, training: TrainingFacts) -> OpenedRun:
    """Open the run; a noted run that this server does not know becomes a new one here."""
    note = training.note
    try:
        return open_run(settings, target, training.name)
    except RunNotFoundError:
        if note is None or settings.with_id != note.run_id:
            raise
        _LOGGER.warning(
            "The checkpoint belongs to the run %s of the server %s, which the server %s does not have: the training "
            "goes on in a new run.",
            note.run_id,
            note.server_url,
            target.server_url,
        )
    return open_run(replace(settings, with_id=None, custom_run_id=note.custom_run_id), target, training.name)


def _connect(settings: NeptuneSettings, ultralytics_project: str | None) -> Connection:
    """Open the connection and load the client meanwhile: the embedded server's start takes as long as that."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        connecting = pool.submit(open_connection, settings, ultralytics_project)
        import_module("neptune")
        return connecting.result()


def target_of(connection: Connection) -> Target:
    """Return where a run of a connection is opened."""
    return Target(connection.mode, connection.project, connection.api_token, connection.server_url)
