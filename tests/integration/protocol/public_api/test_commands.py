"""The client's own commands: sync, status, clear."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.integration.protocol.public_api.covering import covers

Open = Callable[..., Any]


def _call(command: Any, *arguments: str, answer: str | None = None) -> str:
    outcome = CliRunner().invoke(command, [*arguments], input=answer, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


@covers("command.sync", "command.status", "command.clear")
def test_offline_runs_are_shown_sent_and_cleared(open_container: Open, capsys: pytest.CaptureFixture[str]) -> None:
    from neptune.cli import commands

    offline = open_container("run", mode="offline")
    offline["metric"].extend([1.0, 2.0])
    offline.stop()
    capsys.readouterr()
    _call(commands.status, "--path", ".")
    assert list(Path(".neptune/offline").iterdir())
    _call(commands.sync, "--path", ".", "--project", "local/yolo")
    assert not list(Path(".neptune/offline").iterdir())
    run = open_container("run", with_id="YOL-1", mode="read-only")
    assert run["metric"].fetch_values(progress_bar=False)["value"].tolist() == [1.0, 2.0]
    _call(commands.clear, "--path", ".", answer="y\n")
