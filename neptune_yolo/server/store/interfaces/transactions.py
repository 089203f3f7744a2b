"""The stores within one transaction, and what gives transactions."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from neptune_yolo.server.store.interfaces.attributes import AttributeStore
from neptune_yolo.server.store.interfaces.checks import CheckStore, UsageStore
from neptune_yolo.server.store.interfaces.containers import ContainerStore, TrashStore
from neptune_yolo.server.store.interfaces.files import FileStore
from neptune_yolo.server.store.interfaces.members import MemberStore, WorkspaceStore
from neptune_yolo.server.store.interfaces.projects import ProjectStore
from neptune_yolo.server.store.interfaces.references import HoldStore, ReferenceStore
from neptune_yolo.server.store.interfaces.registry import ArtifactStore, RegistryStore
from neptune_yolo.server.store.interfaces.replays import ReplayStore
from neptune_yolo.server.store.interfaces.series import ImageStore, SeriesStore
from neptune_yolo.server.store.interfaces.signals import SignalStore
from neptune_yolo.server.store.interfaces.tables import TableStore
from neptune_yolo.server.store.interfaces.users import KeyStore, TokenStore, UserStore
from neptune_yolo.server.store.interfaces.views import ViewStore

T = TypeVar("T")


class Session(Protocol):
    """The stores within one transaction."""

    @property
    def projects(self) -> ProjectStore:
        """Projects."""

    @property
    def containers(self) -> ContainerStore:
        """Runs, models, model versions and the containers of projects."""

    @property
    def attributes(self) -> AttributeStore:
        """Attributes."""

    @property
    def series(self) -> SeriesStore:
        """Points."""

    @property
    def images(self) -> ImageStore:
        """Pictures of series."""

    @property
    def files(self) -> FileStore:
        """File entries and uploads."""

    @property
    def references(self) -> ReferenceStore:
        """Blobs that are in use, and those that may no longer be."""

    @property
    def holds(self) -> HoldStore:
        """Who needs that no blob is removed."""

    @property
    def checks(self) -> CheckStore:
        """Questions about everything."""

    @property
    def usage(self) -> UsageStore:
        """How much is stored."""

    @property
    def registry(self) -> RegistryStore:
        """Models and versions."""

    @property
    def artifacts(self) -> ArtifactStore:
        """Artifacts."""

    @property
    def replays(self) -> ReplayStore:
        """Batches that were answered."""

    @property
    def users(self) -> UserStore:
        """Users."""

    @property
    def tokens(self) -> TokenStore:
        """API tokens."""

    @property
    def keys(self) -> KeyStore:
        """Keys of the server."""

    @property
    def views(self) -> ViewStore:
        """Saved views."""

    @property
    def workspaces(self) -> WorkspaceStore:
        """Workspaces and their members."""

    @property
    def members(self) -> MemberStore:
        """Members of projects."""

    @property
    def tables(self) -> TableStore:
        """Tables."""

    @property
    def trash(self) -> TrashStore:
        """The trash."""

    @property
    def signals(self) -> SignalStore:
        """Signals to running programs."""


class Store(Protocol):
    """Gives transactions."""

    def read(self, *, is_long: bool = False) -> AbstractContextManager[Session]:
        """Open a transaction that cannot write; a long one may take any time."""

    def write(self) -> AbstractContextManager[Session]:
        """Open a transaction that is committed, and safe on disk, when the block ends without an error."""

    def write_in_group(self, work: Callable[[Session], T]) -> T:
        """Do a work in a transaction that other threads' works may share; return its result once that is committed.

        An error of one work undoes only what that work has done.

        Args:
            work: It changes nothing outside the transaction: it may be done twice, and what it did first be undone.
        """

    def close(self) -> None:
        """Close all connections."""
