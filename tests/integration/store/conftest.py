from collections.abc import Iterator
from pathlib import Path

import pytest

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> ServerSettings:
    return ServerSettings(
        database_url=database_url,
        file_root=tmp_path / "files",
        api_secret="a",
        signing_key="b",
        page_key="c",
        public_url="http://127.0.0.1",
    )


@pytest.fixture
def store(settings: ServerSettings) -> Iterator[SqlStore]:
    store = SqlStore(settings.database_url)
    yield store
    store.close()


@pytest.fixture
def blobs(settings: ServerSettings) -> DiskBlobStore:
    return DiskBlobStore(settings.file_root)


@pytest.fixture
def services(store: SqlStore, blobs: DiskBlobStore, settings: ServerSettings) -> Services:
    return ServiceFactory(store, blobs, settings).for_caller(Caller("local", is_admin=True))


@pytest.fixture
def run_id(services: Services) -> str:
    project = services.projects.get_or_create("local/yolo")
    return services.runs.create(NewRun(project.id, None, None)).id
