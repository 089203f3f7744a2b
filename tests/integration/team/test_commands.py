"""``neptune-yolo user``, ``token`` and ``project``, on the database of a server that runs."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.engine import make_url

from neptune_yolo.cli import main
from neptune_yolo.server.app import create_app
from neptune_yolo.server.settings import ServerSettings

Command = Callable[..., Result]


@pytest.fixture
def command(team: Any, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("NEPTUNE_YOLO_SERVER_DATABASE_URL", team.settings.database_url)
    monkeypatch.setenv("NEPTUNE_YOLO_SERVER_FILE_ROOT", str(team.settings.file_root))

    def run(*words: str, code: int = 0, typed: str | None = None) -> Result:
        result = CliRunner().invoke(main, words, input=typed)
        assert result.exit_code == code, result.output
        return result

    return run


def test_a_user_is_made_works_and_is_disabled(
    team: Any, command: Command, as_client: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    from neptune import management
    from neptune.exceptions import Unauthorized

    caplog.set_level(logging.DEBUG, "neptune_yolo")
    command("user", "add", "ann", "--owner-of", "team", "--password", "stdin", typed="a good password\n")
    command("user", "add", "ann", code=4)
    command("user", "add", "a b", code=1)
    command("user", "add", "bob", "--password", "stdin", typed="short\n", code=1)
    made = command("token", "create", "ann", "--label", "laptop", "--days", "3", "--public-url", team.url)
    assert "It is shown only now" in made.stderr
    team.tokens["ann"] = made.stdout.strip()
    as_client("ann")
    assert management.create_project("team/one") == "team/one"
    assert "a good password" not in caplog.text
    assert team.tokens["ann"] not in caplog.text
    listed = command("token", "list", "ann").stdout
    assert ("laptop" in listed, " yes " in listed, team.tokens["ann"] in listed) == (True, True, False)
    command("user", "disable", "ann")
    with pytest.raises(Unauthorized):
        management.get_project_list()
    command("user", "enable", "ann")
    assert management.get_project_list() == ["team/one"]
    token_id = listed.splitlines()[1].split()[0]
    assert command("token", "revoke", token_id).stdout == f"Token {token_id} is revoked.\n"
    assert f"Token {token_id} was revoked already, on 20" in command("token", "revoke", token_id).stdout
    with pytest.raises(Unauthorized):
        management.get_project_list()
    assert "revoked" in command("token", "list").stdout
    for words, listing in (
        (("user", "disable", "nobody"), "user"),
        (("token", "create", "nobody"), "user"),
        (("token", "revoke", "none"), "token"),
        (("project", "members", "team/none"), "project"),
    ):
        output = command(*words, code=3).output
        assert output.endswith(f"Check its spelling. `neptune-yolo {listing} list` lists all.\n")
    command("user", "password", "ann", "--from", "stdin", typed="another password\n")
    assert [line.split()[:2] for line in command("user", "list").stdout.splitlines()[1:]] == [
        ["ann", "yes"],
        ["root", "yes"],
    ]


def test_a_token_for_plain_http_comes_with_what_it_needs(command: Command) -> None:
    command("user", "add", "ann")
    plain = command("token", "create", "ann", "--public-url", "http://127.0.0.1:8080")
    assert ", without an end. It is shown only now" in plain.stderr
    assert plain.stderr.endswith("\nexport OAUTHLIB_INSECURE_TRANSPORT=1\n")
    assert len(plain.stdout.splitlines()) == 1
    safe = command("token", "create", "ann", "--public-url", "https://box.example", "--days", "1")
    assert "OAUTHLIB" not in safe.output
    assert ", until 20" in safe.stderr


def test_a_workspace_that_is_made_by_the_way_is_told(command: Command) -> None:
    made = "Workspace new is made: there was none of that name."
    assert made in command("user", "add", "ann", "--member-of", "new").stdout
    assert "is made: there" not in command("user", "add", "bob", "--owner-of", "new").stdout
    assert "Workspace other is made" in command("user", "join", "ann", "other").stdout
    assert "is made" not in command("user", "join", "bob", "other").stdout


def test_projects_and_members_by_hand(command: Command) -> None:
    command("user", "add", "ann", "--member-of", "team")
    command("user", "add", "ci", "--service-account")
    command("project", "create", "team/one", "--key", "ONE", "--visibility", "priv")
    command("project", "create", "team/one", code=4)
    command("project", "create", "team/two", "--key", "ONE", code=4)
    command("project", "create", "team/two", "--key", "a key", code=1)
    command("project", "add-member", "team/one", "ann", "--role", "viewer")
    command("project", "add-member", "team/one", "ann", "--role", "owner")
    command("project", "add-member", "team/one", "ci")
    command("project", "add-member", "team/one", "nobody", code=3)
    members = command("project", "members", "team/one").stdout.splitlines()[1:]
    assert [line.split() for line in members] == [["ann", "owner", "no"], ["ci", "contributor", "yes"]]
    command("project", "remove-member", "team/one", "ci")
    command("project", "remove-member", "team/one", "ci", code=3)
    command("user", "join", "ci", "team", "--role", "owner")
    assert command("project", "members", "team/one").stdout.splitlines()[2].split() == ["ci", "owner", "yes"]
    command("user", "leave", "ci", "team")
    command("user", "leave", "ci", "team", code=3)
    assert "team/one" in command("project", "list", "--workspace", "team").stdout
    command("project", "delete", "team/one", typed="n\n", code=1)
    command("project", "delete", "team/one", "--yes")
    command("project", "delete", "team/one", "--yes", code=3)


def test_commands_ask_which_server_is_meant(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    command("project", "list", "--home", "nowhere", "--database-url", "sqlite://", code=2)
    command("project", "list", "--home", "nowhere", code=1)
    monkeypatch.delenv("NEPTUNE_YOLO_SERVER_DATABASE_URL")
    assert "Expected a team server, got none" in command("user", "list", code=2).output  # there is a file_root
    monkeypatch.delenv("NEPTUNE_YOLO_SERVER_FILE_ROOT")
    assert "Expected a team server, got none" in command("token", "list", code=2).output
    message = command("user", "list", code=1).output
    assert message.startswith("Error: Expected a server to work on, got none that is named")
    assert f"no embedded server has data in {tmp_path / 'data'}" in message
    assert [word for word in ("--config", "--database-url", "--home") if word not in message] == []


def test_a_new_database_is_made_and_named_once(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEPTUNE_YOLO_SERVER_DATABASE_URL", empty_database_url)
    url = make_url(empty_database_url)
    first, second = (CliRunner().invoke(main, ["user", "add", name]) for name in ("ann", "bob"))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert first.stderr.startswith(f"Made the database {url.drivername.partition('+')[0]}:")
    assert first.stderr.endswith(f"{Path(url.database or '').name}.\n")
    assert "***" not in first.stderr
    assert url.password is None or url.password not in first.stderr
    assert second.stderr == ""


def test_the_database_of_a_settings_file_lies_beside_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "server.toml").write_text('database_url = "sqlite:///team.db"\n')
    words = ["--config", "../settings/server.toml"]
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    made = CliRunner().invoke(main, ["user", "add", "ann", *words])
    assert made.stderr == f"Made the database sqlite:///{(tmp_path / 'settings' / 'team.db').as_posix()}.\n"
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("missing/team.db", ["There is no folder", "missing", "correct database_url"]),
        ("text.db", ["text.db", "file is not a database", "may be written"]),
    ],
)
def test_a_database_that_cannot_be_opened_is_named(place: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, " * 100)
    result = CliRunner().invoke(main, ["user", "list", "--database-url", f"sqlite:///{tmp_path / place}"])
    assert result.exit_code == 1
    assert f"Error: Expected to open the database sqlite:///{(tmp_path / place).as_posix()}, got" in result.output
    assert [word for word in words if word not in result.output] == []
    assert "tries again" not in result.output


def test_figures_of_a_missing_database_make_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEPTUNE_YOLO_SERVER_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    result = CliRunner().invoke(main, ["stats"])
    assert result.exit_code == 1
    assert f"{(tmp_path / 'none.db').as_posix()}, but there is no such file" in result.output
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "none.db").touch()
    result = CliRunner().invoke(main, ["stats"])
    assert f"in the database sqlite:///{(tmp_path / 'none.db').as_posix()}, got none" in result.output


def test_the_embedded_server_has_projects_too(data_folder: Any) -> None:
    data_folder.mkdir()
    create_app(
        ServerSettings(
            database_url=f"sqlite:///{data_folder / 'neptune.db'}",
            file_root=data_folder / "files",
            api_secret="x",
            signing_key="y",
            page_key="z",
            public_url="http://127.0.0.1",
        )
    )
    run = CliRunner().invoke
    assert run(main, ["project", "create", "any/one", "--home", str(data_folder)]).exit_code == 0
    listed = run(main, ["project", "members", "any/one", "--home", str(data_folder)]).stdout
    assert listed.splitlines()[1].split() == ["local", "owner", "no"]
    by_default = run(main, ["project", "list"])
    assert by_default.exit_code == 0
    assert by_default.stdout.splitlines()[1].startswith("any/one")
    assert by_default.stderr.startswith(f"This is the embedded server of {data_folder};")
