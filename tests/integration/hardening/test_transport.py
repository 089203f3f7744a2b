"""Peers that send slowly, lie about lengths, or speak no proper HTTP."""

import socket
import time
from typing import Any

import pytest

from tests.integration.hardening.conftest import Target, read_all

UPLOAD = b"/api/leaderboard/v1/attributes/file/upload?experimentIdentifier=%s&attribute=slow&ext=bin"


def _head(target: Target, *lines: str, method: str = "POST", path: str = "") -> bytes:
    path = path or (UPLOAD % target.run_id.encode()).decode()
    head = [f"{method} {path} HTTP/1.1", f"Host: {target.netloc}", f"Authorization: {target.bearer}", *lines]
    return "\r\n".join([*head, "", ""]).encode()


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def _trickle(peer: socket.socket, piece: bytes) -> None:
    for _ in range(120):
        peer.sendall(piece)
        time.sleep(0.05)


def test_a_peer_that_never_asks_is_let_go(target: Target) -> None:
    begin = time.monotonic()
    assert target.speak(b"") == b""
    assert time.monotonic() - begin < 5


def test_a_head_that_comes_by_the_byte_is_cut_off(target: Target) -> None:
    with target.connect() as peer:
        begin = time.monotonic()
        with pytest.raises(ConnectionError):
            _trickle(peer, b"G")
    assert 0.3 < time.monotonic() - begin < 4


def test_a_second_head_is_awaited_no_longer_than_the_first(target: Target) -> None:
    with target.connect() as peer:
        peer.sendall(_head(target, method="GET", path="/api/health"))
        assert _status(peer.recv(65_536)) == 200
        begin = time.monotonic()
        peer.sendall(b"GET /api/he")
        assert b"HTTP/1.1" not in read_all(peer)  # at most the rest of the first answer
    assert time.monotonic() - begin < 4


def test_a_body_that_pauses_is_refused_and_leaves_nothing(target: Target) -> None:
    answer = target.speak(_head(target, "Content-Length: 1000") + b"x" * 10)
    assert _status(answer) == 408
    assert b"Expected the rest of the request's body" in answer
    assert b"connection: close" in answer.lower()
    assert list((target.settings.file_root / "staging").glob("*")) == []


def test_a_json_body_that_pauses_is_refused(target: Target) -> None:
    path = f"/api/leaderboard/v1/attributes/operations?experimentId={target.run_id}"
    answer = target.speak(_head(target, "Content-Length: 1000", path=path) + b"[")
    assert _status(answer) == 408


def test_a_body_that_ends_early_stores_nothing(target: Target) -> None:
    with target.connect() as peer:
        peer.sendall(_head(target, "Content-Length: 1000") + b"x" * 999)
        peer.shutdown(socket.SHUT_WR)
        read_all(peer)
    path = f"/api/leaderboard/v1/attributes/file/download?experimentId={target.run_id}&attribute=slow"
    assert _status(target.speak(_head(target, "Connection: close", method="GET", path=path))) == 404
    assert list((target.settings.file_root / "staging").glob("*")) == []


def test_bytes_beyond_the_announced_length_are_no_part_of_the_body(target: Target) -> None:
    body = b"12345"
    answer = target.speak(
        _head(target, "Content-Length: 5", "Connection: close") + body + b"GET /evil HTTP/1.1\r\n\r\n"
    )
    assert answer.count(b"HTTP/1.1 ") == 1
    assert _status(answer) == 200


def test_a_chunked_body_is_taken_and_a_torn_one_is_not(target: Target) -> None:
    whole = b"3\r\nabc\r\n0\r\n\r\n"
    answer = target.speak(_head(target, "Transfer-Encoding: chunked", "Connection: close") + whole)
    assert _status(answer) == 200
    torn = target.speak(_head(target, "Transfer-Encoding: chunked") + b"ZZ\r\nabc\r\n")
    assert _status(torn) == 400


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["Content-Length: 5", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
        (["Content-Length: 5", "Content-Length: 6"], b"12345"),
        (["Content-Length: -1"], b""),
        (["Content-Length: 1e3"], b"x"),
        (["Transfer-Encoding: chunked, identity"], b"0\r\n\r\n"),
        (["Host: evil.example"], b""),
        (["Authorization: Bearer other"], b""),
        (["Bad Name: 1"], b""),
        (["X: \x00"], b""),
    ],
)
def test_what_a_proxy_may_read_otherwise_is_refused(target: Target, lines: list[str], body: bytes) -> None:
    answer = target.speak(_head(target, *lines) + body)
    assert _status(answer) in {400, 501}


def test_a_huge_head_is_refused_without_reading_it_all(target: Target) -> None:
    with target.connect() as peer:
        with pytest.raises((ConnectionError, BrokenPipeError)):
            peer.sendall(_head(target, method="GET", path="/api/health")[:-2] + b"X: " + b"y" * 50_000_000)
        read_all(peer)


@pytest.mark.parametrize(
    "content", [b"\x00" * 2000, b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01"]
)
def test_what_is_no_http_gets_no_further(target: Target, content: bytes) -> None:
    answer = target.speak(content + b"\r\n\r\n")
    assert answer == b"" or _status(answer) == 400


def test_connections_beyond_the_limit_end_at_once_and_others_go_on(target: Target) -> None:
    peers = [target.connect() for _ in range(target.settings.max_connections)]
    try:
        time.sleep(0.1)
        begin = time.monotonic()
        assert target.speak(_head(target, method="GET", path="/api/health")) == b""
        assert time.monotonic() - begin < 0.4
    finally:
        for peer in peers:
            peer.close()
    time.sleep(0.2)
    assert _status(target.speak(_head(target, "Connection: close", method="GET", path="/api/health"))) == 200


def test_a_refused_body_that_goes_on_and_on_is_cut_off(target: Target) -> None:
    with target.connect() as peer:
        peer.sendall(_head(target, f"Content-Length: {10**9}", path="/api/leaderboard/v1/attributes/operations"))
        begin = time.monotonic()
        with pytest.raises(ConnectionError):
            _trickle(peer, b" " * 100)
    assert time.monotonic() - begin < 4


def test_a_peer_that_does_not_read_its_answer_is_let_go(target: Target, execute: Any) -> None:
    assert (
        execute([{"path": f"text/{number}", "assignString": {"value": "x" * 16_000}} for number in range(500)]).json()
        == []
    )
    path = f"/api/leaderboard/v1/experiment/attributes?experimentId={target.run_id}"
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.settimeout(10)
        peer.connect(("127.0.0.1", target.settings.port))
        peer.sendall(_head(target, method="GET", path=path))
        time.sleep(2)
        assert len(read_all(peer)) < 7_000_000
    assert not target.server.server_state.tasks
