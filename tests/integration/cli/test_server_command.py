import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from neptune_yolo.server.embedded import EmbeddedServer
from tests.links import without_tickets

Invoke = Callable[..., Result]
Start = Callable[..., subprocess.Popen[str]]


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_start_status_stop(invoke: Invoke, data_folder: Path) -> None:
    before = invoke("server", "status")
    assert before.exit_code == 3
    assert str(data_folder) in before.output

    started = invoke("server", "start")
    running = EmbeddedServer().running()
    assert started.exit_code == 0
    assert running is not None
    assert running.url in started.output
    assert f"Open {running.url}/open/*/" in without_tickets(started.output)

    status = invoke("server", "status")
    assert status.exit_code == 0
    for text in (running.url, str(running.pid), str(data_folder), "MiB", "after 3600 s without use"):
        assert text in status.output

    assert "has ended" in invoke("server", "stop").output
    assert EmbeddedServer().running() is None
    assert "No embedded server runs" in invoke("server", "stop").output


@pytest.mark.parametrize("order", ["before", "after"])
def test_another_data_folder_can_be_named_on_both_sides(invoke: Invoke, tmp_path: Path, order: str) -> None:
    home = tmp_path / "другая folder"
    option = ("--home", str(home))
    try:
        for command in ("start", "status", "stop"):
            arguments = ("server", *option, command) if order == "before" else ("server", command, *option)
            result = invoke(*arguments)
            assert result.exit_code == 0
            assert str(home) in result.output
    finally:
        EmbeddedServer(home).stop()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C can't be sent to one process there")
def test_in_the_foreground_until_ctrl_c(started_commands: Start, data_folder: Path) -> None:
    process = started_commands("server")

    line = first_line(process)
    running = EmbeddedServer().running()
    assert running is not None
    assert running.pid == process.pid
    assert running.idle_seconds == 0
    assert line == f"The embedded server runs on {running.url} (data in {data_folder}). Ctrl+C ends it.\n"
    assert without_tickets(first_line(process)) == f"Open {running.url}/open/*/\n"

    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=20)[0]

    assert process.returncode == 0
    assert output == "The embedded server has ended.\n"
    assert json.loads((data_folder / "server.json").read_text(encoding="utf-8"))["pid"] is None


def test_a_training_uses_the_server_in_the_foreground(started_commands: Start) -> None:
    process = started_commands("server")
    first_line(process)

    assert EmbeddedServer().ensure_running().pid == process.pid


def test_stop_ends_the_server_in_the_foreground(started_commands: Start, invoke: Invoke) -> None:
    process = started_commands("server")
    first_line(process)

    assert invoke("server", "stop").exit_code == 0

    assert process.wait(20) == 0


def test_a_second_server_on_the_folder_is_refused(invoke: Invoke) -> None:
    running = EmbeddedServer().ensure_running()

    result = invoke("server")

    assert result.exit_code == 1
    assert f"one runs on {running.url} (process {running.pid})" in result.output


def test_a_port_that_is_taken_is_refused(invoke: Invoke) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = invoke("server", "--port", port)

    assert result.exit_code == 1
    assert f"Expected port {port} on 127.0.0.1 to be free, but another program listens there" in result.output
    assert EmbeddedServer().running() is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::1"])
def test_only_this_machine_can_be_served(invoke: Invoke, host: str) -> None:
    result = invoke("server", "--host", host)

    assert result.exit_code == 2
    assert "of this machine only" in result.output


def test_a_folder_that_cannot_be_written_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for arguments in (("server",), ("server", "start")):
        result = invoke(*arguments, "--home", tmp_path / "file" / "home")
        assert result.exit_code == 1
        assert "NEPTUNE_YOLO_HOME" in result.output


def test_a_failed_command_prints_one_message_and_no_traceback(
    run_command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()

    result = run_command("server", "start", NEPTUNE_YOLO_HOME=str(tmp_path / "file" / "home"))

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: Expected a writable data folder")
    assert "Traceback" not in result.stderr
