import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

_OTHERS_VARIABLES = ("NEPTUNE_", "YOLO_", "OAUTHLIB_", "RANK", "LOCAL_RANK", "WORLD_SIZE")


def pytest_configure(config: pytest.Config) -> None:
    """Ultralytics reads its environment when it is imported, which may be before the first fixture."""
    folder = Path(tempfile.mkdtemp(prefix="neptune-yolo-tests-"))
    config.stash[_ULTRALYTICS_FOLDER] = folder
    _place_font(folder / "Ultralytics")
    for name in list(os.environ):
        if name.startswith(_OTHERS_VARIABLES):
            del os.environ[name]
    os.environ.update(YOLO_CONFIG_DIR=str(folder), YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false")
    os.environ["OMP_NUM_THREADS"] = "1"  # two tests run at a time
    os.environ["MPLCONFIGDIR"] = str(folder / "matplotlib")  # its font cache takes seconds to build: once is enough


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_ULTRALYTICS_FOLDER], ignore_errors=True)


_ULTRALYTICS_FOLDER = pytest.StashKey[Path]()


def _place_font(folder: Path) -> None:
    """Put a font where Ultralytics would download one to."""
    folder.mkdir(parents=True)
    matplotlib = find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin is not None:
        font = Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        shutil.copy(font, folder / "Arial.ttf")


@pytest.fixture(autouse=True)
def isolated_environment(tmp_path: Path) -> Iterator[None]:
    """Give each test its own home, working directory and data folder, and undo what it does to the environment."""
    before, directory = dict(os.environ), Path.cwd()
    home, working = tmp_path / "user", tmp_path / "work"
    home.mkdir()
    working.mkdir()
    os.environ.update(HOME=str(home), USERPROFILE=str(home), NEPTUNE_YOLO_HOME=str(tmp_path / "data"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(home / name.lower())
    os.chdir(working)
    try:
        yield
    finally:
        _stop_server(tmp_path / "data")
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(before)


def _stop_server(home: Path) -> None:
    """Stop the embedded server that a test has left behind."""
    if home.is_dir():
        from neptune_yolo.server.embedded import EmbeddedServer

        EmbeddedServer(home).stop()


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """The embedded server's data folder of this test; it does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def queue_root(tmp_path: Path) -> Path:
    """The folder where clients of this test keep their queues."""
    return tmp_path / "work" / ".neptune"
