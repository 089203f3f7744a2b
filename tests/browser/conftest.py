"""A browser that looks at a server in this process, with data that the real client has logged."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from neptune_yolo.dashboard.bundle import installed_bundle
from neptune_yolo.server.domain.page_tickets import page_link
from tests.service import PAGE_KEY, Service, local_service, opening_runs

REQUIRED_VARIABLE = "NEPTUNE_YOLO_REQUIRE_BROWSER"
IS_REQUIRED = REQUIRED_VARIABLE in os.environ  # when the module is loaded: tests run without variables of others
WAIT_MS = 10_000


@pytest.fixture(scope="module")  # its event loop runs as long as it is there; other modules have their own
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    _require(program is not None, "Expected Chromium on this machine, found none. Debian: apt-get install chromium.")
    _require(installed_bundle().exists, "Expected the built dashboard, found none. Install the package once more.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def _require(there: bool, message: str) -> None:  # noqa: FBT001 - a condition, like that of an assertion
    if not there:
        assert not IS_REQUIRED, message
        pytest.skip(message)


@pytest.fixture
def service(tmp_path: Path, sqlite_template: Path) -> Iterator[Service]:
    """A server with one user, as a training starts it."""
    shutil.copy(sqlite_template, tmp_path / "neptune.db")
    with local_service(f"sqlite:///{tmp_path / 'neptune.db'}", tmp_path) as service:
        yield service


@pytest.fixture
def api(service: Service) -> Iterator[httpx.Client]:
    """A plain HTTP client that may do everything; addresses begin with ``/api/v1``."""
    headers = {"X-Neptune-Api-Token": service.token}
    with httpx.Client(base_url=service.url, timeout=30, headers=headers) as client:
        yield client


@pytest.fixture
def init_run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Open runs of the real client without its monitoring; they are stopped at the end."""
    with opening_runs(service, monkeypatch) as open_run:
        yield open_run


class Complaints:
    """What went wrong in a page that the eye may not see.

    Attributes:
        expected: Parts of messages that a test provokes on purpose.
    """

    def __init__(self) -> None:
        self.expected: list[str] = []
        self._found: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self._found.append(f"page error: {error}"))
        page.on("response", self._note_answer)

    @property
    def unexpected(self) -> list[str]:
        return [text for text in self._found if not any(part in text for part in self.expected)]

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._found.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _note_answer(self, response: Response) -> None:
        if response.status >= 500:
            self._found.append(f"status {response.status}: {response.url}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Errors and warnings of the console of all pages; a test fails if there is one that it did not expect."""
    complaints = Complaints()
    yield complaints
    assert complaints.unexpected == []


@pytest.fixture
def context(browser: Browser, service: Service, complaints: Complaints) -> Iterator[BrowserContext]:
    """A browser window of a visitor who may see everything."""
    context = browser.new_context(base_url=service.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(WAIT_MS)
    context.on("page", complaints.watch)
    _enter(context, service)
    yield context
    context.close()


def _enter(context: BrowserContext, service: Service) -> None:
    link = page_link(service.url, PAGE_KEY, round(time.time() * 1000))  # as a training prints it
    answer = context.request.get(link, max_redirects=0)
    assert answer.status == 303, answer.text()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of that window; go with ``page.goto("/local/yolo/")``."""
    return context.new_page()
