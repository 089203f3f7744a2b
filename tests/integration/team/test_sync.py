"""``neptune-yolo sync`` of somebody who may not write, or who names a project that is not there."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neptune_yolo.cli import main
from neptune_yolo.server.domain.caller import Role

OFFLINE = """
import neptune
for _ in range(2):
    with neptune.init_run(mode="offline", git_ref=False, source_files=[]) as run:
        run["loss"].append(0.5)
"""

LEFT_BEHIND = """
import os, sys
import neptune
run = neptune.init_run(project="team/one", git_ref=False, source_files=[], capture_hardware_metrics=False,
                       capture_stdout=False, capture_stderr=False, flush_period=1000)
run.wait()
for step in range(5):
    run["loss"].append(float(step), step=step)
run.wait(disk_only=True)
os._exit(9)
"""

Sync = Callable[..., Result]


@pytest.fixture
def sync(team: Any, as_client: Callable[[str], None]) -> Sync:
    options = ["--database-url", team.settings.database_url]
    for words in (["create", "team/one", "--key", "ONE"], ["create", "team/secret", "--visibility", "priv"]):
        assert CliRunner().invoke(main, ["project", *words, *options]).exit_code == 0
    for name, role in (("ann", Role.CONTRIBUTOR), ("bob", Role.VIEWER)):
        team.add(name)
        team.as_admin.members.put_project_member("team/one", name, role)

    def run(user: str, *words: str) -> Result:
        as_client(user)
        return CliRunner().invoke(main, ["sync", *words])

    return run


def _run(program: str) -> int:
    return subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode


def _queues() -> list[Path]:
    return [queue for kind in ("async", "offline") for queue in Path(".neptune", kind).glob("*")]


def test_offline_runs_that_nobody_took_are_told(sync: Sync) -> None:
    assert _run(OFFLINE) == 0
    refused = sync("bob", "--project", "team/one")
    assert refused.exit_code == 1
    last = refused.output.strip().splitlines()[-1]
    assert last.startswith("Error: Expected to send everything, but 2 queues are still here (run__")
    assert "Expected the role of contributor (or more) in the project 'team/one'" in last
    assert "Traceback" not in refused.output
    assert len(_queues()) == 2

    for typed in ("team/typo", "team/secret"):
        unknown = sync("ann", "--project", typed)
        assert unknown.exit_code == 1
        assert f"got '{typed}': it does not exist, or this API token may not see it" in unknown.output
    assert len(_queues()) == 2

    one = _queues()[0].name.split("__")[1]
    assert sync("bob", "--object", f"offline/{one}", "--project", "team/one").exit_code == 1
    assert sync("ann", "--object", f"offline/{one}", "--project", "team/one").exit_code == 0
    assert len(_queues()) == 1
    assert sync("ann", "--project", "team/one").exit_code == 0
    assert _queues() == []


def test_what_is_left_of_runs_on_the_server_is_told(team: Any, sync: Sync, as_client: Callable[[str], None]) -> None:
    as_client("ann")
    assert _run(LEFT_BEHIND) == 9
    refused = sync("bob")
    assert refused.exit_code == 1
    last = refused.output.strip().splitlines()[-1]
    assert last.startswith("Error: Expected to send everything, but 1 queue is still here (run__")
    assert "the role of contributor" in last
    unknown = sync("ann", "--object", "team/one/ONE-9")
    assert unknown.exit_code == 1
    assert "Expected to send team/one/ONE-9, but" in unknown.output
    team.add("eve")
    unseen = sync("eve")
    assert unseen.exit_code == 1
    assert "1 queue is still here" in unseen.output
    assert "the server has no such run any more, or this API token may not see it" in unseen.output
    assert sync("ann").exit_code == 0
    assert _queues() == []
