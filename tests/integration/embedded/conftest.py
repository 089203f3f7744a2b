import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from neptune_yolo.server.embedded import EmbeddedServer

STUB_APP = "stub_application:create_app"


@pytest.fixture(autouse=True)
def _stub_can_be_imported_by_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(entry for entry in entries if entry))
    monkeypatch.delenv("NEPTUNE_YOLO_IDLE_SECONDS", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "Daten für Läufe и данные"


@pytest.fixture
def make_embedded(home: Path) -> Iterator[Callable[..., EmbeddedServer]]:
    """Make objects for the test's data folder (or another one); no server is left running."""
    homes = {home}

    def make(folder: Path = home, *, idle_seconds: float = 300, app_factory: str = STUB_APP) -> EmbeddedServer:
        homes.add(folder)
        return EmbeddedServer(folder, idle_seconds=idle_seconds, app_factory=app_factory)

    yield make
    for folder in homes:
        end_all_servers(folder)


@pytest.fixture
def embedded(make_embedded: Callable[..., EmbeddedServer]) -> EmbeddedServer:
    return make_embedded()


def server_processes(home: Path) -> list[psutil.Process]:
    """Return the processes that serve a data folder, whatever its state file says."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            command = process.cmdline()
            if "neptune_yolo.server" in command and str(home) in command:
                found.append(process)
    return found


def end_all_servers(home: Path) -> None:
    for process in server_processes(home):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
            process.wait(10)


@pytest.fixture
def count_servers(home: Path) -> Callable[[], int]:
    return lambda: len(server_processes(home))
