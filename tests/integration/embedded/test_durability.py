"""What the server has acknowledged survives ``kill -9``, once, at whatever moment it comes.

A thousand kills of each kind: ``python -m tests.durability --server 1000 --programs 1000``.
"""

from pathlib import Path

from neptune_yolo.server.embedded import EmbeddedServer
from tests.durability.client_kills import kill_programs
from tests.durability.server_kills import kill_server

KILLS = 8
SEED = 20260305


def test_what_was_acknowledged_survives_kills_of_the_server_once(data_folder: Path) -> None:
    outcome = kill_server(data_folder, KILLS, SEED)
    assert outcome.differences == []
    assert outcome.kills == KILLS
    assert outcome.points > KILLS
    assert outcome.repeats > 0


def test_what_was_logged_survives_kills_of_the_program_once(data_folder: Path, tmp_path: Path) -> None:
    running = EmbeddedServer(data_folder).ensure_running()
    outcome = kill_programs(running.url, running.api_token, tmp_path / "programs", KILLS, SEED)
    assert outcome.differences == []
    assert outcome.opened > KILLS / 2
    assert outcome.after >= outcome.before > KILLS
