"""A server with users, in this process, on a real socket."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from neptune_yolo.server.app import create_app
from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.services.clock import system_clock
from neptune_yolo.server.services.users import NewUser, UserService
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore
from tests.client import QUIET
from tests.serving import listening, serving


@dataclass
class Team:
    """A running server with users.

    Attributes:
        settings: What it was started with.
        store: Its database, through connections of its own.
        tokens: API token of each user, by name.
        token_ids: ID of that token, by name of the user.
    """

    settings: ServerSettings
    store: SqlStore
    tokens: dict[str, str] = field(default_factory=dict)
    token_ids: dict[str, str] = field(default_factory=dict)
    open_clients: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        return self.settings.public_url

    @property
    def users(self) -> UserService:
        return UserService(self.store)

    @property
    def as_admin(self) -> Services:
        blobs = DiskBlobStore(self.settings.file_root)
        return ServiceFactory(self.store, blobs, self.settings).for_caller(Caller("root", is_admin=True))

    def add(self, name: str, *, days: float | None = None, **details: bool) -> str:
        """Make a user with an API token, and return the token."""
        self.users.add(NewUser(name, **details))
        return self.add_token(name, days=days)

    def add_token(self, name: str, *, days: float | None = None) -> str:
        expires_ms = None if days is None else system_clock() + int(days * 24 * 3600 * 1000)
        token, secret = self.users.create_token(name, "test", expires_ms)
        self.tokens[name] = make_api_token(self.url, secret)
        self.token_ids[name] = token.id
        return self.tokens[name]

    def exchange(self, token: str, url: str | None = None) -> httpx.Response:
        address = f"{url or self.url}/api/backend/v1/authorization/oauth-token"
        return httpx.get(address, headers={"X-Neptune-Api-Token": token})

    def http(self, name: str, url: str | None = None) -> httpx.Client:
        """Return a plain HTTP client that is signed in."""
        answer = self.exchange(self.tokens[name])
        assert answer.status_code == 200, answer.text
        headers = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
        return self.open_clients.enter_context(httpx.Client(base_url=url or self.url, timeout=30, headers=headers))


@contextmanager
def served(settings: ServerSettings) -> Iterator[ServerSettings]:
    with listening() as (listener, url):
        settings = replace(settings, public_url=url)
        with serving(create_app(settings), settings, listener):
            yield settings


@pytest.fixture
def team_settings(tmp_path: Path, database_url: str) -> ServerSettings:
    return ServerSettings(
        database_url=database_url,
        file_root=tmp_path / "files",
        api_secret=None,
        signing_key="",
        page_key=None,
        public_url="",
        default_workspace="team",
        create_projects=False,
    )


@pytest.fixture
def team(team_settings: ServerSettings) -> Iterator[Team]:
    with served(team_settings) as settings:
        store = SqlStore(settings.database_url)
        team = Team(settings, store)
        with team.open_clients:
            team.add("root", is_admin=True)
            yield team
        store.close()


@pytest.fixture
def second_url(team: Team) -> Iterator[str]:
    """Address of another server on the same database."""
    with served(team.settings) as settings:
        yield settings.public_url


@pytest.fixture
def as_client(team: Team, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make the real client sign in as somebody."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")

    def sign_in(name: str) -> None:
        monkeypatch.setenv("NEPTUNE_API_TOKEN", team.tokens[name])

    return sign_in


@pytest.fixture
def quiet() -> dict[str, Any]:
    """Options of a run without the client's monitoring."""
    return QUIET
