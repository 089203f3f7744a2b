"""The embedded server: started when first needed, found again by everybody who uses the same data folder."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import filelock
import psutil

from neptune_yolo.server.credentials import read_credentials
from neptune_yolo.server.domain.page_tickets import page_link
from neptune_yolo.server.exceptions import DataFolderNotWritableError, EmbeddedServerError, ServerStartError
from neptune_yolo.server.health import answers
from neptune_yolo.server.home import HomeLayout, data_home
from neptune_yolo.server.keeper import ServerKeeper
from neptune_yolo.server.launching import DEFAULT_APP_FACTORY, EXIT_ALREADY_RUNNING, DetachedProcess, launch, log_tail
from neptune_yolo.server.private_files import OWNER_ONLY, write_private_file
from neptune_yolo.server.state import ServerState
from neptune_yolo.version import package_version

__all__ = ["EmbeddedServer", "RunningServer", "ServerKeeper", "idle_seconds_from_environment"]

IDLE_VARIABLE = "NEPTUNE_YOLO_IDLE_SECONDS"
"""Environment variable: seconds without activity after which a newly started server leaves; 0 for never."""

DEFAULT_IDLE_SECONDS = 3600.0

_HEALTH_SECONDS = 2.0
_HEALTH_SECONDS_WITHOUT_PROCESS = 0.3
_POLL_SECONDS = 0.02
_LAUNCHES = 3
_LOCK_TRY_SECONDS = 0.2
_KILL_WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class RunningServer:
    """A server that has just answered.

    Attributes:
        url: Its address, without a slash at the end.
        pid: Its process id.
        port: Its port on 127.0.0.1.
        api_token: What a client needs as ``NEPTUNE_API_TOKEN``.
        home: Its data folder.
        page_key: Signs the one-time tickets in the links to pages.
        version: Version of neptune_yolo that it runs.
        idle_seconds: Seconds without activity after which it leaves; 0 for never.
        notes: What the user should know about it, as sentences: another port than before, another version.
    """

    url: str
    pid: int
    port: int
    api_token: str = field(repr=False)
    home: Path
    page_key: str = field(repr=False)
    version: str = ""
    idle_seconds: float = DEFAULT_IDLE_SECONDS
    notes: tuple[str, ...] = ()

    def page_url(self, path: str = "/") -> str:
        """Return a new link that opens the page at `path`, once, in any browser; afterwards only in that one."""
        return page_link(self.url, self.page_key, time.time_ns() // 1_000_000, path)


class EmbeddedServer:
    """Starts, finds and stops the one server of a data folder. Making an object of it touches nothing."""

    def __init__(
        self, home: Path | None = None, *, idle_seconds: float | None = None, app_factory: str = DEFAULT_APP_FACTORY
    ) -> None:
        """Name the data folder.

        Args:
            home: The data folder; by default that of ``NEPTUNE_YOLO_HOME``, or the user's.
            idle_seconds: Seconds without activity after which a server that is started by this object leaves; 0 for
                never; by default ``NEPTUNE_YOLO_IDLE_SECONDS``, or an hour.
            app_factory: ``module:function`` that makes the application.
        """
        self.layout = HomeLayout(data_home() if home is None else home.expanduser().absolute())
        self._idle_seconds = idle_seconds
        self._app_factory = app_factory

    def running(self) -> RunningServer | None:
        """Return the server of this data folder if it answers, else None. This doesn't count as use.

        Raises:
            EmbeddedServerError: If it answers, but its keys can't be read.
        """
        return self._find(keep=False)

    def ensure_running(self, timeout_seconds: float = 30) -> RunningServer:
        """Return the server of this data folder; start it if none runs. Any number of processes may call this at once.

        Raises:
            DataFolderNotWritableError: If the data folder can't be made or written.
            ServerStartError: If no server answers in time, or the new one ends at once.
            EmbeddedServerError: If the folder is in use by another machine, or its keys can't be read.
        """
        found = self._find(keep=True)
        if found is not None:
            return found
        self.layout.prepare()
        try:
            return self._find_or_start(timeout_seconds)
        except OSError as error:
            reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            raise DataFolderNotWritableError(self.layout.root, reason) from error

    def _find_or_start(self, timeout_seconds: float) -> RunningServer:
        """Find the server, or start it as the only one that does so."""
        deadline = time.monotonic() + timeout_seconds
        start_lock = filelock.FileLock(self.layout.start_lock, mode=OWNER_ONLY)
        while True:
            try:
                with start_lock.acquire(timeout=_LOCK_TRY_SECONDS):
                    return self._find(keep=True) or self._start(deadline)
            except filelock.Timeout:
                found = self._find(keep=True)
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise self._start_error(f"another program has been starting it for {timeout_seconds:g} s")

    def issued(self, api_token: str) -> bool:
        """Return whether an API token is one of this data folder; its server need not run.

        Raises:
            EmbeddedServerError: If the keys of the folder can't be read.
        """
        credentials = read_credentials(self.layout.secrets)
        return credentials is not None and credentials.issued(api_token)

    def process_is_alive(self) -> bool:
        """Return whether the last known server is still there, even if it is too busy to answer."""
        state = ServerState.read(self.layout.state)
        return state is not None and _living_process(state) is not None

    def stop(self, timeout_seconds: float = 10) -> bool:
        """End the server of this data folder; return whether there was one.

        It is asked to leave; if it hasn't within `timeout_seconds`, its process is killed, which loses nothing that
        was acknowledged.

        Raises:
            EmbeddedServerError: If it runs on another machine, or can't be ended.
        """
        state = ServerState.read(self.layout.state)
        if state is None or state.pid is None:
            return False
        process = _living_process(state)
        if process is None:
            if not self._server_lock_is_free():
                self._refuse_other_machine(state)
            return False
        write_private_file(self.layout.stop_request, state.instance.encode())
        try:
            if not _has_ended(process, timeout_seconds):
                _kill(process)
        finally:
            self.layout.stop_request.unlink(missing_ok=True)
        return True

    def _find(self, *, keep: bool) -> RunningServer | None:
        state = ServerState.read(self.layout.state)
        if state is None or state.pid is None:
            return None
        if not _answers(state, keep=keep):
            return None
        credentials = read_credentials(self.layout.secrets)
        if credentials is None:
            raise EmbeddedServerError(
                f"Expected the keys of the running server in {self.layout.secrets}, but the file is gone. Stop the "
                "server with `neptune-yolo server stop`; the next start makes new keys."
            )
        return RunningServer(
            url=state.url,
            pid=state.pid,
            port=state.port,
            api_token=credentials.api_token(state.url),
            home=self.layout.root,
            page_key=credentials.page_key,
            version=state.version,
            idle_seconds=state.idle_seconds,
            notes=state.notes + _version_notes(state.version),
        )

    def _start(self, deadline: float) -> RunningServer:
        """Start a server while the start lock is held, and wait until it answers."""
        process: DetachedProcess | None = None
        launches = 0
        while time.monotonic() < deadline:
            found = self._find(keep=True)
            if found is not None:
                return found
            if process is None:
                if self._server_lock_is_free():
                    process = self._launch()
                    launches += 1
                else:
                    self._refuse_other_machine(ServerState.read(self.layout.state))
            elif (code := process.poll()) is not None:
                was_killed = code < 0  # by a signal, which says nothing about the next one
                if code != EXIT_ALREADY_RUNNING and not (was_killed and launches < _LAUNCHES):
                    raise self._start_error(f"its process ended with exit code {code}")
                process = None
            time.sleep(_POLL_SECONDS)
        if process is None:
            raise self._start_error(
                f"the process that holds {str(self.layout.server_lock)!r} doesn't answer; end it with "
                "`neptune-yolo server stop`"
            )
        raise self._start_error("it didn't answer in time; it may still be starting, so try again in a moment")

    def _launch(self) -> DetachedProcess:
        idle_seconds = idle_seconds_from_environment() if self._idle_seconds is None else self._idle_seconds
        if not os.path.lexists(self.layout.root):
            self.layout.prepare()
        try:
            return launch(self.layout, idle_seconds=idle_seconds, app_factory=self._app_factory)
        except OSError as error:
            raise self._start_error(f"its process can't be started ({error})") from error

    def _server_lock_is_free(self) -> bool:
        lock = filelock.FileLock(self.layout.server_lock, mode=OWNER_ONLY)
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        lock.release()
        return True

    def _refuse_other_machine(self, state: ServerState | None) -> None:
        if state is not None and state.pid is not None and state.elsewhere:
            raise EmbeddedServerError(
                f"Expected the data folder {str(self.layout.root)!r} to be used on this machine only, but a server on "
                f"{state.machine!r} has it in use. Stop that one there, or set NEPTUNE_YOLO_HOME to a folder of this "
                "machine."
            )

    def _start_error(self, reason: str) -> ServerStartError:
        return ServerStartError(reason, self.layout.log, log_tail(self.layout.log))


def idle_seconds_from_environment() -> float:
    """Return ``NEPTUNE_YOLO_IDLE_SECONDS``, or an hour if it isn't set.

    Raises:
        EmbeddedServerError: If it isn't a number of seconds.
    """
    text = os.environ.get(IDLE_VARIABLE, "").strip()
    if not text:
        return DEFAULT_IDLE_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise EmbeddedServerError(
            f"Expected {IDLE_VARIABLE} to be a number of seconds (0: the server never leaves), got {text!r}. "
            "Correct or remove that environment variable."
        )
    return seconds


def _version_notes(version: str) -> tuple[str, ...]:
    own = package_version()
    if version == own:
        return ()
    note = (
        f"The embedded server that runs is of neptune_yolo {version}, this program of {own}. It is used as it is; "
        "`neptune-yolo server stop` lets the next start use this version."
    )
    return (note,)


def _living_process(state: ServerState) -> psutil.Process | None:
    """Return the process behind a state: the one of that id and start time, or the one whose server answers.

    The answer counts where the clock or the machine's name was changed since the start.
    """
    if state.pid is None:
        return None
    process = state.process()
    if process is not None or not _answers(state, keep=False):
        return process
    try:
        return psutil.Process(state.pid)
    except psutil.Error:
        return None


def _answers(state: ServerState, *, keep: bool) -> bool:
    """Ask the server of a state; where its process isn't to be seen, the port is likely somebody else's by now."""
    patience_seconds = _HEALTH_SECONDS if state.process() is not None else _HEALTH_SECONDS_WITHOUT_PROCESS
    return answers(state.host, state.port, instance=state.instance, timeout_seconds=patience_seconds, keep=keep)


def _has_ended(process: psutil.Process, timeout_seconds: float) -> bool:
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        try:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
    except psutil.Error as error:
        raise EmbeddedServerError(
            f"Expected to end the server process {process.pid}, but the system refuses it ({error}). End it yourself."
        ) from error
    if not _has_ended(process, _KILL_WAIT_SECONDS):
        raise EmbeddedServerError(f"Expected the server process {process.pid} to end when killed; it is still there.")
