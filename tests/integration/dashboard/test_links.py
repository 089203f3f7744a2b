"""Links to the pages of a server without sign-in: each lets in one browser, once."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from neptune_yolo.server.app import create_app
from neptune_yolo.server.domain.page_tickets import TICKET_SECONDS, page_link
from neptune_yolo.server.services.clock import system_clock
from tests.serving import listening, serving

PAGE = "/local/yolo/e/YOL-1?tab=charts"
Browser = Callable[[], httpx.Client]


@pytest.fixture
def browser(service: Any) -> Iterator[Browser]:
    """Make browsers without cookies."""
    made: list[httpx.Client] = []

    def make() -> httpx.Client:
        made.append(httpx.Client(base_url=service.url, timeout=30))
        return made[-1]

    yield make
    for client in made:
        client.close()


def _link(service: Any, path: str = PAGE, age_seconds: float = 0) -> str:
    return page_link(service.url, service.settings.page_key, system_clock() - int(age_seconds * 1000), path)


def _who(client: httpx.Client) -> int:
    return client.get("/api/v1/session").status_code


def test_a_link_opens_the_page_without_the_ticket_in_the_address(service: Any, browser: Browser) -> None:
    visitor, link = browser(), _link(service)
    opened = visitor.get(link)
    assert (opened.status_code, opened.headers["Location"]) == (303, PAGE)
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert _who(visitor) == 200


def test_a_used_link_is_for_the_same_browser_only(service: Any, browser: Browser) -> None:
    first, second, link = browser(), browser(), _link(service)
    assert first.get(link).status_code == 303
    refused = second.get(link)
    assert refused.status_code == 401
    assert "opened before" in refused.text
    assert "neptune-yolo open" in refused.text
    assert not second.cookies
    assert _who(second) == 401
    assert first.get(link).headers["Location"] == PAGE
    assert second.get(_link(service)).status_code == 303


def test_the_link_that_a_client_prints_is_one_of_these(init_run: Callable[..., Any], browser: Browser) -> None:
    first, second = init_run(), init_run()  # a client asks for its ticket once in a process
    visitor, other = browser(), browser()
    assert visitor.get(f"{first.get_url()}/metadata").headers["Location"] == "/local/yolo/e/YOL-1/metadata"
    assert other.get(first.get_url()).status_code == 401
    assert visitor.get(second.get_url()).headers["Location"] == "/local/yolo/e/YOL-2"


@pytest.mark.parametrize("age_seconds", [TICKET_SECONDS + 1, TICKET_SECONDS + 3600])
def test_an_old_link_opens_nothing_for_others(service: Any, browser: Browser, age_seconds: float) -> None:
    visitor, known, link = browser(), browser(), _link(service, age_seconds=age_seconds)
    refused = visitor.get(link)
    assert refused.status_code == 401
    assert "12 hours" in refused.text
    assert "neptune-yolo open" in refused.text
    known.get(_link(service))
    assert known.get(link).headers["Location"] == PAGE


def test_the_key_itself_opens_nothing(service: Any, browser: Browser) -> None:
    visitor = browser()
    for ticket in (service.settings.page_key, "wrong", _link(service).rpartition("/open/")[2][:20]):
        assert visitor.get(f"/open/{ticket}/").status_code == 401
    assert visitor.get("/open/").status_code in {401, 404}
    assert not visitor.cookies


def test_a_look_at_the_head_does_not_use_a_link_up(service: Any, browser: Browser) -> None:
    visitor, link = browser(), _link(service)
    assert visitor.head(link).status_code == 200
    assert not visitor.cookies
    assert visitor.get(link).status_code == 303


def test_a_link_without_a_page_opens_the_first_one(service: Any, browser: Browser) -> None:
    assert browser().get(_link(service, "")).headers["Location"] == "/"


def test_one_of_many_at_a_time_gets_in(service: Any, browser: Browser) -> None:
    visitors, link = [browser() for _ in range(8)], _link(service)
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda one=one: statuses.append(one.get(link).status_code)) for one in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303] + [401] * 7


def test_use_is_remembered_by_the_next_process_and_so_is_the_visitor(service: Any, browser: Browser) -> None:
    first, link = browser(), _link(service)
    first.get(link)
    with listening() as (listener, url), serving(create_app(service.settings), service.settings, listener):
        other = link.replace(service.url, url)
        with httpx.Client(base_url=url) as visitor, httpx.Client(base_url=url, cookies=first.cookies) as known:
            assert visitor.get(other).status_code == 401
            assert known.get("/api/v1/session").status_code == 200


def test_servers_on_one_address_have_cookies_of_their_own(service: Any, browser: Browser) -> None:
    visitor = browser()
    visitor.get(_link(service))
    (name,) = visitor.cookies
    assert name.startswith("neptune_yolo_")
    visitor.cookies.set("neptune_yolo_of_another", "x", domain="127.0.0.1")
    assert _who(visitor) == 200


def test_the_address_of_a_workspace_leads_browsers_to_its_projects(service: Any, browser: Browser) -> None:
    visitor = browser()
    visitor.get(_link(service))
    as_browser = {"Accept": "text/html,*/*;q=0.8"}
    led = visitor.get("/a team", headers=as_browser)
    assert (led.status_code, led.headers["Location"]) == (303, "/?search=a+team%2F")
    assert visitor.get("/a%20team").json()["code"] == 404
    assert visitor.get("/api", headers=as_browser).status_code == 404
    assert browser().get("/local", headers=as_browser).status_code == 401
    gone = visitor.get("/runs/YOL-99", headers=as_browser)
    assert (gone.status_code, '<a href="/">Go to the projects</a>' in gone.text) == (404, True)
