import base64
import string

import pytest

from neptune_yolo.server.domain.page_tickets import TICKET_SECONDS, make_page_ticket, page_link, read_page_ticket

NOW_MS = 1_700_000_000_000


def test_a_ticket_says_when_it_ends_and_is_like_no_other() -> None:
    tickets = [read_page_ticket("key", make_page_ticket("key", NOW_MS)) for _ in range(100)]

    assert len({ticket.digest for ticket in tickets if ticket is not None}) == 100
    assert {ticket.expires_ms for ticket in tickets if ticket is not None} == {NOW_MS + TICKET_SECONDS * 1000}


def test_a_link_is_short_and_needs_no_quoting() -> None:
    link = page_link("http://127.0.0.1:1", "key", NOW_MS, "/local/yolo/")

    ticket = link.removeprefix("http://127.0.0.1:1/open/").removesuffix("/local/yolo/")
    assert len(ticket) == 36
    assert set(ticket) <= set(string.ascii_letters + string.digits + "-_")
    assert "key" not in link


def test_no_changed_ticket_is_read() -> None:
    ticket = make_page_ticket("key", NOW_MS)
    for place, char in enumerate(ticket):
        other = "A" if char != "A" else "B"
        assert read_page_ticket("key", ticket[:place] + other + ticket[place + 1 :]) is None


@pytest.mark.parametrize(
    "text",
    ["", "key", "A" * 36, "ä" * 36, "A" * 35 + "\n", "A" * 35 + "=", base64.b64encode(b"\xff" * 27).decode()],
)
def test_no_other_text_is_read(text: str) -> None:
    assert read_page_ticket("key", text) is None


def test_a_ticket_of_another_key_is_not_read() -> None:
    ticket = make_page_ticket("another key", NOW_MS)

    assert read_page_ticket("key", ticket) is None
    assert read_page_ticket("key", ticket + "A") is None
