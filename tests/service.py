"""The server in this process, with one user, and the real client that logs to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.server.app import create_app
from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.settings import ServerSettings
from tests.client import QUIET
from tests.serving import listening, serving

API_SECRET = "secret-of-the-tests"
PAGE_KEY = "page-key-of-the-tests"
PROJECT = "local/yolo"


@dataclass(frozen=True)
class Service:
    """A running server.

    Attributes:
        settings: What it was started with.
        token: API token of its user.
    """

    settings: ServerSettings
    token: str

    @property
    def url(self) -> str:
        return self.settings.public_url


@contextmanager
def local_service(database_url: str, folder: Path, **options: Any) -> Iterator[Service]:
    """Serve a database as the embedded server does; files lie in a folder of ``folder``."""
    with listening() as (listener, url):
        settings = ServerSettings(
            database_url=database_url,
            file_root=folder / "files",
            api_secret=API_SECRET,
            signing_key="signing-key-of-the-tests-32-bytes",
            page_key=PAGE_KEY,
            public_url=url,
            **options,
        )
        with serving(create_app(settings), settings, listener):
            yield Service(settings, make_api_token(url, API_SECRET))


@contextmanager
def opening_runs(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Give what opens runs of the real client without its monitoring; they are stopped at the end."""
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)
    monkeypatch.setenv("NEPTUNE_PROJECT", PROJECT)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    import neptune

    runs: list[Any] = []

    def open_run(**options: Any) -> Any:
        run = neptune.init_run(**{**QUIET, **options})
        runs.append(run)
        return run

    yield open_run
    for run in runs:
        run.stop()
