"""The socket that the client keeps open for each run, and what a program does that is told to end."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from neptune_yolo.server.api import notifications

PREFIX = "/api/leaderboard/v1"
PROGRAM = Path(__file__).parent / "logging_program.py"

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def idle_after_seconds() -> float:
    return 30.0


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "POLL_SECONDS", 0.1)


@pytest.fixture
def start(init_run: object) -> Iterator[Start]:
    """Start programs that log; they are killed at the end."""
    programs: list[subprocess.Popen[bytes]] = []

    def start_program(*arguments: str) -> subprocess.Popen[bytes]:
        programs.append(subprocess.Popen([sys.executable, str(PROGRAM), *arguments], stderr=subprocess.DEVNULL))
        return programs[-1]

    assert callable(init_run)  # it has set the environment
    yield start_program
    for program in programs:
        program.kill()
        program.wait()


def _signal(bearer: httpx.Client, run_id: str, **body: object) -> httpx.Response:
    return bearer.post(f"{PREFIX}/experiment/signal", params={"experimentId": run_id}, json=body)


def _head(bearer: httpx.Client) -> dict[str, Any]:
    head: dict[str, Any] = bearer.get("/api/v1/projects/local/yolo/runs/YOL-1").json()
    return head


def _socket(service: Any, bearer: httpx.Client, run_id: str) -> ClientConnection:
    address = f"{service.url.replace('http', 'ws')}/api/notifications/v1/runs/project/{run_id}/signal"
    return connect(address, additional_headers={"Authorization": bearer.headers["Authorization"]}, proxy=None)


def _wait_for_steps(name: str, step: int) -> None:
    path = Path(f"{name}.log")
    deadline = time.monotonic() + 20
    while not (path.is_file() and int(path.read_text() or 0) >= step):
        assert time.monotonic() < deadline, f"{name} has not come to step {step}"
        time.sleep(0.05)


def test_the_socket_says_that_the_server_is_there(
    service: Any, bearer: httpx.Client, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "HEARTBEAT_SECONDS", 0.05)
    with _socket(service, bearer, run_id) as socket:
        assert [socket.recv(timeout=5), socket.recv(timeout=5)] == ["", ""]


def test_strangers_and_runs_that_do_not_exist_are_turned_away(service: Any, bearer: httpx.Client, run_id: str) -> None:
    with pytest.raises((InvalidStatus, ConnectionClosedError)), _socket(service, bearer, "unknown") as socket:
        socket.recv(timeout=5)
    bearer.headers["Authorization"] = "Bearer x"
    with pytest.raises((InvalidStatus, ConnectionClosedError)), _socket(service, bearer, run_id) as socket:
        socket.recv(timeout=5)


def test_an_open_run_draws_no_random_numbers(init_run: Callable[..., Any]) -> None:
    init_run()
    time.sleep(0.5)
    before = random.getstate()
    time.sleep(2)
    assert random.getstate() == before


def test_a_signal_reaches_each_socket_of_its_run_once(service: Any, bearer: httpx.Client, run_id: str) -> None:
    assert _signal(bearer, run_id, kind="stop", seconds=5).status_code == 200
    with _socket(service, bearer, run_id) as first:  # it waited for a program to connect
        assert json.loads(first.recv(timeout=5)) == {"type": "neptune/stop", "body": {"seconds": 5}}
        time.sleep(0.2)
        with _socket(service, bearer, run_id) as second:
            _signal(bearer, run_id, kind="abort")
            expected = {"type": "neptune/abort", "body": {}}
            assert [json.loads(socket.recv(timeout=5)) for socket in (first, second)] == [expected] * 2
    time.sleep(0.2)
    with _socket(service, bearer, run_id) as late, pytest.raises(TimeoutError):  # it resumes the run
        late.recv(timeout=0.5)


def test_signals_of_a_wrong_form_are_refused(bearer: httpx.Client, run_id: str) -> None:
    wrong: list[dict[str, object]] = [{}, {"kind": "pause"}, {"kind": ["stop"]}, {"kind": "stop", "seconds": -1}]
    wrong += [{"kind": "stop", "seconds": value} for value in (True, "5", 1.5, 10**6)]
    assert [_signal(bearer, run_id, **body).status_code for body in wrong] == [400] * len(wrong)
    project = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()
    assert _signal(bearer, project["id"], kind="stop").status_code == 400
    assert _signal(bearer, "unknown", kind="stop").status_code == 404


class TestOfAQuickServer:
    @pytest.fixture
    def idle_after_seconds(self) -> float:
        return 0.01

    def test_a_run_without_a_program_cannot_be_stopped(self, bearer: httpx.Client, run_id: str) -> None:
        time.sleep(0.02)
        answer = _signal(bearer, run_id, kind="stop")
        assert answer.status_code == 409
        assert "nothing to stop" in answer.json()["title"]


@pytest.mark.parametrize(("kind", "names"), [("stop", ["first", "second"]), ("abort", ["only"])])
def test_programs_that_write_one_run_are_told_to_end_and_lose_nothing(
    start: Start, init_run: Callable[..., Any], bearer: httpx.Client, kind: str, names: list[str]
) -> None:
    started = time.monotonic()
    programs = [start("shared", name) for name in names]
    for name in names:
        _wait_for_steps(name, 10)
    run = init_run(with_id="YOL-1", mode="read-only")
    assert _signal(bearer, "local/yolo/YOL-1", kind=kind, seconds=20).status_code == 200
    ends = [program.wait(timeout=60) for program in programs]  # 60: it only ends what hangs
    assert set(ends) <= {-signal.SIGTERM, 1}  # 1: it has logged to the run that the client had stopped already
    run.sync()
    assert run["sys/failed"].fetch() is (kind == "abort")
    deadline = time.monotonic() + 5  # long before it would count as silent
    while (head := _head(bearer))["state"] != "idle":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert 100 < head["running_ms"] <= (time.monotonic() - started) * 1000
    for name in names:
        steps = run[name].fetch_values(include_timestamp=False, progress_bar=False)["step"].tolist()
        logged = int(Path(f"{name}.log").read_text() or 0)
        assert steps == list(range(len(steps)))
        assert logged <= len(steps) + 1  # the last one may come after the run has stopped
