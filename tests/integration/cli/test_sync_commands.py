import base64
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from neptune_yolo.cli import sync as our_commands
from neptune_yolo.server.embedded import EmbeddedServer

Invoke = Callable[..., Result]
RunCommand = Callable[..., subprocess.CompletedProcess[str]]

OFFLINE_PROGRAM = """
import neptune
run = neptune.init_run(mode="offline", git_ref=False, source_files=[])
for step in range(20):
    run["train/loss"].append(1 / (step + 1), step=step)
run["note"] = "grüße"
run.stop()
"""

CRASH_PROGRAM = """
import os, signal, sys, time
import neptune
run = neptune.init_run(git_ref=False, source_files=[], capture_hardware_metrics=False, capture_stdout=False,
                       capture_stderr=False, flush_period=0.2)
run.wait()
run["before"] = 1
run.wait()
os.kill(int(sys.argv[1]), signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
for step in range(50):
    run["train/loss"].append(float(step), step=step)
run.wait(disk_only=True)
time.sleep(1)  # the client's thread finds no server
os._exit(9)
"""

READ_PROGRAM = """
import sys
import neptune
run = neptune.init_run(with_id=sys.argv[1], mode="read-only")
print(len(run["train/loss"].fetch_values()), run["train/loss"].fetch_last(), sys.argv[2:] and run[sys.argv[2]].fetch())
"""


def run_program(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def client_environment() -> dict[str, str]:
    running = EmbeddedServer().ensure_running()
    return {
        "NEPTUNE_API_TOKEN": running.api_token,
        "NEPTUNE_PROJECT": "local/yolo",
        "OAUTHLIB_INSECURE_TRANSPORT": "1",
        "NO_PROXY": "127.0.0.1",
    }


def token_for(address: str) -> str:
    return base64.b64encode(json.dumps({"api_address": address, "api_key": "x"}).encode()).decode()


@pytest.mark.parametrize("name", ["sync", "status", "clear"])
def test_the_options_are_those_of_the_client(name: str) -> None:
    client = importlib.import_module("neptune.cli.commands")
    theirs = {option for parameter in getattr(client, name).params for option in parameter.opts}
    ours_command = getattr(our_commands, name)
    assert isinstance(ours_command, click.Command)
    ours = {option for parameter in ours_command.params for option in parameter.opts}

    assert ours - theirs == {"--even-if-running"} | ({"--queue"} if name == "sync" else set())
    assert theirs <= ours


def test_an_offline_run_is_listed_sent_and_gone(run_command: RunCommand) -> None:
    made = run_program(OFFLINE_PROGRAM)
    assert made.returncode == 0, made.stderr
    assert any(Path(".neptune", "offline").iterdir())

    listed = run_command("status")
    assert listed.returncode == 0, listed.stderr
    assert "offline/" in listed.stdout + listed.stderr

    sent = run_command("sync")
    assert sent.returncode == 0, sent.stderr
    assert "registered as local/yolo/YOL-1" in sent.stdout + sent.stderr
    assert not list(Path(".neptune", "offline").iterdir())
    assert not list(Path(".neptune", "async").iterdir())

    read = run_program(READ_PROGRAM, "YOL-1", "note", **client_environment())
    assert "20 0.05 grüße" in read.stdout.splitlines(), read.stdout + read.stderr


def test_an_offline_run_goes_to_the_project_that_is_named(run_command: RunCommand) -> None:
    run_program(OFFLINE_PROGRAM)

    sent = run_command("sync", "--project", "traffic", "--offline-only")

    assert sent.returncode == 0, sent.stderr
    assert "registered as local/traffic/TRA-1" in sent.stdout + sent.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="kills in the way of POSIX")
def test_what_a_crash_left_is_sent_after_the_server_was_killed_too(run_command: RunCommand) -> None:
    environment = client_environment()
    running = EmbeddedServer().running()
    assert running is not None
    crashed = run_program(CRASH_PROGRAM, str(running.pid), **environment)
    assert crashed.returncode == 9, crashed.stderr
    assert EmbeddedServer().running() is None

    sent = run_command("sync")

    assert sent.returncode == 0, sent.stderr
    assert "Synchronization of run local/yolo/YOL-1 completed." in sent.stdout + sent.stderr
    assert not list(Path(".neptune", "async").iterdir())
    read = run_program(READ_PROGRAM, "YOL-1", "before", **client_environment())
    assert "50 49.0 1" in read.stdout.splitlines(), read.stdout + read.stderr
    assert run_command("clear").returncode == 0


@pytest.mark.parametrize("command", ["sync", "status", "clear"])
def test_the_queue_of_a_process_that_still_runs_is_not_touched(
    run_command: RunCommand, command: str, tmp_path: Path
) -> None:
    queue = tmp_path / "work" / ".neptune" / "async" / f"run__0123__{os.getpid()}__abcdefgh"
    queue.mkdir(parents=True)
    (queue / "metadata.json").write_text("{}", encoding="utf-8")

    result = run_command(command)

    assert result.returncode == 1
    assert f"{queue} (process {os.getpid()})" in result.stderr
    assert list(queue.iterdir()) == [queue / "metadata.json"]
    assert EmbeddedServer().running() is None


@pytest.mark.parametrize("command", ["sync", "status", "clear"])
def test_without_a_queue_folder_nothing_starts(invoke: Invoke, command: str, tmp_path: Path) -> None:
    result = invoke(command)

    assert result.exit_code == 1
    assert f"Expected a '.neptune' folder in {tmp_path / 'work'}" in result.output
    assert EmbeddedServer().running() is None


def test_a_queue_folder_of_the_environment_is_used(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEPTUNE_DATA_DIRECTORY", str(tmp_path / "missing"))

    result = invoke("status")

    assert result.exit_code == 1
    assert f"{tmp_path / 'missing'}, which NEPTUNE_DATA_DIRECTORY names" in result.output


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (token_for("https://app.neptune.ai"), "belongs to the hosted Neptune service, which was shut down"),
        ("ANONYMOUS", "belongs to the hosted Neptune service, which was shut down"),
        ("not a token", "it is not base64-encoded JSON"),
        (token_for("http://example.org"), "uses plain http, which is allowed only on this machine"),
        (token_for("http://127.0.0.1:9"), "does not answer"),
    ],
    ids=["hosted", "anonymous", "malformed", "plain http elsewhere", "nobody there"],
)
def test_a_token_that_cannot_be_used_is_explained(invoke: Invoke, token: str, message: str) -> None:
    Path(".neptune", "async").mkdir(parents=True)
    os.environ["NEPTUNE_API_TOKEN"] = token

    result = invoke("sync")

    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
    assert EmbeddedServer().running() is None


def test_a_token_that_the_server_refuses_is_explained(run_command: RunCommand) -> None:
    Path(".neptune", "async").mkdir(parents=True)
    url = EmbeddedServer().ensure_running().url

    result = run_command("status", NEPTUNE_API_TOKEN=token_for(url))

    assert result.returncode == 1
    assert "refused the API token" in result.stderr
    assert "Traceback" not in result.stderr


def test_options_that_exclude_each_other_are_refused(invoke: Invoke) -> None:
    result = invoke("sync", "--offline-only", "--object", "local/yolo/YOL-1")

    assert result.exit_code == 2
    assert "got both" in result.output
