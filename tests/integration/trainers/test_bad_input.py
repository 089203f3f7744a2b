"""What cannot work ends before the first epoch, with a message that says what to do."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.server.embedded import EmbeddedServer

pytestmark = pytest.mark.training


def make_token(address: str, secret: str = "wrong") -> str:
    return base64.b64encode(json.dumps({"api_address": address, "api_key": secret}).encode()).decode()


def failed_output(training: Any) -> str:
    output = str(training.finish())
    assert training.process.returncode == 1, output
    assert "Starting training" not in output
    assert not (training.save_dir / "results.csv").exists()
    return output.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param(
            {"api_token": make_token("https://app.neptune.ai")},
            ["HostedServiceTokenError", "shut down on 2026-03-05", "unset NEPTUNE_API_TOKEN"],
            id="token of the hosted service",
        ),
        pytest.param({"api_token": "nonsense"}, ["MalformedApiTokenError", "api_token"], id="malformed token"),
        pytest.param({"project": "a/b/c"}, ["ProjectNameError", "'workspace/name'", "'a/b/c'"], id="wrong project"),
        pytest.param(
            {"api_token": make_token("http://127.0.0.1:9"), "project": "a/b"},
            ["ServerUnreachableError", "http://127.0.0.1:9", "on_unreachable='offline'"],
            id="dead server",
        ),
    ],
)
def test_settings_that_cannot_work(start_training: Any, settings: dict[str, Any], words: list[str]) -> None:
    last_line = failed_output(start_training(settings=settings))

    assert [word for word in words if word not in last_line] == []


@pytest.mark.thorough
def test_a_token_that_the_server_refuses(start_training: Any) -> None:
    running = EmbeddedServer().ensure_running()
    settings = {"api_token": make_token(running.url), "project": "local/yolo"}

    last_line = failed_output(start_training(settings=settings))

    assert "ApiTokenRefusedError" in last_line
    assert "NEPTUNE_API_TOKEN" in last_line


def test_a_run_that_does_not_exist(start_training: Any) -> None:
    last_line = failed_output(start_training(settings={"with_id": "YOL-99"}))

    assert "RunNotFoundError" in last_line
    assert "YOL-99" in last_line


@pytest.mark.thorough
def test_a_data_folder_that_cannot_be_written(start_training: Any, data_folder: Path) -> None:
    data_folder.write_text("in the way", encoding="utf-8")

    last_line = failed_output(start_training())

    assert "EmbeddedServerUnavailableError" in last_line
    assert "NEPTUNE_YOLO_HOME" in last_line
    assert "on_unreachable='offline'" in last_line
