"""What the pages of other sites, and files of other people, can do in the browser of somebody who is signed in."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from neptune_yolo.server.api.security_headers import SECURITY_HEADERS
from tests.integration.hardening.conftest import PAGE_KEY, Target, new_link

OPERATIONS = "/api/leaderboard/v1/attributes/operations"
FORGED = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://127.0.0.1"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://[::1"},
    {"Origin": "file://"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
SIGNAL = "/api/notifications/v1/runs/{project}/{run}/signal"


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_pages_of_others_change_nothing(
    target: Target, client: httpx.Client, headers: dict[str, str], sentence: Callable[[httpx.Response], str]
) -> None:
    answer = client.post(OPERATIONS, params={"experimentId": target.run_id}, json=[], headers=headers)
    assert answer.status_code == 403
    assert "another site" in sentence(answer)


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_pages_of_others_open_no_socket(target: Target, headers: dict[str, str]) -> None:
    assert _socket_status(target, {"Authorization": target.bearer, **headers}) == 403


def test_the_clients_own_socket_is_opened(target: Target) -> None:
    assert _socket_status(target, {"Authorization": target.bearer, "Origin": target.url}) == 101


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[", "evil.example@127.0.0.1:1", "10.0.0.1"]
)
def test_foreign_names_reach_neither_pages_nor_sockets(target: Target, client: httpx.Client, host: str) -> None:
    for path in ("/", "/api/health", "/api/backend/swagger.json", new_link("/")):
        assert client.get(path, headers={"Host": host}).status_code == 400
    assert _socket_status(target, {"Authorization": target.bearer}, host) == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "[::1]:80", "neptune.example", "127.0.0.1"])
def test_the_servers_own_names_are_answered(stranger: httpx.Client, host: str) -> None:
    assert stranger.get("/api/health", headers={"Host": host}).status_code == 200


def test_own_pages_and_links_from_anywhere_work(target: Target, client: httpx.Client) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get(new_link("/"), headers=link).status_code == 303
    assert client.get("/", headers={**link, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert client.get("/", headers={**link, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}).status_code == 403
    own = {"Origin": target.url, "Sec-Fetch-Site": "same-origin"}
    assert client.post(OPERATIONS, params={"experimentId": target.run_id}, json=[], headers=own).status_code == 200


def test_nobody_elses_page_may_read_answers(client: httpx.Client) -> None:
    preflight = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (client.options(OPERATIONS, headers=preflight), client.get("/api/health", headers=preflight)):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/health", 200),
        ("/api/backend/swagger.json", 200),
        ("/api/backend/v1/projects2", 200),
        ("/api/leaderboard/v1/experiment?experimentId=none", 404),
        ("/nowhere", 404),
        (OPERATIONS, 405),
        ("/", 401),
        ("/open/{ticket}/", 303),
        ("/open/wrong/", 401),
        (f"/open/{PAGE_KEY}/", 401),
    ],
)
def test_every_answer_has_the_headers_that_browsers_obey(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(new_link("/") if path == "/open/{ticket}/" else path)
    assert answer.status_code == status
    assert [name for name in SECURITY_HEADERS if name not in answer.headers] == []
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "server" not in answer.headers


def test_the_cookie_is_for_this_server_only(stranger: httpx.Client) -> None:
    cookie = stranger.get(new_link("/")).headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain" not in cookie
    assert PAGE_KEY not in cookie


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "/%09/evil.example", "/%0d%0aSet-Cookie:%20a=b", "/%5Cevil"]
)
def test_a_link_with_a_ticket_leads_nowhere_else(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(new_link(path))
    assert answer.status_code in {303, 404}
    place = answer.headers.get("Location", "/")
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\", "/\t"))
    assert all(cookie.startswith("neptune_yolo_") for cookie in answer.headers.get_list("set-cookie"))


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_names_and_values_are_text_on_the_pages(
    stranger: httpx.Client, client: httpx.Client, execute: Callable[[list[Any]], httpx.Response]
) -> None:
    operations: list[dict[str, Any]] = [
        {"path": "sys/name", "assignString": {"value": EVIL}},
        {"path": EVIL, "assignString": {"value": EVIL}},
        {"path": "sys/tags", "insertStrings": {"values": [EVIL]}},
        {"path": "javascript:alert(1)", "assignString": {"value": "javascript:alert(1)"}},
        {"path": "training/status", "assignString": {"value": EVIL}},
    ]
    assert execute(operations).json() == []
    project = client.get(
        "/api/backend/v1/projects2/get", params={"projectIdentifier": f"local/{EVIL.replace('/', '')}"}
    )
    assert project.status_code == 200
    stranger.get(new_link("/"))
    name = quote(EVIL.replace("/", ""), safe="")
    for path in ("/", "/local/yolo/", "/local/yolo/e/YOL-1", f"/local/yolo/e/{name}", f"/runs/{name}"):
        text = stranger.get(path).text
        assert "<script>" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text


@pytest.mark.parametrize("extension", ["html", "svg", "js", "xhtml", "xml", "css", "png", "jpg", "pdf", "PNG", ""])
def test_uploads_never_run(target: Target, stranger: httpx.Client, client: httpx.Client, extension: str) -> None:
    content = b"<html><svg onload='alert(1)'/><script>alert(1)</script></html>"
    params = {"experimentIdentifier": target.run_id, "attribute": "page", "ext": extension}
    assert client.post("/api/leaderboard/v1/attributes/file/upload", params=params, content=content).json() == {
        "errors": []
    }
    stranger.get(new_link("/"))
    shown = stranger.get("/api/v1/projects/local/yolo/runs/YOL-1/file", params={"path": "page"})
    saved = client.get(
        "/api/leaderboard/v1/attributes/file/download", params={"experimentId": target.run_id, "attribute": "page"}
    )
    for answer in (shown, saved):
        assert answer.content == content
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "allow-same-origin" not in policy
        assert "default-src 'none'" in policy
    plain = {"application/octet-stream", "text/plain", "image/png", "image/jpeg"}
    documents = {"text/html", "image/svg+xml"} if extension in {"html", "svg"} else set()
    assert shown.headers["Content-Type"].split(";")[0] in plain | documents
    assert saved.headers["Content-Type"] == "application/octet-stream"


def test_pictures_of_a_series_are_pictures_or_bytes(
    target: Target, client: httpx.Client, execute: Callable[[list[Any]], httpx.Response]
) -> None:
    contents = [b"<svg onload='alert(1)'/>", b"<html>", b"GIF89a<script>", b"\x89PNG\r\n\x1a\n<html>", b"BM<script>"]
    entries = [
        {"step": step, "timestampMilliseconds": 1, "value": {"data": base64.b64encode(content).decode(), "name": EVIL}}
        for step, content in enumerate(contents)
    ]
    assert execute([{"path": "pictures", "logImages": {"entries": entries}}]).json() == []
    for index, content in enumerate(contents):
        params: dict[str, Any] = {"experimentId": target.run_id, "attribute": "pictures", "index": index}
        answer = client.get("/api/leaderboard/v1/attributes/imageseries/value", params=params)
        assert answer.content == content
        assert answer.headers["Content-Type"] in {"application/octet-stream", "image/gif", "image/png", "image/bmp"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def _socket_status(target: Target, headers: dict[str, str], host: str | None = None) -> int:
    """Ask for a socket and return the status of the answer."""
    lines = {
        "Host": target.netloc if host is None else host,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode(),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with target.connect() as peer:
        peer.sendall(f"GET {SIGNAL.format(project='p', run=target.run_id)} HTTP/1.1\r\n{head}\r\n".encode())
        return int(peer.recv(4096).split(b" ", 2)[1])
