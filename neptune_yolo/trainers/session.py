"""What one training needs of Neptune: connection, run, logger, and the watch over the embedded server."""

import logging
import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module

from neptune_yolo.connection import Connection, open_connection
from neptune_yolo.exceptions import ServerConnectionError, ServerUnreachableError
from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable
from neptune_yolo.tracking.opening import OpenedRun, Target, adopt_run, open_run
from neptune_yolo.tracking.queue_folder import Leftover
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.tracking.status import Outcome

_LOGGER = logging.getLogger(__name__)
_REVIVE_SECONDS = 15.0
_UNREACHABLE_STOP_SECONDS = 10.0


class TrainingSession:
    """The run of one training, from its opening to its end.

    Args:
        settings: The trainer's settings.
        connection: Where the run goes; None for a run that was handed in.
        opened: The run.
    """

    def __init__(self, settings: NeptuneSettings, connection: Connection | None, opened: OpenedRun) -> None:
        self._settings = settings
        self._connection = connection
        self._owned = opened.owned
        self._keeper = connection.keeper() if connection else None
        self.logger = RunLogger(opened)
        self.run_id: str | None = None
        self.url: str | None = None
        self.finished = False

    @classmethod
    def open(
        cls, settings: NeptuneSettings, *, default_name: str, ultralytics_project: str | None
    ) -> "TrainingSession":
        """Open the run that the settings describe, or take the one that they hold.

        Args:
            settings: The trainer's settings.
            default_name: Name of a new run if the settings give none.
            ultralytics_project: Ultralytics' ``project=`` argument.

        Raises:
            NeptuneYoloError: If there is no way to log as the settings ask.
        """
        if settings.run is not None:
            return cls(settings, None, adopt_run(settings.run))  # its id is its owner's to ask for
        connection = _connect(settings, ultralytics_project)
        try:
            opened = open_run(settings, _target(connection), default_name)
        except ServerUnreachableError as error:
            if settings.on_unreachable is not OnUnreachable.OFFLINE:
                raise
            _LOGGER.warning("%s Going on offline.", error)
            connection = replace(connection, mode=Mode.OFFLINE, embedded=None)
            opened = open_run(settings, _target(connection), default_name)
        session = cls(settings, connection, opened)
        session.begin()
        return session

    def begin(self) -> None:
        """Ask for the run's id and link, and watch over the embedded server from now on, if it is the one."""
        if self._keeper is not None:
            self._keeper.start()
        if self._connection is not None and self._connection.mode in (Mode.ASYNC, Mode.SYNC):
            with self.logger.ledger.guard("asking for the id of the run"):
                self.run_id = str(self.logger.run["sys/id"].fetch())
                self.url = str(self.logger.run.get_url())

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
            self._report(self.logger.close(self._stop_timeout()))
        finally:
            if self._keeper is not None:
                self._keeper.close()

    def _stop_timeout(self) -> float:
        """Return how many seconds to wait for the server: few if it is gone and cannot be brought back."""
        limit = self._settings.stop_timeout_seconds
        if self._connection is None or not self._owned:
            return limit
        try:
            self._connection.revive(min(_REVIVE_SECONDS, limit))
            self._connection.check_reachable(self._settings.connect_timeout_seconds)
        except ServerConnectionError as error:
            _LOGGER.warning("%s", error)
            return min(_UNREACHABLE_STOP_SECONDS, limit)
        return limit

    def _sync_command(self) -> str:
        """Return the command that sends what is left; an offline run does not know its project."""
        connection = self._connection
        if connection is None or connection.mode is not Mode.OFFLINE or not connection.project:
            return "neptune-yolo sync"
        return f"neptune-yolo sync --project {shlex.quote(connection.project)}"

    def _report(self, leftover: Leftover) -> None:
        if total := self.logger.ledger.total:
            _LOGGER.warning("%d errors of logging in this training:\n%s", total, self.logger.ledger.summary())
        if leftover.folder is not None:
            _LOGGER.warning(
                "%d operations of this run are not sent yet; they are kept in %s. Send them with `%s`.",
                leftover.operations,
                leftover.folder,
                self._sync_command(),
            )


def _connect(settings: NeptuneSettings, ultralytics_project: str | None) -> Connection:
    """Open the connection and load the client meanwhile: the embedded server's start takes as long as that."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        connecting = pool.submit(open_connection, settings, ultralytics_project)
        import_module("neptune")
        return connecting.result()


def _target(connection: Connection) -> Target:
    return Target(connection.mode, connection.project, connection.api_token, connection.server_url)
