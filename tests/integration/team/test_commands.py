"""``neptune-yolo user``, ``token`` and ``project``, on the database of a server that runs."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

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
    command("token", "revoke", listed.splitlines()[1].split()[0])
    with pytest.raises(Unauthorized):
        management.get_project_list()
    assert "revoked" in command("token", "list").stdout
    for words in (("user", "disable", "nobody"), ("token", "create", "nobody"), ("token", "revoke", "none")):
        command(*words, code=3)
    command("user", "password", "ann", "--from", "stdin", typed="another password\n")
    assert [line.split()[:2] for line in command("user", "list").stdout.splitlines()[1:]] == [
        ["ann", "yes"],
        ["root", "yes"],
    ]


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


def test_commands_ask_which_server_is_meant(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command("project", "list", "--home", "nowhere", "--database-url", "sqlite://", code=2)
    command("project", "list", "--home", "nowhere", code=1)
    monkeypatch.delenv("NEPTUNE_YOLO_SERVER_DATABASE_URL")
    assert "Say which server" in command("user", "list", code=2).output


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
