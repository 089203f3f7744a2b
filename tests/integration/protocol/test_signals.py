"""The socket that the client keeps open for each run."""

import random
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from neptune_yolo.server.api import notifications


def _address(url: str) -> str:
    return f"{url.replace('http', 'ws')}/api/notifications/v1/runs/project/run/signal"


def test_the_socket_says_that_the_server_is_there(
    service: Any, bearer: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "HEARTBEAT_SECONDS", 0.05)
    headers = {"Authorization": bearer.headers["Authorization"]}
    with connect(_address(service.url), additional_headers=headers, proxy=None) as socket:
        assert [socket.recv(timeout=5), socket.recv(timeout=5)] == ["", ""]


def test_strangers_are_turned_away(service: Any) -> None:
    with (
        pytest.raises((InvalidStatus, ConnectionClosedError)),
        connect(_address(service.url), additional_headers={"Authorization": "Bearer x"}, proxy=None) as socket,
    ):
        socket.recv(timeout=5)


def test_an_open_run_draws_no_random_numbers(init_run: Callable[..., Any]) -> None:
    init_run()
    time.sleep(0.5)
    before = random.getstate()
    time.sleep(3)
    assert random.getstate() == before
