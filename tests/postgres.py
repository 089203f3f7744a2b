"""A real PostgreSQL for tests: a cluster in a temporary folder, and a fresh database for each test."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

REQUIRED_VARIABLE = "NEPTUNE_YOLO_REQUIRE_POSTGRES"
IS_REQUIRED = bool(os.environ.get(REQUIRED_VARIABLE))
"""Whether tests fail, not skip, where PostgreSQL is missing."""

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "TimeZone": "Pacific/Chatham",
    "log_min_messages": "fatal",
}
_TIMEOUT_SECONDS = 60
_PREFIX = "neptune-pg-"
_OWNER = "owner"
"""File with the number of the process that runs the cluster."""


class Cluster:
    """A PostgreSQL server that listens on a socket in its own folder.

    It sorts text by the rules of English, as most installations do: a statement that needs another order has to say so.

    Args:
        binaries: Folder of the programs of PostgreSQL.
        folder: An empty folder that only this cluster uses.
        is_durable: Whether commits survive a crash of the cluster; slower.
    """

    def __init__(self, binaries: Path, folder: Path, *, is_durable: bool = False) -> None:
        self._binaries = binaries
        self._folder = folder
        self._account = _prepare_account(folder)
        self._numbers = itertools.count()
        self._is_prepared = False
        self._options = _OPTIONS if is_durable else {**_OPTIONS, **_FAST}
        locale = ["--encoding=UTF8", "--no-locale", "--locale-provider=icu", "--icu-locale=en"]
        self._run("initdb", *locale, "--username=tests", "--auth=trust", "--no-sync", "--pgdata", str(self._data))

    def start(self) -> None:
        """Start to listen."""
        options = " ".join(f"-c {name}={value}" for name, value in self._options.items())
        self._control("start", "--options", f"-k {self._folder} {options}", "--log", str(self._folder / "log"))
        if not self._is_prepared:
            self._is_prepared = True
            self._execute("CREATE ROLE {} LOGIN", "guest")

    def stop(self, mode: str = "fast") -> None:
        """Stop, with all connections.

        Args:
            mode: ``fast``, or ``immediate`` for what a crash does.
        """
        self._control("stop", "--mode", mode)

    def create_database(self, template: str = "template0", encoding: str | None = None) -> str:
        """Create a database.

        Args:
            template: Name of the database to copy; an empty one by default.
            encoding: Of its texts; that of the template by default.

        Returns:
            Its SQLAlchemy address.
        """
        name = f"db{next(self._numbers)}"
        # A log of the copied pages is quick for small databases, and needs no checkpoint.
        other = f" ENCODING '{encoding}'" if encoding else ""
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log" + other, name, template)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database, with all connections to it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", database_name(url))

    def url(self, name: str, account: str = "tests") -> str:
        """Return the SQLAlchemy address of a database, for the owner of all or for ``guest``, who may do little."""
        return f"postgresql+psycopg://{account}@/{name}?host={self._folder}"

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(host=str(self._folder), user="tests", dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _control(self, action: str, *arguments: str) -> None:
        self._run("pg_ctl", action, "--wait", "--silent", "--pgdata", str(self._data), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        with (self._folder / "output").open("w+") as output:  # a pipe would be kept open by the server
            command = [str(self._binaries / program), *arguments]
            done = subprocess.run(
                command,
                cwd=self._folder,
                user=self._account,
                group=self._account,
                stdout=output,
                stderr=output,
                timeout=_TIMEOUT_SECONDS,
                check=False,
            )
            output.seek(0)
            assert done.returncode == 0, output.read()


def find_binaries() -> Path | None:
    """Return the folder of the programs of the newest PostgreSQL of this machine, or None."""
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    for folder in sorted(versions, key=lambda path: int(path.parent.name), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


@contextmanager
def running_cluster(binaries: Path, *, is_durable: bool = False) -> Iterator[Cluster]:
    """Run a cluster in a temporary folder, and leave nothing of it."""
    _remove_orphans(binaries)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # a short path: the one of a socket is limited
    (folder / _OWNER).write_text(str(os.getpid()))
    try:
        cluster = Cluster(binaries, folder, is_durable=is_durable)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_orphans(binaries: Path) -> None:
    """Stop the clusters of test processes that were killed, which would run for ever."""
    for note in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_OWNER}"):
        if not psutil.pid_exists(int(note.read_text() or os.getpid())):
            stop = [
                str(binaries / "pg_ctl"),
                "stop",
                "--mode=immediate",
                "--silent",
                "--pgdata",
                str(note.parent / "data"),
            ]
            account = None if os.geteuid() != 0 else "postgres"
            subprocess.run(stop, cwd=note.parent, user=account, check=False, timeout=_TIMEOUT_SECONDS)
            shutil.rmtree(note.parent, ignore_errors=True)


def database_name(url: str) -> str:
    """Return the name of the database in an address that ``Cluster.url`` gave."""
    return url.partition("@/")[2].partition("?")[0]


def _prepare_account(folder: Path) -> str | None:
    """Hand the folder over to the account that has to run PostgreSQL, which refuses to run as root."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, "postgres", "postgres")
    return "postgres"
