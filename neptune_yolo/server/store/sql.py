"""The stores over one database, within transactions."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from neptune_yolo.server.store.artifacts import SqlArtifactStore
from neptune_yolo.server.store.attributes import SqlAttributeStore
from neptune_yolo.server.store.containers import SqlContainerStore
from neptune_yolo.server.store.engine import Engines
from neptune_yolo.server.store.files import SqlFileStore
from neptune_yolo.server.store.images import SqlImageStore
from neptune_yolo.server.store.interfaces import Session
from neptune_yolo.server.store.migrate import upgrade
from neptune_yolo.server.store.projects import SqlProjectStore
from neptune_yolo.server.store.references import SqlReferenceStore
from neptune_yolo.server.store.registry import SqlRegistryStore
from neptune_yolo.server.store.replays import SqlReplayStore
from neptune_yolo.server.store.series import SqlSeriesStore


class SqlSession:
    """Implements ``Session`` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self.projects = SqlProjectStore(connection)
        self.containers = SqlContainerStore(connection)
        self.attributes = SqlAttributeStore(connection)
        self.series = SqlSeriesStore(connection)
        self.images = SqlImageStore(connection)
        self.files = SqlFileStore(connection)
        self.references = SqlReferenceStore(connection)
        self.registry = SqlRegistryStore(connection)
        self.artifacts = SqlArtifactStore(connection)
        self.replays = SqlReplayStore(connection)


class SqlStore:
    """Implements ``Store`` over a database; its tables are brought up to date at the start.

    Args:
        database_url: SQLAlchemy address of the database.

    Raises:
        StorageUnavailableError: If the database cannot be opened or written.
    """

    def __init__(self, database_url: str) -> None:
        self._engines = Engines(database_url)
        with self._engines.writing() as connection:
            upgrade(connection)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that cannot write."""
        with self._engines.reading() as connection:
            yield SqlSession(connection)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that is committed, and safe on disk, when the block ends without an error."""
        with self._engines.writing() as connection:
            yield SqlSession(connection)

    def close(self) -> None:
        """Close all connections."""
        self._engines.close()
