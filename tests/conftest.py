import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.postgres import IS_REQUIRED, Cluster, database_name, find_binaries, running_cluster
from tests.s3 import Bucket, Storage, make_bucket, storage_server

_OTHERS_VARIABLES = ("NEPTUNE_", "YOLO_", "OAUTHLIB_", "RANK", "LOCAL_RANK", "WORLD_SIZE")
_REQUIREMENTS = "NEPTUNE_YOLO_REQUIRE_"  # which workers of xdist have to know


def pytest_configure(config: pytest.Config) -> None:
    """Ultralytics reads its environment when it is imported, which may be before the first fixture."""
    folder = Path(tempfile.mkdtemp(prefix="neptune-yolo-tests-"))
    config.stash[_ULTRALYTICS_FOLDER] = folder
    _place_font(folder / "Ultralytics")
    for name in list(os.environ):
        if name.startswith(_OTHERS_VARIABLES) and not name.startswith(_REQUIREMENTS):
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


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this test process."""
    binaries = find_binaries()
    if binaries is None:
        message = "Expected PostgreSQL on this machine, found none. Install it (Debian: apt-get install postgresql)."
        assert not IS_REQUIRED, message
        pytest.skip(message)
    with running_cluster(binaries) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster) -> str:
    """Name of a database with the newest tables and without rows."""
    from neptune_yolo.server.store.sql import SqlStore

    url = cluster.create_database()
    SqlStore(url).close()
    return database_name(url)


@pytest.fixture
def postgres_url(cluster: Cluster, postgres_template: str) -> Iterator[str]:
    """Address of a fresh PostgreSQL database with the newest tables."""
    url = cluster.create_database(postgres_template)
    yield url
    cluster.drop_database(url)


@pytest.fixture
def empty_postgres_url(cluster: Cluster) -> Iterator[str]:
    """Address of a fresh PostgreSQL database without tables."""
    url = cluster.create_database()
    yield url
    cluster.drop_database(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest tables and without rows."""
    from neptune_yolo.server.store.sql import SqlStore

    database = tmp_path_factory.mktemp("template") / "neptune.db"
    SqlStore(f"sqlite:///{database}").close()
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a fresh database; a test that asks for it runs on each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "neptune.db")
        return f"sqlite:///{tmp_path / 'neptune.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a fresh database without tables; a test that asks for it runs on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    """S3-compatible storage for the tests of one module."""
    with storage_server() as running:
        yield running


@pytest.fixture
def bucket(storage: Storage) -> Bucket:
    """A new, empty bucket."""
    return make_bucket(storage)
