import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from neptune_yolo.server.embedded import EmbeddedServer
from tests.links import without_tickets


def test_nothing_exists_before_it_is_needed(embedded: EmbeddedServer, home: Path) -> None:
    assert embedded.running() is None
    assert not embedded.stop()
    assert not embedded.process_is_alive()
    assert not home.exists()


def test_a_started_server_is_found_by_everybody(
    embedded: EmbeddedServer, make_embedded: Callable[..., EmbeddedServer], count_servers: Callable[[], int]
) -> None:
    started = embedded.ensure_running()

    assert make_embedded().ensure_running() == started
    assert make_embedded().running() == started
    assert embedded.process_is_alive()
    assert count_servers() == 1


def test_what_is_told_of_a_server(embedded: EmbeddedServer, home: Path) -> None:
    running = embedded.ensure_running()

    assert running.url == f"http://127.0.0.1:{running.port}"
    assert running.home == home
    assert running.idle_seconds == 300
    assert psutil.Process(running.pid).is_running()
    token = json.loads(base64.b64decode(running.api_token))
    assert token["api_address"] == token["api_url"] == running.url
    assert len(token["api_key"]) >= 32
    link = running.page_url("/local/yolo/e/YOL-1")
    assert without_tickets(link) == f"{running.url}/open/*/local/yolo/e/YOL-1"
    assert running.page_url("/local/yolo/e/YOL-1") != link
    assert running.page_key not in link
    assert token["api_key"] not in repr(running)
    assert running.page_key not in repr(running)


def test_a_proxy_of_the_environment_is_not_asked(embedded: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert embedded.ensure_running() == embedded.running()


def test_stop_ends_the_server(embedded: EmbeddedServer, count_servers: Callable[[], int]) -> None:
    running = embedded.ensure_running()

    assert embedded.stop()

    assert embedded.running() is None
    assert count_servers() == 0
    assert not embedded.stop()
    assert "left" in embedded.layout.log.read_text(encoding="utf-8")
    assert not embedded.layout.stop_request.exists()
    assert embedded.ensure_running().port == running.port


def test_stop_ends_a_server_that_does_not_react(embedded: EmbeddedServer, count_servers: Callable[[], int]) -> None:
    psutil.Process(embedded.ensure_running().pid).suspend()

    assert embedded.stop(timeout_seconds=0.5)

    assert count_servers() == 0


def test_a_request_to_stop_that_was_left_behind_does_not_end_the_next_server(embedded: EmbeddedServer) -> None:
    first = embedded.ensure_running()
    embedded.stop()
    embedded.layout.stop_request.write_text("an earlier instance", encoding="utf-8")

    second = embedded.ensure_running()
    time.sleep(0.6)

    assert embedded.running() == second
    assert second.pid != first.pid


@pytest.mark.skipif(sys.platform == "win32", reason="file modes and signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_server_in_order(embedded: EmbeddedServer, number: signal.Signals) -> None:
    process = psutil.Process(embedded.ensure_running().pid)

    process.send_signal(number)
    process.wait(10)

    assert embedded.layout.log.read_text(encoding="utf-8").rstrip().endswith("left")
    assert json.loads(embedded.layout.state.read_text(encoding="utf-8"))["pid"] is None


@pytest.mark.skipif(sys.platform == "win32", reason="file modes of POSIX")
def test_only_the_owner_can_read_keys_and_state(embedded: EmbeddedServer, home: Path) -> None:
    embedded.ensure_running()

    assert home.stat().st_mode & 0o777 == 0o700
    assert embedded.layout.secrets.stat().st_mode & 0o777 == 0o600
    assert embedded.layout.state.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="sessions of POSIX")
def test_the_server_lives_apart_from_the_program_that_started_it(embedded: EmbeddedServer, home: Path) -> None:
    pid = embedded.ensure_running().pid

    assert os.getsid(pid) == pid
    assert psutil.Process(pid).cwd() == str(home)
    assert psutil.Process(pid).terminal() is None


@pytest.mark.skipif(sys.platform == "win32", reason="process groups of POSIX")
def test_ctrl_c_in_the_program_leaves_the_server_running(embedded: EmbeddedServer, home: Path) -> None:
    program = (
        "import sys, time, pathlib\n"
        "from neptune_yolo.server.embedded import EmbeddedServer\n"
        "EmbeddedServer(pathlib.Path(sys.argv[1]), app_factory='stub_application:create_app').ensure_running()\n"
        "print('started', flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        os.killpg(process.pid, signal.SIGINT)
        process.wait(10)

    assert process.returncode != 0
    assert embedded.running() is not None


def test_a_server_that_nobody_uses_leaves(make_embedded: Callable[..., EmbeddedServer]) -> None:
    embedded = make_embedded(idle_seconds=1.0)
    process = psutil.Process(embedded.ensure_running().pid)

    process.wait(10)

    assert embedded.running() is None
    assert "nobody used the server for 1 s" in embedded.layout.log.read_text(encoding="utf-8")


def test_use_keeps_the_server(make_embedded: Callable[..., EmbeddedServer]) -> None:
    embedded = make_embedded(idle_seconds=1.0)
    running = embedded.ensure_running()

    for _ in range(8):
        time.sleep(0.3)
        with urllib.request.urlopen(f"{running.url}/use", timeout=5) as answer:
            assert answer.status == 200

    assert embedded.running() == running


def test_finding_the_server_to_use_it_keeps_it_and_looking_at_it_does_not(
    make_embedded: Callable[..., EmbeddedServer],
) -> None:
    embedded = make_embedded(idle_seconds=1.0)
    running = embedded.ensure_running()
    for _ in range(8):
        time.sleep(0.3)
        assert embedded.ensure_running() == running

    deadline = time.monotonic() + 10
    while embedded.running() is not None:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_long_request_keeps_the_server(make_embedded: Callable[..., EmbeddedServer]) -> None:
    embedded = make_embedded(idle_seconds=1.0)
    running = embedded.ensure_running()

    with urllib.request.urlopen(f"{running.url}/use-for-long", timeout=20) as answer:
        assert answer.status == 200

    assert embedded.running() == running


def test_the_environment_names_the_idle_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEPTUNE_YOLO_IDLE_SECONDS", "77")
    embedded = EmbeddedServer(home, app_factory="stub_application:create_app")
    try:
        assert embedded.ensure_running().idle_seconds == 77
    finally:
        embedded.stop()
