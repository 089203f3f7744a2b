"""All services of one caller, as one value that request handlers are given."""

from dataclasses import dataclass
from functools import cached_property

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.accounts import AccountService
from neptune_yolo.server.services.artifacts import ArtifactService
from neptune_yolo.server.services.attributes import AttributeService
from neptune_yolo.server.services.chart_lists import ChartListService
from neptune_yolo.server.services.clock import Clock, system_clock
from neptune_yolo.server.services.collector import BlobCollector
from neptune_yolo.server.services.comparisons import ComparisonService
from neptune_yolo.server.services.curves import CurveService
from neptune_yolo.server.services.files import FileService
from neptune_yolo.server.services.images import ImageService
from neptune_yolo.server.services.imports import ImportService
from neptune_yolo.server.services.members import MemberService
from neptune_yolo.server.services.models import ModelService
from neptune_yolo.server.services.operations import OperationService
from neptune_yolo.server.services.own_account import AccountManagement
from neptune_yolo.server.services.project_lists import ProjectListService
from neptune_yolo.server.services.projects import ProjectService
from neptune_yolo.server.services.registry import RegistryService
from neptune_yolo.server.services.run_editing import RunEditingService
from neptune_yolo.server.services.run_heads import RunHeadService
from neptune_yolo.server.services.run_tables import RunTableService
from neptune_yolo.server.services.runs import RunService
from neptune_yolo.server.services.sign_in import PasswordDoor
from neptune_yolo.server.services.signals import SignalBoard, SignalService
from neptune_yolo.server.services.tables import TableService
from neptune_yolo.server.services.trash import TrashService
from neptune_yolo.server.services.users import UserService
from neptune_yolo.server.services.views import ViewService
from neptune_yolo.server.services.watching import WatchService
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.interfaces import BlobStore, Store


@dataclass(frozen=True)
class Services:
    """The use cases of the server; ``limits`` says how much they take in at once."""

    projects: ProjectService
    project_lists: ProjectListService
    runs: RunService
    heads: RunHeadService
    run_tables: RunTableService
    run_editing: RunEditingService
    views: ViewService
    models: ModelService
    operations: OperationService
    attributes: AttributeService
    curves: CurveService
    chart_lists: ChartListService
    watching: WatchService
    files: FileService
    images: ImageService
    imports: ImportService
    artifacts: ArtifactService
    tables: TableService
    comparisons: ComparisonService
    registry: RegistryService
    accounts: AccountService
    account: AccountManagement
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

    @cached_property
    def door(self) -> PasswordDoor:
        """Checks passwords; one for all callers, since it counts wrong ones."""
        return PasswordDoor(self.accounts)

    @property
    def collector(self) -> BlobCollector:
        """Removes blobs that are no longer in use."""
        return BlobCollector(self.store, self.blobs)

    @property
    def signal_board(self) -> SignalBoard:
        """Reads the signals to all runs, for the sockets of this process."""
        return SignalBoard(self.store, self.clock, int(self.settings.idle_after_seconds * 1000))

    def for_caller(self, caller: Caller) -> Services:
        """Return the services with the rights of a caller."""
        store, blobs, clock, collector = self.store, self.blobs, self.clock, self.collector
        idle_after_ms = int(self.settings.idle_after_seconds * 1000)
        access = Access(caller, self.settings.default_workspace, self.settings.create_projects)
        tables = TableService(access, store, clock, idle_after_ms)
        heads = RunHeadService(access, store, clock, idle_after_ms)
        operations = OperationService(access, store, blobs, collector, clock)
        return Services(
            projects=ProjectService(access, store, blobs, collector, clock),
            project_lists=ProjectListService(access, store, clock, idle_after_ms),
            runs=RunService(access, store, clock, idle_after_ms),
            heads=heads,
            run_tables=RunTableService(tables),
            run_editing=RunEditingService(operations, heads),
            views=ViewService(access, store, clock),
            models=ModelService(access, store, clock),
            operations=operations,
            attributes=AttributeService(access, store, clock, idle_after_ms),
            curves=CurveService(access, store),
            chart_lists=ChartListService(access, store, clock, idle_after_ms),
            watching=WatchService(access, store, clock, idle_after_ms),
            files=FileService(access, store, blobs, collector, clock),
            imports=ImportService(access, store, clock, idle_after_ms),
            images=ImageService(access, store, blobs),
            artifacts=ArtifactService(access, store),
            tables=tables,
            comparisons=ComparisonService(access, store, tables),
            registry=RegistryService(access, store, tables),
            trash=TrashService(access, store, blobs, collector),
            signals=SignalService(access, store, clock, idle_after_ms),
            accounts=self.accounts,
            account=AccountManagement(
                caller, store, UserService(store, clock), self.door, has_users=self.settings.api_secret is None
            ),
            members=MemberService(access, store, clock, None if self.settings.bucket else self.settings.file_root),
            collector=collector,
            limits=self.settings,
        )
