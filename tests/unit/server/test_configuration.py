from dataclasses import replace
from pathlib import Path

import pytest

from neptune_yolo.server.configuration import LogFormat, ServerConfiguration, ServerRole
from neptune_yolo.server.configuration_sources import (
    default_text,
    help_text,
    load_configuration,
    setting_names,
    type_text,
)
from neptune_yolo.server.exceptions import ConfigurationError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "server.toml"
    path.write_text('port = 1\nhost = "127.0.0.2"\nroles = ["api"]\nfile_root = "blobs"\nidle_after_seconds = 20\n')
    return path


def test_options_come_before_the_environment_and_that_before_the_file(file: Path) -> None:
    environment = {"NEPTUNE_YOLO_SERVER_PORT": "2", "NEPTUNE_YOLO_SERVER_HOST": "127.0.0.3", "NEPTUNE_YOLO_HOME": "x"}
    configuration = load_configuration(file, environment, {"port": "3", "log_format": None})
    assert (configuration.port, configuration.host) == (3, "127.0.0.3")
    assert configuration.roles == (ServerRole.API,)
    assert configuration.idle_after_seconds == 20
    assert configuration.file_root == file.parent / "blobs"
    assert configuration.log_format is LogFormat.TEXT


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('database_url = "sqlite:///data/team.db"', "sqlite:///{folder}/data/team.db"),
        ('database_url = "sqlite+pysqlite:///team.db?timeout=5"', "sqlite+pysqlite:///{folder}/team.db?timeout=5"),
        ("", "sqlite:///{folder}/neptune.db"),
        ('database_url = "sqlite:////srv/team.db"', "sqlite:////srv/team.db"),
        ('database_url = "sqlite:///:memory:"', "sqlite:///:memory:"),
        ('database_url = "sqlite:///C:/team.db"', "sqlite:///C:/team.db"),
        ('database_url = "postgresql://ann@box/team"', "postgresql://ann@box/team"),
    ],
)
def test_relative_databases_of_a_file_lie_beside_it(written: str, expected: str, tmp_path: Path) -> None:
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "server.toml").write_text(written + "\n")
    configuration = load_configuration(folder / "server.toml", {}, {})
    assert configuration.database_url == expected.format(folder=folder.as_posix())
    assert configuration.file_root == folder / "files"


def test_relative_paths_of_environment_and_options_count_from_the_current_folder(file: Path) -> None:
    environment = {"NEPTUNE_YOLO_SERVER_DATABASE_URL": "sqlite:///own.db"}
    configuration = load_configuration(file, environment, {"file_root": "own"})
    assert (configuration.database_url, configuration.file_root) == ("sqlite:///own.db", Path("own"))
    assert load_configuration(None, {}, {}).database_url == "sqlite:///neptune.db"


def test_a_settings_file_whose_folder_no_address_can_carry_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "what?"
    folder.mkdir()
    (folder / "server.toml").write_text("port = 1\n")
    with pytest.raises(ConfigurationError, match="without a question mark"):
        load_configuration(folder / "server.toml", {}, {})


def test_every_type_can_be_written_as_text() -> None:
    options = {"roles": "dashboard, api", "create_projects": "Yes", "tls_key": "key.pem", "trusted_proxies": ""}
    configuration = load_configuration(None, {}, options)
    assert configuration.roles == (ServerRole.DASHBOARD, ServerRole.API)
    assert configuration.create_projects is True
    assert configuration.tls_key == Path("key.pem")
    assert configuration.trusted_proxies == ()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"COLOUR": "blue"}, "unknown name 'colour'"),
        ({"PORT": "8.5"}, "a whole number for the setting port, got '8.5'"),
        ({"ALLOW_INSECURE": "maybe"}, "true or false for the setting allow_insecure, got 'maybe'"),
        ({"LOG_FORMAT": "xml"}, "text or json for the setting log_format, got 'xml'"),
        ({"ROLES": "api,cook"}, "a list of api, dashboard, maintenance for the setting roles, got 'api,cook'"),
        ({"FILE_ROOT": ""}, "a path for the setting file_root"),
    ],
)
def test_wrong_values_are_named_with_their_source(environment: dict[str, str], words: str) -> None:
    variables = {f"NEPTUNE_YOLO_SERVER_{name}": value for name, value in environment.items()}
    with pytest.raises(ConfigurationError, match=words) as caught:
        load_configuration(None, variables, {})
    assert next(iter(variables)) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("port = true\n", "a whole number for the setting port, got True"),
        ("roles = 3\n", "a list of"),
        ("[server]\nport = 1\n", "unknown name 'server'"),
        ("port 1\n", "in TOML"),
    ],
)
def test_wrong_files_are_refused(content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text(content)
    with pytest.raises(ConfigurationError, match=words):
        load_configuration(tmp_path / "server.toml", {}, {})
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_configuration(tmp_path / "missing.toml", {}, {})


def test_secrets_are_not_shown() -> None:
    secret = "postgresql://user:hunter2@host/name"
    assert "hunter2" not in repr(load_configuration(None, {}, {"database_url": secret}))
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(None, {"NEPTUNE_YOLO_SERVER_DATABASE_URL": secret + "\n"}, {})
    assert "hunter2" not in str(caught.value)


PUBLIC = ServerConfiguration(host="0.0.0.0", public_url="https://box.example")


@pytest.mark.parametrize(
    "safe",
    [
        ServerConfiguration(),
        ServerConfiguration(host="::1"),
        ServerConfiguration(host="localhost"),
        replace(PUBLIC, trusted_proxies=("10.0.0.0/8",)),
        replace(PUBLIC, tls_certificate=Path(__file__), tls_key=Path(__file__)),
        replace(PUBLIC, public_url="http://box.example", allow_insecure=True),
    ],
)
def test_safe_settings_pass(safe: ServerConfiguration) -> None:
    safe.check()


@pytest.mark.parametrize(
    ("unsafe", "words"),
    [
        (PUBLIC, "https for an address that others can reach"),
        (replace(PUBLIC, public_url="http://box.example", trusted_proxies=("10.0.0.1",)), "https for an address"),
        (replace(PUBLIC, public_url=None, allow_insecure=True), "public_url together with host"),
        (replace(PUBLIC, public_url="box.example"), "public_url as"),
        (replace(PUBLIC, public_url="https://box.example/"), "public_url as"),
        (replace(PUBLIC, trusted_proxies=("*",)), "IP addresses or networks in trusted_proxies"),
        (ServerConfiguration(tls_key=Path(__file__)), "together"),
        (ServerConfiguration(tls_key=Path(__file__), tls_certificate=Path("no.pem")), "PEM file as tls_certificate"),
        (ServerConfiguration(port=70_000), "port from 0 to 65535"),
        (ServerConfiguration(roles=()), "at least one role"),
    ],
)
def test_unsafe_settings_are_refused(unsafe: ServerConfiguration, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        unsafe.check()


def test_the_table_is_complete() -> None:
    for name in setting_names():
        assert help_text(name).endswith(".")
        assert type_text(name)
        assert isinstance(default_text(name), str)
