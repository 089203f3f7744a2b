"""What people may do by their role: who may not do something meets no button for it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from neptune_yolo.server.api.v1.operations import OPERATIONS
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.services.projects import NewProject
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.sql import SqlStore
from tests.browser.conftest import WAIT_MS, Complaints
from tests.client import QUIET
from tests.integration.dashboard.v1_table import Need, Place, asks
from tests.integration.team.conftest import Team, served

PROJECT = "/team/traffic"
PAGES = (
    ("/", "Projects"),
    ("/account", "vera"),
    ("/account/workspaces", "vera"),
    (f"{PROJECT}/", "Runs of team/traffic"),
    (f"{PROJECT}/charts", "Charts of team/traffic"),
    (f"{PROJECT}/compare?runs=TRA-1,TRA-2", "Compare runs"),
    (f"{PROJECT}/models", "Models of traffic"),
    (f"{PROJECT}/m/TRA-DET", "detector"),
    (f"{PROJECT}/m/TRA-DET/v/TRA-DET-1", "TRA-DET-1"),
    (f"{PROJECT}/e/TRA-1", "TRA-1"),
    (f"{PROJECT}/e/TRA-1/files", "TRA-1"),
    (f"{PROJECT}/settings", "Settings of team/traffic"),
)
MARK_BUTTONS = """() => {
  const names = new Set();
  for (const button of document.querySelectorAll("main button:enabled")) {
    const name = (button.ariaLabel ?? button.innerText).replace(/\\d+/g, "");
    if (!button.checkVisibility() || names.has(name)) continue;
    button.dataset.press = names.size;
    names.add(name);
  }
  return names.size;
}"""
"""Numbers the buttons of a page, one of each name, and tells how many there are."""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Team]:
    """A server where ``olga`` has logged to her project, one of her runs goes on, and ``vera`` is a viewer of it."""
    folder = tmp_path_factory.mktemp("roles")
    (folder / "neptune.db").write_bytes(sqlite_template.read_bytes())
    settings = ServerSettings(
        database_url=f"sqlite:///{folder / 'neptune.db'}",
        file_root=folder / "files",
        api_secret=None,
        signing_key="",
        page_key=None,
        public_url="",
        default_workspace="team",
    )
    with served(settings) as settings, pytest.MonkeyPatch.context() as patch:
        team = Team(settings, SqlStore(settings.database_url))
        for name in ("olga", "vera"):
            team.add(name)
            team.users.set_password(name, f"password of {name}")
        team.as_admin.projects.create(NewProject(ProjectName("team", "traffic"), "TRA"))
        team.as_admin.members.add_project_member("team/traffic", "olga", Role.OWNER)
        team.as_admin.members.add_project_member("team/traffic", "vera", Role.VIEWER)
        patch.setenv("NEPTUNE_API_TOKEN", team.tokens["olga"])
        patch.setenv("NEPTUNE_PROJECT", "team/traffic")
        patch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        running = _log()
        yield team
        running.stop()
        team.store.close()


def _log() -> Any:
    import neptune

    for _ in range(2):
        run = neptune.init_run(name="lights", tags=["night"], description="at a crossing", **QUIET)
        for value in range(3):
            run["val/loss"].append(value)
        run["notes"].upload(neptune.types.File.from_content("text"))
        run.stop()
    neptune.init_model(key="DET", name="detector").stop()
    with neptune.init_model_version(model="TRA-DET") as version:
        version["epoch"] = 3
    running = neptune.init_run(name="still going", **QUIET)
    running["val/loss"].append(1)
    running.wait()
    return running


@pytest.fixture
def visit(browser: Browser, team: Team, complaints: Complaints) -> Iterator[Any]:
    """Open windows of users who have signed in."""
    contexts = []

    def open_page(name: str) -> Page:
        context = browser.new_context(base_url=team.url, viewport={"width": 1280, "height": 800})
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        context.on("page", complaints.watch)
        page = context.new_page()
        page.goto("/account")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(f"password of {name}")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()


def _needs_more_than_a_viewer(request: Request) -> bool:
    needs = {name: ask.need for name, ask in asks(Place()).items()}
    path = request.url.split("?", maxsplit=1)[0]
    return any(
        operation.method == request.method
        and needs[operation.name] > Need.VIEWER
        and re.search(re.sub(r"{\w+}", "[^/]+", operation.full_path) + "$", path)
        for operation in OPERATIONS
    )


def _nameless(page: Page) -> list[str]:
    """Return what a screen reader can say the kind of only."""
    kinds = "button|link|textbox|searchbox|combobox|checkbox|radio|slider|img|tab|region|table|dialog|navigation"
    nameless = re.compile(rf"\s*- ({kinds})(:| \[|$)")
    return [line for line in page.locator("body").aria_snapshot().splitlines() if nameless.match(line)]


def _press_all(page: Page) -> None:
    """Press a button of each name, and in each dialogue that one opens the last, which does what it asks."""
    for number in range(page.evaluate(MARK_BUTTONS)):
        button = page.locator(f'[data-press="{number}"]')
        if button.count() and button.is_visible() and button.is_enabled():
            button.dispatch_event("click")  # whatever an earlier one has opened above it
        dialog = page.locator("dialog[open]")
        if dialog.count():
            dialog.locator("button:enabled").last.click()
            page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)


def test_a_viewer_meets_nothing_that_is_refused(visit: Any) -> None:
    page = visit("vera")
    refused: list[str] = []
    page.on("request", lambda request: refused.append(request.url) if _needs_more_than_a_viewer(request) else None)
    for address, heading in PAGES:
        page.goto(address)
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        expect(page.get_by_text("Loading")).to_have_count(0)
        if page.get_by_label("Select TRA-1").count():
            page.get_by_label("Select TRA-1").check()
        assert _nameless(page) == [], address
        assert page.get_by_role("heading", level=1).count() == 1, address
        _press_all(page)
        assert refused == [], address


def test_an_owner_deletes_a_project_by_its_name(team: Team, visit: Any) -> None:
    team.as_admin.projects.create(NewProject(ProjectName("team", "old")))
    team.as_admin.members.add_project_member("team/old", "olga", Role.OWNER)
    team.as_admin.members.add_project_member("team/old", "vera", Role.VIEWER)
    vera, olga = visit("vera"), visit("olga")
    for page in (vera, olga):
        page.goto("/team/old/")
        page.get_by_role("link", name="Settings").click()
        expect(page.get_by_role("heading", name="Settings of team/old")).to_be_visible()
    expect(vera.get_by_text("You are a viewer")).to_be_visible()
    assert vera.locator("main button").count() == 0
    olga.get_by_role("button", name="Delete the project").click()
    olga.get_by_label("type the name of the project").fill("traffic")
    expect(olga.get_by_role("button", name="Delete for ever")).to_be_disabled()
    olga.get_by_label("type the name of the project").fill("old")
    olga.keyboard.press("Enter")
    expect(olga.get_by_text("team/old is deleted")).to_be_visible()
    expect(olga.get_by_role("link", name="team/traffic")).to_be_visible()
    expect(olga.get_by_role("link", name="team/old")).to_have_count(0)


def test_the_frame_fits_a_phone_and_the_keyboard(visit: Any) -> None:
    page = visit("olga")
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/", "/account", f"{PROJECT}/settings"):
        page.goto(address)
        expect(page.locator("main h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    bar = page.get_by_role("banner")
    boxes = [item.bounding_box() for item in bar.locator("a, select, button").all()]
    for index, one in enumerate(boxes):
        for other in boxes[:index]:
            assert (
                one["x"] >= other["x"] + other["width"]
                or other["x"] >= one["x"] + one["width"]
                or (one["y"] >= other["y"] + other["height"] or other["y"] >= one["y"] + one["height"])
            )
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(bar.get_by_role("button", name="Sign out")).to_be_focused()


def test_who_is_signed_out_is_led_back(visit: Any, complaints: Complaints) -> None:
    complaints.expected = ["status of 401"]
    page = visit("vera")
    page.goto("/")
    project = page.get_by_role("link", name="team/traffic")
    expect(project).to_be_visible()
    page.context.clear_cookies()
    project.click()
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill("vera")
    page.get_by_label("Password").fill("password of vera")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Runs of team/traffic")).to_be_visible()
