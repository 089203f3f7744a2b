"""The embedded server's own token, as `neptune-yolo env` gives it, means the embedded server, running or not."""

from pathlib import Path

import pytest

from neptune_yolo.connection import open_connection
from neptune_yolo.exceptions import MalformedApiTokenError
from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.settings import NeptuneSettings


def test_a_server_that_has_left_is_started_by_its_own_token(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = EmbeddedServer(data_folder)
    monkeypatch.setenv("NEPTUNE_API_TOKEN", embedded.ensure_running().api_token)
    embedded.stop()

    connection = open_connection(NeptuneSettings())

    assert connection.project == "local/yolo"
    assert connection.keeper() is not None
    running = embedded.running()
    assert running is not None
    assert connection.server_url == running.url


def test_damaged_keys_leave_a_token_to_speak_for_itself(data_folder: Path) -> None:
    data_folder.mkdir()
    (data_folder / "secrets.json").write_text("{", encoding="utf-8")
    with pytest.raises(MalformedApiTokenError):
        open_connection(NeptuneSettings(api_token="nonsense", project="local/yolo"))
