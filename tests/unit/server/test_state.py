import os
import platform
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from neptune_yolo.server.state import ServerState

STATE = ServerState(
    instance="abc",
    pid=os.getpid(),
    process_started_at=psutil.Process().create_time(),
    machine=platform.node(),
    host="127.0.0.1",
    port=20123,
    version="0.1.0",
    idle_seconds=60.0,
    notes=("Port 1 is taken.",),
)


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    STATE.write(tmp_path / "server.json")

    assert ServerState.read(tmp_path / "server.json") == STATE
    assert STATE.url == "http://127.0.0.1:20123"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"instance": 1, "pid": "no number"}', b"\xff\xfe"])
def test_what_is_no_state_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "server.json").write_bytes(content)

    assert ServerState.read(tmp_path / "server.json") is None


def test_a_folder_in_the_place_of_the_state_is_none(tmp_path: Path) -> None:
    assert ServerState.read(tmp_path) is None
    assert ServerState.read(tmp_path / "missing") is None


def test_a_server_that_left_keeps_its_port_only() -> None:
    left = STATE.left()

    assert (left.pid, left.port, left.notes) == (None, 20123, ())
    assert left.process() is None


def test_the_process_is_found_by_id_and_start() -> None:
    process = STATE.process()

    assert process is not None
    assert process.pid == os.getpid()


@pytest.mark.parametrize(
    "changes",
    [
        {"process_started_at": STATE.process_started_at - 10},
        {"machine": "another"},
        {"pid": None},
        {"pid": 2**22 + 1},
    ],
    ids=["recycled id", "another machine", "left", "no such process"],
)
def test_no_other_process_is_taken_for_it(changes: dict[str, object]) -> None:
    assert replace(STATE, **changes).process() is None  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="no zombies there")
def test_a_zombie_is_no_process() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        started_at = psutil.Process(child.pid).create_time()
        while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
            pass
        assert replace(STATE, pid=child.pid, process_started_at=started_at).process() is None
