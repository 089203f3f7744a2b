import os
import subprocess
import sys
import webbrowser
from collections.abc import Callable

import pytest
from click.testing import Result
from pytest_mock import MockerFixture

from neptune_yolo.cli import COMMANDS
from neptune_yolo.server.administration import embedded_administration
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.embedded import EmbeddedServer, RunningServer
from neptune_yolo.server.services.runs import NewRun
from tests.links import without_tickets

Invoke = Callable[..., Result]
RunCommand = Callable[..., subprocess.CompletedProcess[str]]

HEAVY = ("torch", "ultralytics", "neptune", "sqlalchemy", "uvicorn", "starlette", "cv2", "numpy")
PROGRAM = """
import sys
from neptune_yolo.cli import main
main(sys.argv[1:], standalone_mode=False)
print("loaded:", [name for name in {heavy} if name in sys.modules])
"""


@pytest.mark.parametrize(
    "arguments",
    [(), ("server", "status"), *((command.name,) for command in COMMANDS)],
    ids=lambda arguments: " ".join(arguments) or "the command itself",
)
def test_help_needs_nothing_heavy(arguments: tuple[str, ...]) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(heavy=HEAVY), *arguments, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert "Usage:" in result.stdout
    assert result.stdout.rstrip().endswith("loaded: []")


def test_the_help_lists_every_command(invoke: Invoke) -> None:
    output = invoke("--help").output

    assert all(f"  {command.name} " in output and command.summary in output for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_exists_under_its_name(invoke: Invoke, command: object) -> None:
    name = str(getattr(command, "name", ""))

    assert invoke(name, "--help").output.startswith(f"Usage: main {name} ")


def test_an_unknown_command_is_refused(invoke: Invoke) -> None:
    result = invoke("trian")

    assert result.exit_code == 2
    assert "trian" in result.output


def test_the_version(invoke: Invoke) -> None:
    assert invoke("--version").output.startswith("neptune-yolo, version ")


@pytest.fixture
def runs() -> RunningServer:
    """The embedded server with the run 1 of three projects."""
    running = EmbeddedServer().ensure_running()
    with embedded_administration(None) as administration:
        services = administration.factory.for_caller(Caller("local", is_admin=True))
        for name in ("local/yolo", "local/traffic", "team/traffic"):
            services.runs.create(NewRun(services.projects.get_or_create(name).id, None, None))
    return running


def test_open_prints_links_with_a_ticket(invoke: Invoke, runs: RunningServer) -> None:
    assert without_tickets(invoke("open", "--no-browser").output) == f"{runs.url}/open/*/\n"
    for arguments, path in {
        ("YOL-1",): "/runs/YOL-1",
        ("TRA-1", "-p", "traffic"): "/local/traffic/e/TRA-1",
        ("TRA-1", "-p", "team/traffic"): "/team/traffic/e/TRA-1",
        ("team/traffic/TRA-1",): "/team/traffic/e/TRA-1",
        ("-p", "team/traffic"): "/team/traffic/",
    }.items():
        output = invoke("open", "--no-browser", *arguments).output
        assert without_tickets(output) == f"{runs.url}/open/*{path}\n"


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("YOL-99",), "YOL-99"),
        (("TRA-1", "-p", "yolo"), "local/yolo/TRA-1"),
        (("local/none/YOL-1",), "local/none/YOL-1"),
    ],
)
def test_open_tells_that_a_run_is_not_there(invoke: Invoke, arguments: tuple[str, ...], named: str) -> None:
    result = invoke("open", "--no-browser", *arguments)

    assert result.exit_code == 3
    assert result.stdout == ""
    assert f"got {named!r}, which is not there. Check its id and its project" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("a/b",), 2, "expected a run as YOL-1 or workspace/name/YOL-1, got 'a/b'"),
        (("YOL-1", "-p", "a/b/c"), 1, "--project gave 'a/b/c'"),
        (("YOL-1", "-p", "a b"), 1, "--project gave 'a b'"),
    ],
    ids=["a run of two parts", "a project of three parts", "a project with a blank"],
)
def test_open_refuses_names_of_a_wrong_form(
    invoke: Invoke, arguments: tuple[str, ...], code: int, message: str
) -> None:
    result = invoke("open", "--no-browser", *arguments)

    assert result.exit_code == code
    assert message in " ".join(result.output.split())
    assert EmbeddedServer().running() is None


def test_open_opens_the_browser(invoke: Invoke, mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "a browser")
    opened = mocker.patch.object(webbrowser, "open", return_value=True)

    result = invoke("open")

    opened.assert_called_once_with(result.stdout.strip())


def test_open_says_that_there_is_no_browser(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform != "linux":
        pytest.skip("a desktop is taken for granted elsewhere")

    assert "open the link yourself" in invoke("open").stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_shell_that_evaluates_env_can_log(run_command: RunCommand) -> None:
    lines = run_command("env", "--shell", "bash", no_proxy="intranet", NEPTUNE_PROJECT="it's/mine").stdout
    show = (
        'printf "%s\\n" "$NEPTUNE_API_TOKEN" "$NEPTUNE_PROJECT" "$OAUTHLIB_INSECURE_TRANSPORT" "$NO_PROXY" "$no_proxy"'
    )
    shown = subprocess.run(
        ["sh", "-c", f"{lines}\n{show}"], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True
    ).stdout.splitlines()

    running = EmbeddedServer().running()
    assert running is not None
    assert shown == [
        running.api_token,
        "it's/mine",
        "1",
        "127.0.0.1,localhost",
        "intranet,127.0.0.1,localhost",
    ]


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "export NEPTUNE_PROJECT='it'\"'\"'s/mine'"),
        ("fish", r"set -gx NEPTUNE_PROJECT 'it\'s/mine'"),
        ("powershell", "$env:NEPTUNE_PROJECT = 'it''s/mine'"),
        ("cmd", 'set "NEPTUNE_PROJECT=it\'s/mine"'),
    ],
)
def test_each_shell_has_its_quoting(invoke: Invoke, shell: str, line: str) -> None:
    result = invoke("env", "--shell", shell, "-p", "it's/mine")

    assert result.exit_code == 0
    assert line in result.output.splitlines()


@pytest.mark.parametrize(("value", "expected"), [("/usr/bin/fish", "set -gx "), ("/bin/zsh", "export ")])
def test_the_shell_of_the_user_is_the_default(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, value: str, expected: str
) -> None:
    monkeypatch.setenv("SHELL", value)

    assert all(line.startswith(expected) for line in invoke("env").stdout.splitlines())
