"""Engines and transactions on a database."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from neptune_yolo.server.exceptions import ConfigurationError
from neptune_yolo.server.store.database_errors import Opening, translated_errors
from neptune_yolo.server.store.locks import lock_migrations
from neptune_yolo.server.store.postgresql import create_postgresql_engine, prepare_long_statements, require_encoding
from neptune_yolo.server.store.sqlite import create_sqlite_engine

WRITER_TIMEOUT_SECONDS = 60.0
"""How long a request waits for the writers before it."""

READER_COUNT = 8
"""Connections for reading in one process."""

WRITER_COUNT = 8
"""Connections for writing in one process; SQLite takes one writer at a time."""

_Create = Callable[..., Engine]
_POSTGRESQL = "postgresql"
_CREATORS: Mapping[str, tuple[_Create, int]] = {
    "sqlite": (create_sqlite_engine, 1),
    _POSTGRESQL: (create_postgresql_engine, WRITER_COUNT),
}


class Engines:
    """A reading and a writing engine on one database. A commit is on disk when it returns.

    Args:
        database_url: SQLAlchemy address of the database; ``postgresql://`` and ``postgres://`` work as well.

    Raises:
        ConfigurationError: If it is no such address, or the driver is not installed.
    """

    def __init__(self, database_url: str) -> None:
        url = parse_url(database_url)
        create, writer_count = _CREATORS[url.get_backend_name()]
        self._file = _file_of(url)
        self._opening = Opening(shown_url(url), _advice(url))
        self._is_postgresql = url.get_backend_name() == _POSTGRESQL
        self.reader = create(url, pool_size=READER_COUNT, pool_timeout=WRITER_TIMEOUT_SECONDS, writes=False)
        self.writer = create(url, pool_size=writer_count, pool_timeout=WRITER_TIMEOUT_SECONDS, writes=True)

    @property
    def name(self) -> str:
        """Which database this is, for people: its address without the password."""
        return self._opening.name

    @property
    def is_missing(self) -> bool:
        """Whether the database is a file that does not exist; whoever connects to it makes it."""
        return self._file is not None and not self._file.is_file()

    @property
    def has_one_writer(self) -> bool:
        """Whether the database takes one writing transaction at a time."""
        return not self._is_postgresql

    @contextmanager
    def reading(self, *, is_long: bool = False) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database and cannot change it.

        Args:
            is_long: Whether statements may take as long as they need.

        Raises:
            StorageUnavailableError: If the database cannot be read.
        """
        with translated_errors(WRITER_TIMEOUT_SECONDS), self.reader.connect() as connection:
            if is_long and self._is_postgresql:
                prepare_long_statements(connection)
            yield connection

    @contextmanager
    def writing(self, *, is_long: bool = False) -> Iterator[Connection]:
        """Open a transaction that is committed at the end of the block, and rolled back on an error.

        Args:
            is_long: Whether statements may take, and wait for others, as long as they need.

        Raises:
            StorageUnavailableError: If the database cannot be written: the disk is full, say.
        """
        with translated_errors(WRITER_TIMEOUT_SECONDS), self._begin(is_long=is_long) as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Open a writing transaction that changes tables; one process at a time is in it.

        Raises:
            StorageUnavailableError: If the database cannot be opened or written; the message names it.
            ConfigurationError: If it is not fit for this server.
        """
        with translated_errors(WRITER_TIMEOUT_SECONDS, self._opening), self._begin(is_long=True) as connection:
            if self._is_postgresql:
                require_encoding(connection)
            lock_migrations(connection)
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()

    @contextmanager
    def _begin(self, *, is_long: bool) -> Iterator[Connection]:
        with self.writer.begin() as connection:
            if is_long and self._is_postgresql:
                prepare_long_statements(connection)
            yield connection


def shown_url(url: URL) -> str:
    """Return the address of a database for people: without password and options, an SQLite file with its whole path.

    Args:
        url: The address.
    """
    if url.get_backend_name() == _POSTGRESQL:
        shown = URL.create(_POSTGRESQL, username=url.username, host=url.host, port=url.port, database=url.database)
        return shown.render_as_string()
    file = _file_of(url)
    return "sqlite://" if file is None else f"sqlite:///{file.as_posix()}"


def _file_of(url: URL) -> Path | None:
    is_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return Path(url.database or "").absolute() if is_file else None


def _advice(url: URL) -> str:
    file = _file_of(url)
    if url.get_backend_name() == _POSTGRESQL:
        return "Check that it is reachable, that it takes this user and password, and try again."
    if file is None:
        return "Try again."
    if not file.parent.is_dir():
        return f"There is no folder {str(file.parent)!r}: make it, or correct database_url."
    return f"Check that the file and its folder {str(file.parent)!r} may be written and have free disk space."


def parse_url(database_url: str) -> URL:
    """Return the address of a database, with the driver that this server uses.

    Args:
        database_url: ``sqlite:///file`` or ``postgresql://user:password@host/name``.

    Raises:
        ConfigurationError: If it is neither.
    """
    expected = "Expected 'sqlite:///file' or 'postgresql://user:password@host/name' as the address of the database"
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(f"{expected}, got another text. Write it in that form.") from error
    if url.drivername in {"postgres", _POSTGRESQL, "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise ConfigurationError(f"{expected}, got one of kind {url.drivername[:40]!r}. Use one of these two.")
    return url
