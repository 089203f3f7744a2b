"""The stores over one database, within transactions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection

from neptune_yolo.server.store.artifacts import SqlArtifactStore
from neptune_yolo.server.store.attributes import SqlAttributeStore
from neptune_yolo.server.store.checks import SqlCheckStore
from neptune_yolo.server.store.containers import SqlContainerStore
from neptune_yolo.server.store.engine import Engines
from neptune_yolo.server.store.files import SqlFileStore
from neptune_yolo.server.store.group_commit import GroupCommit
from neptune_yolo.server.store.holds import SqlHoldStore
from neptune_yolo.server.store.images import SqlImageStore
from neptune_yolo.server.store.interfaces import Session
from neptune_yolo.server.store.members import SqlMemberStore, SqlWorkspaceStore
from neptune_yolo.server.store.migrate import current_revision, upgrade
from neptune_yolo.server.store.projects import SqlProjectStore
from neptune_yolo.server.store.query.tables import SqlTableStore
from neptune_yolo.server.store.references import SqlReferenceStore
from neptune_yolo.server.store.registry import SqlRegistryStore
from neptune_yolo.server.store.replays import SqlReplayStore
from neptune_yolo.server.store.series import SqlSeriesStore
from neptune_yolo.server.store.signals import SqlSignalStore
from neptune_yolo.server.store.trash import SqlTrashStore
from neptune_yolo.server.store.usage import SqlUsageStore
from neptune_yolo.server.store.users import SqlKeyStore, SqlTokenStore, SqlUserStore
from neptune_yolo.server.store.views import SqlViewStore

T = TypeVar("T")


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
        self.holds = SqlHoldStore(connection)
        self.views = SqlViewStore(connection)
        self.checks = SqlCheckStore(connection)
        self.usage = SqlUsageStore(connection)
        self.registry = SqlRegistryStore(connection)
        self.artifacts = SqlArtifactStore(connection)
        self.replays = SqlReplayStore(connection)
        self.users = SqlUserStore(connection)
        self.tokens = SqlTokenStore(connection)
        self.keys = SqlKeyStore(connection)
        self.workspaces = SqlWorkspaceStore(connection)
        self.members = SqlMemberStore(connection)
        self.tables = SqlTableStore(connection)
        self.trash = SqlTrashStore(connection)
        self.signals = SqlSignalStore(connection)


class SqlStore:
    """Implements ``Store`` over a database; its tables are brought up to date at the start.

    Args:
        database_url: SQLAlchemy address of the database.

    Attributes:
        is_new: Whether the database had no tables before.

    Raises:
        StorageUnavailableError: If the database cannot be opened or written.
        ConfigurationError: If the address is of no such database, or the database is of a newer version.
    """

    def __init__(self, database_url: str) -> None:
        self._engines = Engines(database_url)
        self._group = GroupCommit(self._engines.writing) if self._engines.has_one_writer else None
        try:
            with self._engines.migrating() as connection:
                self.is_new = current_revision(connection) is None
                upgrade(connection)
        except BaseException:
            self._engines.close()
            raise

    @property
    def name(self) -> str:
        """Which database this is, for people: its address without the password."""
        return self._engines.name

    @contextmanager
    def read(self, *, is_long: bool = False) -> Iterator[Session]:
        """Open a transaction that cannot write; a long one may take any time."""
        with self._engines.reading(is_long=is_long) as connection:
            yield SqlSession(connection)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that is committed, and safe on disk, when the block ends without an error."""
        with self._engines.writing() as connection:
            session = SqlSession(connection)
            yield session
            session.attributes.record_names()

    def write_in_group(self, work: Callable[[Session], T]) -> T:
        """Do a work in a transaction that others may share, and return its result once that is committed."""

        def do(connection: Connection) -> T:
            session = SqlSession(connection)
            result = work(session)
            session.attributes.record_names()
            return result

        if self._group is not None:
            return self._group.run(do)
        with self._engines.writing() as connection:
            return do(connection)

    def close(self) -> None:
        """Close all connections."""
        self._engines.close()
