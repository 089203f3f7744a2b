"""All services, as one value that request handlers are given."""

from dataclasses import dataclass

from neptune_yolo.server.services.artifacts import ArtifactService
from neptune_yolo.server.services.attributes import AttributeService
from neptune_yolo.server.services.clock import Clock, system_clock
from neptune_yolo.server.services.collector import BlobCollector
from neptune_yolo.server.services.files import FileService
from neptune_yolo.server.services.images import ImageService
from neptune_yolo.server.services.models import ModelService
from neptune_yolo.server.services.operations import OperationService
from neptune_yolo.server.services.projects import ProjectService
from neptune_yolo.server.services.runs import RunService
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.interfaces import BlobStore, Store


@dataclass(frozen=True)
class Services:
    """The use cases of the server."""

    projects: ProjectService
    runs: RunService
    models: ModelService
    operations: OperationService
    attributes: AttributeService
    files: FileService
    images: ImageService
    artifacts: ArtifactService
    collector: BlobCollector


def build_services(store: Store, blobs: BlobStore, settings: ServerSettings, clock: Clock = system_clock) -> Services:
    """Return the services over a store."""
    idle_after_ms = int(settings.idle_after_seconds * 1000)
    collector = BlobCollector(store, blobs)
    return Services(
        projects=ProjectService(store, clock, settings.default_workspace, settings.user_name),
        runs=RunService(store, clock, idle_after_ms, settings.user_name),
        models=ModelService(store, clock, settings.user_name),
        operations=OperationService(store, blobs, collector, clock),
        attributes=AttributeService(store, clock, idle_after_ms),
        files=FileService(store, blobs, collector, clock),
        images=ImageService(store, blobs),
        artifacts=ArtifactService(store),
        collector=collector,
    )
