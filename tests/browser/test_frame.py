"""The frame of the pages: how they are sent, and what stands around each of them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from neptune_yolo.dashboard.bundle import Bundle
from neptune_yolo.server.app import create_app
from neptune_yolo.server.services.users import NewUser, UserService
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.sql import SqlStore
from tests.browser.conftest import Complaints
from tests.service import Service
from tests.serving import listening, serving

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
PASSWORD = "correct horse battery staple"


@pytest.fixture
def logged(init_run: Callable[..., Any]) -> None:
    """A run that wants to be more than its name."""
    run = init_run(name=EVIL, tags=[EVIL[:20]])
    run[f"text of {EVIL}"] = EVIL
    run.stop()


@pytest.fixture
def project(api: httpx.Client) -> None:
    """A project without runs."""
    answer = api.post("/api/v1/projects", json={"workspace": "local", "name": "yolo"})
    assert answer.is_success, answer.text


@pytest.mark.usefixtures("logged")
def test_every_address_of_a_client_loads_the_application(page: Page) -> None:
    for path in ("/", "/local/yolo/", "/local/yolo/e/YOL-1", "/local/yolo/e/YOL-1/metadata", "/runs/YOL-1"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        expect(page.get_by_role("banner")).to_be_visible()
    assert page.url.endswith("/local/yolo/e/YOL-1")


@pytest.mark.usefixtures("project")
def test_one_gets_everywhere_and_back(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_title(re.compile("Projects"))
    page.get_by_role("main").get_by_role("link", name="local/yolo").click()
    main = page.get_by_role("navigation", name="Main")
    for name in ("Charts", "Compare", "Models", "Runs"):
        main.get_by_role("link", name=name, exact=True).click()
        expect(main.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")
        expect(page).to_have_title(re.compile(rf"{name}.*local/yolo"))
    page.go_back()
    expect(page).to_have_title(re.compile("Models"))
    page.go_forward()
    expect(page).to_have_url(re.compile("/local/yolo/$"))


@pytest.mark.usefixtures("project")
def test_the_chosen_runs_go_from_charts_to_compare(page: Page, complaints: Complaints) -> None:
    complaints.expected = ["404"]  # there are no such runs
    page.goto("/local/yolo/charts?runs=YOL-1,YOL-2")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/compare.*runs=YOL-1(,|%2C)YOL-2"))


def test_the_colours_are_kept(page: Page) -> None:
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    page.get_by_label("Colours").select_option("dark")
    dark = page.evaluate(ground)
    page.reload()
    expect(page.get_by_label("Colours")).to_have_value("dark")
    assert page.evaluate(ground) == dark
    page.get_by_label("Colours").select_option("light")
    assert page.evaluate(ground) != dark
    page.get_by_label("Colours").select_option("system")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == dark


def test_the_keyboard_gets_past_the_bar(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("banner")).to_be_visible()
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.usefixtures("logged")
def test_names_are_text(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"a name was run: {dialog.message}"))
    for path in ("", "e/YOL-1", "e/YOL-1/attributes", "charts?runs=YOL-1", "compare?runs=YOL-1"):
        page.goto(f"/local/yolo/{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("[...document.scripts].every(script => script.src.includes('/static/'))")
        assert page.evaluate("document.querySelector('img[src=x]')") is None


@pytest.mark.usefixtures("project")
def test_the_bar_fits_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto("/local/yolo/models")
    expect(page.get_by_role("link", name="Charts")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.usefixtures("project")
def test_a_page_that_fails_leaves_the_frame(page: Page, complaints: Complaints) -> None:
    complaints.expected = ["models_page", "Failed to fetch", "ERR_FAILED", "console error"]
    page.route(re.compile(r"/static/assets/models_page"), lambda route: route.abort())
    page.goto("/local/yolo/")
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("alert")).to_contain_text("This page has failed")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page).to_have_title(re.compile("Runs"))


def test_strangers_are_told_how_to_get_in(browser: Browser, service: Service) -> None:
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    answer = page.goto("/local/yolo/")
    assert answer is not None
    assert answer.status == 401
    expect(page.locator("body")).to_contain_text("neptune-yolo open")
    context.close()


def test_without_the_application_the_page_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Service, context: BrowserContext
) -> None:
    monkeypatch.setattr("neptune_yolo.dashboard.routes.installed_bundle", lambda: Bundle(tmp_path / "none"))
    with listening() as (listener, url), serving(create_app(service.settings), service.settings, listener):
        answer = context.request.get(f"{url}/local/yolo/")
    assert answer.status == 503
    assert "npm ci" in answer.text()


@pytest.fixture
def team_url(tmp_path: Path) -> Iterator[str]:
    """A server whose visitors sign in."""
    with listening() as (listener, url):
        settings = ServerSettings(
            database_url=f"sqlite:///{tmp_path / 'team.db'}",
            file_root=tmp_path / "team-files",
            api_secret=None,
            signing_key="",
            page_key=None,
            public_url=url,
            default_workspace="team",
        )
        app = create_app(settings)
        store = SqlStore(settings.database_url)
        UserService(store).add(NewUser("ann"), PASSWORD)
        store.close()
        with serving(app, settings, listener):
            yield url


def test_on_a_team_server_one_signs_in_and_out(browser: Browser, team_url: str, complaints: Complaints) -> None:
    context = browser.new_context(base_url=team_url)
    page = context.new_page()
    complaints.watch(page)
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    expect(page.get_by_role("banner").get_by_role("link", name="ann")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in"))
    context.close()
