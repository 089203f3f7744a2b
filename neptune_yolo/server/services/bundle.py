"""All services of one caller, as one value that request handlers are given."""

from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.accounts import AccountService
from neptune_yolo.server.services.artifacts import ArtifactService
from neptune_yolo.server.services.attributes import AttributeService
from neptune_yolo.server.services.clock import Clock, system_clock
from neptune_yolo.server.services.collector import BlobCollector
from neptune_yolo.server.services.files import FileService
from neptune_yolo.server.services.images import ImageService
from neptune_yolo.server.services.members import MemberService
from neptune_yolo.server.services.models import ModelService
from neptune_yolo.server.services.operations import OperationService
from neptune_yolo.server.services.projects import ProjectService
from neptune_yolo.server.services.runs import RunService
from neptune_yolo.server.services.signals import SignalBoard, SignalService
from neptune_yolo.server.services.tables import TableService
from neptune_yolo.server.services.trash import TrashService
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.interfaces import BlobStore, Store


@dataclass(frozen=True)
class Services:
    """The use cases of the server; ``limits`` says how much they take in at once."""

    projects: ProjectService
    runs: RunService
    models: ModelService
    operations: OperationService
    attributes: AttributeService
    files: FileService
    images: ImageService
    artifacts: ArtifactService
    tables: TableService
    accounts: AccountService
    members: MemberService
    trash: TrashService
    signals: SignalService
    collector: BlobCollector
    limits: ServerSettings


@dataclass(frozen=True)
class ServiceFactory:
    """Makes the services for one caller; that is cheap, and done for each request.

    Attributes:
        store: Gives transactions.
        blobs: Keeps the bytes of files.
        settings: Those of the server process.
        clock: Gives the present moment.
    """

    store: Store
    blobs: BlobStore
    settings: ServerSettings
    clock: Clock = system_clock

    @property
    def accounts(self) -> AccountService:
        """Knows users and their tokens."""
        return AccountService(self.store, self.clock)

    @property
    def collector(self) -> BlobCollector:
        """Removes blobs that are no longer in use."""
        return BlobCollector(self.store, self.blobs)

    @property
    def signal_board(self) -> SignalBoard:
        """Reads the signals to all runs, for the sockets of this process."""
        return SignalBoard(self.store, self.clock)

    def for_caller(self, caller: Caller) -> Services:
        """Return the services with the rights of a caller."""
        store, blobs, clock, collector = self.store, self.blobs, self.clock, self.collector
        idle_after_ms = int(self.settings.idle_after_seconds * 1000)
        access = Access(caller, self.settings.default_workspace, self.settings.create_projects)
        return Services(
            projects=ProjectService(access, store, blobs, collector, clock),
            runs=RunService(access, store, clock, idle_after_ms),
            models=ModelService(access, store, clock),
            operations=OperationService(access, store, blobs, collector, clock),
            attributes=AttributeService(access, store, clock, idle_after_ms),
            files=FileService(access, store, blobs, collector, clock),
            images=ImageService(access, store, blobs),
            artifacts=ArtifactService(access, store),
            tables=TableService(access, store, clock, idle_after_ms),
            trash=TrashService(access, store, blobs, collector),
            signals=SignalService(access, store, clock, idle_after_ms),
            accounts=self.accounts,
            members=MemberService(access, store, clock, None if self.settings.bucket else self.settings.file_root),
            collector=collector,
            limits=self.settings,
        )
