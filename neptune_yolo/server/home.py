"""The data folder of the embedded server: where it is, and what lies in it."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from neptune_yolo.server.exceptions import DataFolderNotWritableError

HOME_VARIABLE = "NEPTUNE_YOLO_HOME"
"""Environment variable that names the data folder."""


def data_home() -> Path:
    """Return the data folder as an absolute path, without making it.

    ``NEPTUNE_YOLO_HOME`` comes first (``~`` is expanded, a relative path counts from the working directory); without
    it, the folder that the operating system keeps for an application's data.
    """
    chosen = os.environ.get(HOME_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_data_path("neptune-yolo", appauthor=False)


@dataclass(frozen=True)
class HomeLayout:
    """Names of the files of one data folder.

    Attributes:
        root: The data folder, absolute.
    """

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite database."""
        return self.root / "neptune.db"

    @property
    def files(self) -> Path:
        """Folder of the uploaded files."""
        return self.root / "files"

    @property
    def secrets(self) -> Path:
        """The keys of this data folder, readable by their owner only."""
        return self.root / "secrets.json"

    @property
    def state(self) -> Path:
        """What is known of the present or the last server: process, port, version."""
        return self.root / "server.json"

    @property
    def start_lock(self) -> Path:
        """Held by the one process that is starting a server."""
        return self.root / "start.lock"

    @property
    def server_lock(self) -> Path:
        """Held by the server process as long as it lives."""
        return self.root / "server.lock"

    @property
    def stop_request(self) -> Path:
        """Asks the server whose instance id it contains to leave."""
        return self.root / "server.stop"

    @property
    def log(self) -> Path:
        """What the server process writes to its standard output and error."""
        return self.root / "server.log"

    @property
    def queue(self) -> Path:
        """Folder for queues of the client, for callers that want them beside the data."""
        return self.root / "queue"

    def prepare(self) -> None:
        """Make the data folder if it is missing, and prove that files can be written in it.

        Raises:
            DataFolderNotWritableError: If the folder can't be made, or no file can be written in it.
        """
        probe = self.root / f".write-test-{os.getpid()}-{os.urandom(4).hex()}"
        try:
            if not self.root.is_dir():
                self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe.write_bytes(b"written to see whether this folder can be written\n")
        except OSError as error:
            raise DataFolderNotWritableError(self.root, reason=error.strerror or str(error)) from error
        finally:
            _remove(probe)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return  # never made, or on a folder that can't be written: the caller reports that
