import json
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import filelock
import psutil
import pytest

from neptune_yolo.server.embedded import EmbeddedServer, RunningServer
from neptune_yolo.server.exceptions import EmbeddedServerError
from neptune_yolo.server.keeper import ServerKeeper
from neptune_yolo.server.state import ServerState


def kill(running: RunningServer) -> None:
    process = psutil.Process(running.pid)
    process.kill()
    process.wait(10)


@contextmanager
def foreign_service(port: int, answer: bytes) -> Iterator[None]:
    """Answer every request on a port with status 200 and the same body."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_after_kill_the_server_comes_back_as_the_same_address_with_the_same_token(embedded: EmbeddedServer) -> None:
    first = embedded.ensure_running()
    kill(first)
    assert embedded.running() is None
    assert not embedded.process_is_alive()

    second = embedded.ensure_running()

    assert second.pid != first.pid
    assert second == replace(first, pid=second.pid)
    assert second.notes == ()


def test_a_port_that_was_taken_meanwhile_is_replaced_and_that_is_said(embedded: EmbeddedServer) -> None:
    first = embedded.ensure_running()
    kill(first)

    with socket.create_server(("127.0.0.1", first.port)):
        second = embedded.ensure_running()

    assert second.port != first.port
    assert json.dumps(second.notes).count(str(first.port)) == 1
    assert f"port {second.port} instead" in second.notes[0]
    assert "neptune-yolo sync" in second.notes[0]
    assert second.notes[0] in embedded.layout.log.read_text(encoding="utf-8")
    assert embedded.running() == second


@pytest.mark.parametrize(
    "answer",
    [b"hello", b"[]", b'{"status": "ok", "instance": "another", "version": "1"}', b'{"status": "ok"}'],
    ids=["not JSON", "no object", "another data folder's server", "no instance"],
)
def test_a_foreign_service_on_the_old_port_is_not_taken_for_ours(embedded: EmbeddedServer, answer: bytes) -> None:
    first = embedded.ensure_running()
    kill(first)

    with foreign_service(first.port, answer):
        assert embedded.running() is None
        assert not embedded.process_is_alive()
        second = embedded.ensure_running()

    assert second.port != first.port
    assert embedded.running() == second


def test_another_process_under_the_old_id_is_neither_found_nor_stopped(embedded: EmbeddedServer) -> None:
    kill(embedded.ensure_running())
    state = ServerState.read(embedded.layout.state)
    assert state is not None
    replace(state, pid=os.getpid()).write(embedded.layout.state)

    assert embedded.running() is None
    assert not embedded.process_is_alive()
    assert not embedded.stop()  # it would have ended this test


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}'], ids=["empty", "torn", "no object", "wrong fields"])
def test_a_state_file_that_means_nothing_is_replaced(embedded: EmbeddedServer, home: Path, content: str) -> None:
    home.mkdir()
    embedded.layout.state.write_text(content, encoding="utf-8")

    assert embedded.running() is None
    assert embedded.ensure_running() == embedded.running()


def test_a_state_file_that_is_lost_while_the_server_runs_is_written_again(
    embedded: EmbeddedServer, count_servers: Callable[[], int]
) -> None:
    running = embedded.ensure_running()
    embedded.layout.state.unlink()

    assert embedded.ensure_running() == running
    assert count_servers() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use can't be removed there")
def test_a_server_whose_data_folder_is_removed_leaves(embedded: EmbeddedServer, home: Path) -> None:
    process = psutil.Process(embedded.ensure_running().pid)

    shutil.rmtree(home)
    replacement = embedded.ensure_running()
    process.wait(10)

    assert embedded.running() == replacement


def test_a_clock_that_was_set_does_not_hide_a_server_that_answers(embedded: EmbeddedServer) -> None:
    running = embedded.ensure_running()
    state = ServerState.read(embedded.layout.state)
    assert state is not None
    replace(state, process_started_at=state.process_started_at - 7200).write(embedded.layout.state)

    assert embedded.running() == running
    assert embedded.process_is_alive()
    assert embedded.stop()


def test_a_folder_that_another_machine_uses_is_refused(embedded: EmbeddedServer) -> None:
    kill(embedded.ensure_running())
    state = ServerState.read(embedded.layout.state)
    assert state is not None
    replace(state, machine="node-17").write(embedded.layout.state)

    assert not embedded.stop()
    with filelock.FileLock(embedded.layout.server_lock):
        for call in (embedded.ensure_running, embedded.stop):
            with pytest.raises(EmbeddedServerError, match="a server on 'node-17' has it in use"):
                call()
    assert embedded.ensure_running() == embedded.running()


def test_a_server_of_another_version_is_used_and_that_is_said(embedded: EmbeddedServer) -> None:
    running = embedded.ensure_running()
    state = ServerState.read(embedded.layout.state)
    assert state is not None
    replace(state, version="0.0.7").write(embedded.layout.state)

    found = embedded.ensure_running()

    assert found.pid == running.pid
    assert "neptune_yolo 0.0.7" in found.notes[-1]


def test_the_keeper_brings_a_killed_server_back(embedded: EmbeddedServer, caplog: pytest.LogCaptureFixture) -> None:
    first = embedded.ensure_running()
    with ServerKeeper(embedded, interval_seconds=0.1) as keeper:
        kill(first)
        deadline = time.monotonic() + 20
        while keeper.restarts == 0:
            assert time.monotonic() < deadline
            time.sleep(0.05)

        second = embedded.running()

    assert second is not None
    assert second == replace(first, pid=second.pid)
    assert keeper.restarts == 1
    assert f"it runs again on {first.url}" in caplog.text


def test_the_keeper_leaves_a_living_server_alone(embedded: EmbeddedServer) -> None:
    first = embedded.ensure_running()
    with ServerKeeper(embedded, interval_seconds=0.05) as keeper:
        time.sleep(0.5)

    assert keeper.restarts == 0
    assert embedded.running() == first


def test_the_keeper_says_once_what_keeps_it_from_healing(
    make_embedded: Callable[..., EmbeddedServer], caplog: pytest.LogCaptureFixture
) -> None:
    broken = make_embedded(app_factory="stub_application:create_broken_app")
    with ServerKeeper(broken, interval_seconds=0.05) as keeper:
        deadline = time.monotonic() + 20
        while keeper.last_error is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    assert keeper.restarts == 0
    assert "exit code 1" in str(keeper.last_error)
    assert "can't be started again" in caplog.text


def test_a_keeper_can_be_closed_and_started_again(embedded: EmbeddedServer) -> None:
    keeper = ServerKeeper(embedded, interval_seconds=0.05)
    keeper.close()
    keeper.start()
    keeper.start()
    keeper.close()
    before = threading.active_count()
    with keeper:
        assert threading.active_count() == before + 1
