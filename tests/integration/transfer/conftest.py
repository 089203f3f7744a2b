"""A server in this process, and where imports go on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from neptune_yolo.read.servers import Server
from neptune_yolo.transfer.writing import Destination
from tests.service import Service, local_service


@pytest.fixture
def service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    with local_service(database_url, tmp_path) as service:
        yield service


@pytest.fixture
def destination(service: Service) -> Iterator[Destination]:
    destination = Destination(Server(service.url, service.token))
    yield destination
    destination.close()
