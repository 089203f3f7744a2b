"""Starts the server as a process of its own, which outlives the program that needed it."""

import os
import site
import subprocess
import sys
from pathlib import Path
from typing import IO

from neptune_yolo.server.home import HomeLayout
from neptune_yolo.server.private_files import open_private_file

DEFAULT_APP_FACTORY = "neptune_yolo.server.app:create_app"
"""What makes the application, as ``module:function``."""

EXIT_ALREADY_RUNNING = 75
"""Exit code of a server process that found another one on its data folder."""

_MAX_LOG_BYTES = 4 * 1024 * 1024
_LOG_TAIL_BYTES = 16_384
_LOG_TAIL_LINES = 15
_NOT_FOR_THE_SERVER = ("PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONWARNINGS", "NEPTUNE_API_TOKEN")


class DetachedProcess(subprocess.Popen[bytes]):
    """A child that is meant to outlive its parent, so that leaving it running is worth no warning."""

    def __del__(self) -> None:
        """Let go of the process; the operating system's init reaps it after us."""


def launch(layout: HomeLayout, *, idle_seconds: float, app_factory: str) -> DetachedProcess:
    """Start a server process on the data folder and return without waiting for it.

    It has its own session (Windows: its own hidden console), so neither Ctrl+C nor a closed terminal reaches it, and
    works in the data folder, so that it keeps no other folder busy.

    Raises:
        OSError: If the process can't be started, or its log can't be written.
    """
    command = [sys.executable, "-P", "-m", "neptune_yolo.server"]
    command += ["--home", str(layout.root), "--idle-seconds", str(idle_seconds), "--app-factory", app_factory]
    with _open_log(layout.log) as log:
        return DetachedProcess(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=layout.root,
            env=server_environment(),
            creationflags=_creation_flags(),
            start_new_session=sys.platform != "win32",
        )


def server_environment() -> dict[str, str]:
    """Return the environment of the server process.

    Import folders stay the same although the working directory changes: relative ones become absolute, and the folder
    of this package is added where it isn't an installed one.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_THE_SERVER}
    folders = [str(Path(entry).absolute()) for entry in environment.get("PYTHONPATH", "").split(os.pathsep) if entry]
    package_folder = Path(__file__).absolute().parents[2]
    if package_folder not in _site_folders() and str(package_folder) not in folders:
        folders.append(str(package_folder))
    environment.pop("PYTHONPATH", None)
    if folders:
        environment["PYTHONPATH"] = os.pathsep.join(folders)
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONIOENCODING"] = "utf-8"
    return environment


def log_tail(path: Path) -> str:
    """Return the last lines of a log; empty if it can't be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LOG_TAIL_BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-_LOG_TAIL_LINES:])


def _creation_flags() -> int:
    """Return what keeps the process apart on Windows; nothing elsewhere."""
    if sys.platform == "win32":
        # DETACHED_PROCESS would open a window when python.exe is a virtual environment's launcher
        return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def _site_folders() -> set[Path]:
    folders = [*site.getsitepackages(), site.getusersitepackages()]
    return {Path(folder).absolute() for folder in folders}


def _open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > _MAX_LOG_BYTES:
        path.replace(path.with_suffix(".log.old"))
    return open_private_file(path)
