"""A team server as a process of its own, with users, and with a certificate of an authority of the tests."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from neptune_yolo.server.administration import Administration, team_administration
from neptune_yolo.server.configuration import ServerConfiguration
from neptune_yolo.server.services.users import NewUser

COMMAND = [sys.executable, "-c", "from neptune_yolo.cli import main; main(prog_name='neptune-yolo')", "server", "run"]
PROJECT = "vision/birds"
USER = "tester"
LOG_SECONDS = 5.0


@dataclass(frozen=True)
class Certificate:
    """Files in PEM form.

    Attributes:
        authority: Certificate of the authority, which clients trust.
        chain: Certificate of the server for 127.0.0.1, localhost and ::1.
        key: Its key.
    """

    authority: Path
    chain: Path
    key: Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("certificate")
    files = Certificate(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost", "::1")
    authority.cert_pem.write_to_path(files.authority)
    issued.private_key_pem.write_to_path(files.key)
    for part in issued.cert_chain_pems:
        part.write_to_path(files.chain, append=True)
    return files


@dataclass(frozen=True)
class TeamServer:
    """A process.

    Attributes:
        process: The process.
        url: Where it listens.
        log: What it writes to standard error.
    """

    process: subprocess.Popen[str]
    url: str
    log: Path

    def end(self) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def log_lines(self, name: str, value: str | None = None) -> list[dict[str, Any]]:
        """Return the JSON lines with a field (of that value), once there is one: an answer comes before its line."""
        deadline = time.monotonic() + LOG_SECONDS
        while True:
            lines = [json.loads(line) for line in self.log.read_text().splitlines()]
            found = [line for line in lines if name in line and value in (None, line[name])]
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.05)


@dataclass(frozen=True)
class Team:
    """A database with a user and a project, and what starts servers on it.

    Attributes:
        settings: Settings of all servers.
        start: Starts a server; takes further settings.
    """

    settings: dict[str, str]
    start: Callable[..., TeamServer]

    def token(self, url: str) -> str:
        """Return a new API token for the server at an address."""
        with self.administration(url) as administration:
            return administration.create_token(USER, "tests", None)[1]

    def administration(self, url: str = "http://127.0.0.1") -> AbstractContextManager[Administration]:
        """Open the database."""
        configuration = ServerConfiguration(
            database_url=self.settings["database_url"], file_root=Path(self.settings["file_root"]), public_url=url
        )
        return team_administration(configuration)

    @contextmanager
    def client(self, url: str) -> Iterator[httpx.Client]:
        """Open a plain HTTP client that has signed in."""
        with httpx.Client(base_url=url, timeout=30) as http:
            token = {"X-Neptune-Api-Token": self.token(url)}
            answer = http.get("/api/backend/v1/authorization/oauth-token", headers=token)
            http.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
            yield http


def launch(settings: dict[str, str], log: Path) -> subprocess.Popen[str]:
    environment = {f"NEPTUNE_YOLO_SERVER_{name.upper()}": value for name, value in settings.items()}
    with log.open("w") as output:
        return subprocess.Popen(COMMAND, env=os.environ | environment, stdout=subprocess.PIPE, stderr=output, text=True)


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that are killed at the end of the test, those that tests add included."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def team(tmp_path: Path, database_url: str, processes: list[subprocess.Popen[str]]) -> Team:
    def start(**further: object) -> TeamServer:
        log = tmp_path / f"server-{len(processes)}.log"
        process = launch({**settings, **{name: str(value) for name, value in further.items()}}, log)
        processes.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("The server runs on "), log.read_text()
        return TeamServer(process, line.removeprefix("The server runs on ").rstrip(".\n"), log)

    settings = {
        "database_url": database_url,
        "file_root": str(tmp_path / "files"),
        "port": "0",
        "log_format": "json",
        "default_workspace": "vision",
    }
    team = Team(settings, start)
    with team.administration() as administration:
        administration.add_user(NewUser(USER, is_admin=True), None, {"vision": "owner"})
        administration.create_project(PROJECT, key="BIR", visibility="priv", description=None)
    return team


@pytest.fixture
def sqlite_team(request: pytest.FixtureRequest, database_url: str) -> Team:
    """For what doesn't depend on the database."""
    if not database_url.startswith("sqlite"):
        pytest.skip("doesn't depend on the database")
    team: Team = request.getfixturevalue("team")
    return team
