"""The example of a team server: its settings exist, its files are well-formed, and its commands are right."""

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from neptune_yolo.cli import main
from neptune_yolo.server.configuration import ENVIRONMENT_PREFIX, ServerConfiguration
from neptune_yolo.server.configuration_sources import load_configuration, setting_names

FOLDER = Path(__file__).parents[2] / "examples" / "team"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))


def _environment(service: str) -> dict[str, str]:
    return {name: str(value) for name, value in COMPOSE["services"][service]["environment"].items()}


def test_the_settings_file_is_one() -> None:
    environment = {f"{ENVIRONMENT_PREFIX}DATABASE_URL": "postgresql+psycopg://neptune:x@127.0.0.1/neptune"}
    configuration = load_configuration(FOLDER / "server.toml", environment, {})
    configuration.check()
    assert configuration.bucket == "neptune-files"
    assert configuration.public_url == "https://neptune.example.com"


@pytest.mark.parametrize("service", ["api", "pages"])
def test_the_services_of_the_compose_file_are_servers_that_start(service: str) -> None:
    assert COMPOSE["services"][service]["command"] == ["server", "run"]
    configuration = load_configuration(None, _environment(service), {})
    configuration.check()
    assert configuration.host == "0.0.0.0"
    grace = int(COMPOSE["services"][service]["stop_grace_period"].removesuffix("s"))
    assert grace > configuration.shutdown_seconds


def test_the_services_have_all_parts_of_the_server_together() -> None:
    roles = [load_configuration(None, _environment(service), {}).roles for service in ("api", "pages")]
    assert set(roles[0]) | set(roles[1]) == set(ServerConfiguration().roles)


def test_the_unit_runs_the_command_and_gives_it_time_to_end() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string((FOLDER / "neptune-yolo.service").read_text(encoding="utf-8"))
    command = shlex.split(unit["Service"]["ExecStart"])
    assert command[0].endswith("/neptune-yolo")
    _require_command(command[1:])
    assert int(unit["Service"]["TimeoutStopSec"]) > ServerConfiguration().shutdown_seconds


def test_every_setting_is_in_the_table_and_no_other_is_named() -> None:
    table = README.partition("written by .ci/docs.py -->")[2]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)) == setting_names()
    text = README.partition("<!-- settings")[0]
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", text)) | set(re.findall(r"`(\w+) = ", text))
    assert named <= set(setting_names())


def test_the_commands_of_the_page_exist() -> None:
    lines = re.findall(r"^ *(?:docker compose run --rm api|neptune-yolo) (.+)$", README, flags=re.MULTILINE)
    assert len(lines) > 5
    for line in lines:
        _require_command(shlex.split(line))


def _require_command(words: list[str]) -> None:
    """Require that commands and options of a command line exist."""
    command: click.Command = main
    context = click.Context(command)
    while isinstance(command, click.Group) and words and (found := command.get_command(context, words[0])):
        command, words = found, words[1:]
    assert command is not main, words
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options
