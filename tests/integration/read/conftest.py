import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.read.api import ReadApi, open_api
from tests.service import Service, local_service, opening_runs


@pytest.fixture
def service(sqlite_template: Path, tmp_path: Path) -> Iterator[Service]:
    shutil.copy(sqlite_template, tmp_path / "neptune.db")
    with local_service(f"sqlite:///{tmp_path / 'neptune.db'}", tmp_path) as running:
        yield running


@pytest.fixture
def open_run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    with opening_runs(service, monkeypatch) as opener:
        yield opener


@pytest.fixture
def api(service: Service) -> Iterator[ReadApi]:
    with open_api(service.token) as reader:
        yield reader
