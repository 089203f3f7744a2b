"""Links, sign-in, projects and accounts, as people see them."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import WorkspaceRole
from neptune_yolo.server.services.projects import NewProject
from neptune_yolo.server.services.users import NewUser
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.sql import SqlStore
from tests.browser.conftest import WAIT_MS, Complaints
from tests.integration.team.conftest import Team, served

REFUSED = "status of 401"


@pytest.fixture
def team(tmp_path: Path, sqlite_template: Path) -> Iterator[Team]:
    """A server with an administrator ``root`` and a user ``carl``, both with a password."""
    database = tmp_path / "neptune.db"
    database.write_bytes(sqlite_template.read_bytes())
    settings = ServerSettings(
        database_url=f"sqlite:///{database}",
        file_root=tmp_path / "files",
        api_secret=None,
        signing_key="",
        page_key=None,
        public_url="",
        default_workspace="team",
    )
    with served(settings) as settings:
        team = Team(settings, SqlStore(settings.database_url))
        team.users.add(NewUser("root", is_admin=True), "password of root")
        team.users.add(NewUser("carl"), "password of carl")
        team.users.join_workspace("carl", "team", WorkspaceRole.MEMBER)
        team.as_admin.projects.create(NewProject(ProjectName("team", "traffic"), description="Lights by night"))
        yield team
        team.store.close()


@pytest.fixture
def window(browser: Browser, complaints: Complaints) -> Iterator[Callable[[str], BrowserContext]]:
    """Open windows of visitors who have no cookie yet."""
    with ExitStack() as opened:

        def open_window(url: str) -> BrowserContext:
            context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
            opened.callback(context.close)
            context.set_default_timeout(WAIT_MS)
            context.on("page", complaints.watch)
            return context

        yield open_window


def _sign_in(page: Page, name: str, path: str = "/") -> None:
    page.goto(path)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(f"password of {name}")
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_link_that_was_used_says_what_to_do(
    page: Page,
    init_run: Callable[..., Any],
    window: Callable[[str], BrowserContext],
    service: Any,
    complaints: Complaints,
) -> None:
    complaints.expected = [REFUSED]
    link = init_run().get_url()
    stranger = window(service.url).new_page()
    stranger.goto(link)
    expect(stranger).to_have_url(re.compile("/local/yolo/e/YOL-1$"))
    page.goto(link)
    expect(page).to_have_url(re.compile("/local/yolo/e/YOL-1$"))
    late = window(service.url).new_page()
    late.goto(link)
    expect(late.get_by_role("heading")).to_have_text("This page cannot be shown")
    expect(late.get_by_text("neptune-yolo open")).to_be_visible()


def test_the_first_page_shows_how_to_log_and_then_the_projects(page: Page, init_run: Callable[..., Any]) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="No runs yet")).to_be_visible()
    expect(page.get_by_text("NeptuneDetectionTrainer").first).to_be_visible()
    init_run(project="local/yolo").wait()
    init_run(project="local/parking").wait()
    page.reload()
    row = page.get_by_role("row", name="local/yolo")
    expect(row.get_by_role("cell").first).to_contain_text("1 running")
    page.get_by_label("Search projects").fill("park")
    expect(page).to_have_url(re.compile(r"\?search=park$"))
    expect(page.get_by_role("link", name="local/parking")).to_be_visible()
    expect(page.get_by_role("link", name="local/yolo")).to_be_hidden()
    page.get_by_label("Search projects").fill("nothing")
    page.get_by_role("button", name="Show all projects").click()
    page.get_by_role("link", name="local/yolo").click()
    expect(page).to_have_url(re.compile("/local/yolo/?$"))


def test_signing_in_leads_to_the_page_that_was_asked_for(
    team: Team, window: Callable[[str], BrowserContext], complaints: Complaints
) -> None:
    complaints.expected = [REFUSED]
    page = window(team.url).new_page()
    page.goto("/team/traffic/settings")
    page.get_by_label("Name").fill("carl")
    page.get_by_label("Password").fill("a guess at it")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Name")).to_have_value("carl")
    page.get_by_label("Password").fill("password of carl")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Settings of team/traffic")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_token_is_made_signs_in_and_is_revoked(
    team: Team, window: Callable[[str], BrowserContext], complaints: Complaints
) -> None:
    complaints.expected = [REFUSED]
    page = window(team.url).new_page()
    _sign_in(page, "carl", "/account")
    page.get_by_label("What it is for").fill("laptop")
    page.get_by_role("button", name="Make a token").click()
    token = page.get_by_test_id("api-token").inner_text()
    page.get_by_role("button", name="I have kept it").click()
    expect(page.get_by_role("row", name="laptop")).to_be_visible()
    other = window(team.url).new_page()
    other.goto("/")
    other.get_by_text("Sign in with an API token").click()
    other.get_by_label("API token").fill(token)
    other.keyboard.press("Enter")
    expect(other.get_by_role("link", name="team/traffic")).to_be_visible()
    page.get_by_role("button", name="Revoke laptop").click()
    page.get_by_role("button", name="Revoke the token").click()
    expect(page.get_by_role("heading", name="No API tokens")).to_be_visible()
    other.goto("/")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_administrator_makes_users_and_members(team: Team, window: Callable[[str], BrowserContext]) -> None:
    page = window(team.url).new_page()
    _sign_in(page, "root", "/account/users")
    page.get_by_label("Name").fill("vera")
    page.get_by_label("First password").fill("password of vera")
    page.get_by_role("button", name="Add the user").click()
    expect(page.get_by_role("row", name="vera")).to_be_visible()
    page.goto("/team/traffic/settings")
    page.get_by_label("User name").fill("vera")
    page.get_by_role("button", name="Add the member").click()
    page.get_by_label("Role of vera").select_option("contributor")
    page.reload()
    expect(page.get_by_label("Role of vera")).to_have_value("contributor")
    page.get_by_label("Description").fill("Lights by day")
    page.get_by_role("button", name="Save").click()
    vera = window(team.url).new_page()
    _sign_in(vera, "vera")
    expect(vera.get_by_text("Lights by day")).to_be_visible()
    page.goto("/account/users")
    page.get_by_label("vera may sign in").click()
    page.get_by_role("button", name="Lock out").click()
    expect(page.get_by_label("vera may sign in")).not_to_be_checked()
    vera.goto("/")
    expect(vera.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_project_is_made(team: Team, window: Callable[[str], BrowserContext]) -> None:
    page = window(team.url).new_page()
    _sign_in(page, "carl")
    page.get_by_role("button", name="New project").click()
    page.get_by_label("Name").fill("parking")
    page.get_by_role("button", name="Create the project").click()
    expect(page).to_have_url(re.compile("/team/parking/?$"))
    page.goto("/")
    expect(page.get_by_role("link", name="team/parking")).to_be_visible()


def test_what_is_not_there_or_not_for_one_looks_the_same(
    team: Team, window: Callable[[str], BrowserContext], complaints: Complaints
) -> None:
    complaints.expected = ["status of 404", "status of 403"]
    team.users.add(NewUser("sam"), "password of sam")
    page = window(team.url).new_page()
    _sign_in(page, "sam")
    expect(page.get_by_role("heading", name="No runs yet")).to_be_visible()
    for project in ("traffic", "nothing"):
        page.goto(f"/team/{project}/settings")
        expect(page.get_by_role("heading", name="Not found")).to_be_visible()
        expect(page.get_by_role("link", name="Go to the projects")).to_be_visible()
