"""What services ask of the storage. One test suite holds every implementation to these signatures."""

from neptune_yolo.server.store.interfaces.attributes import AttributeStore
from neptune_yolo.server.store.interfaces.blobs import BlobStore, BlobWriter
from neptune_yolo.server.store.interfaces.checks import CheckStore, UsageStore
from neptune_yolo.server.store.interfaces.containers import ContainerStore, TrashStore
from neptune_yolo.server.store.interfaces.files import FileStore
from neptune_yolo.server.store.interfaces.members import MemberStore, WorkspaceStore
from neptune_yolo.server.store.interfaces.projects import ProjectStore
from neptune_yolo.server.store.interfaces.references import HoldStore, ReferenceStore
from neptune_yolo.server.store.interfaces.registry import ArtifactStore, RegistryStore
from neptune_yolo.server.store.interfaces.replays import AnsweredBatch, ReplayStore
from neptune_yolo.server.store.interfaces.series import ImageStore, SeriesStore
from neptune_yolo.server.store.interfaces.signals import SignalStore
from neptune_yolo.server.store.interfaces.tables import TableStore
from neptune_yolo.server.store.interfaces.transactions import Session, Store
from neptune_yolo.server.store.interfaces.users import KeyStore, TokenStore, UserStore
from neptune_yolo.server.store.interfaces.views import ViewStore

__all__ = [
    "AnsweredBatch",
    "ArtifactStore",
    "AttributeStore",
    "BlobStore",
    "BlobWriter",
    "CheckStore",
    "ContainerStore",
    "FileStore",
    "HoldStore",
    "ImageStore",
    "KeyStore",
    "MemberStore",
    "ProjectStore",
    "ReferenceStore",
    "RegistryStore",
    "ReplayStore",
    "SeriesStore",
    "Session",
    "SignalStore",
    "Store",
    "TableStore",
    "TokenStore",
    "TrashStore",
    "UsageStore",
    "UserStore",
    "ViewStore",
    "WorkspaceStore",
]
