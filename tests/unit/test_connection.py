import base64
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from neptune_yolo.connection import (
    allow_loopback,
    check_reachable,
    choose_api_token,
    choose_mode,
    choose_project,
    is_loopback,
    open_connection,
    prepare_queue_folder,
    server_address,
)
from neptune_yolo.exceptions import (
    ApiTokenError,
    HostedServiceTokenError,
    InsecureServerAddressError,
    MalformedApiTokenError,
    ProjectMissingError,
    ProjectNameError,
    QueueFolderNotWritableError,
    ServerUnreachableError,
    SettingsError,
)
from neptune_yolo.settings import Mode, NeptuneSettings


def make_token(**content: str) -> str:
    return base64.b64encode(json.dumps(content).encode()).decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("content", "address"),
    [
        pytest.param({"api_address": "https://n.example.org"}, "https://n.example.org", id="https"),
        pytest.param({"api_address": "https://n.example.org/"}, "https://n.example.org", id="slash at the end"),
        pytest.param({"api_address": "https://a", "api_url": "https://b:1"}, "https://b:1", id="api_url goes first"),
        pytest.param({"api_address": "n.example.org"}, "https://n.example.org", id="https is understood"),
        pytest.param({"api_address": "http://127.0.0.1:5"}, "http://127.0.0.1:5", id="http on this machine"),
        pytest.param({"api_address": "http://localhost:5"}, "http://localhost:5", id="http on localhost"),
    ],
)
def test_a_token_names_its_server(content: dict[str, str], address: str) -> None:
    assert server_address(make_token(**content), "a test") == address


@pytest.mark.parametrize(
    ("token", "error"),
    [
        pytest.param("ANONYMOUS", HostedServiceTokenError, id="the hosted service's anonymous user"),
        pytest.param(make_token(api_address="https://app.neptune.ai"), HostedServiceTokenError, id="hosted service"),
        pytest.param(
            make_token(api_address="https://app.neptune.ai", api_url="https://eu.app.neptune.ai"),
            HostedServiceTokenError,
            id="hosted service's region",
        ),
        pytest.param("no base64!", MalformedApiTokenError, id="not base64"),
        pytest.param(base64.b64encode(b"no json").decode(), MalformedApiTokenError, id="not JSON"),
        pytest.param(base64.b64encode(b"[1]").decode(), MalformedApiTokenError, id="not an object"),
        pytest.param(make_token(api_key="x"), MalformedApiTokenError, id="no address"),
        pytest.param(make_token(api_address="ftp://n.example.org"), MalformedApiTokenError, id="no web server"),
        pytest.param("ключ", MalformedApiTokenError, id="not ASCII"),
        pytest.param(make_token(api_address="http://n.example.org"), InsecureServerAddressError, id="http elsewhere"),
        pytest.param(make_token(api_address="http://10.0.0.1"), InsecureServerAddressError, id="http in a network"),
    ],
)
def test_a_token_that_cannot_be_used_says_why(token: str, error: type[ApiTokenError]) -> None:
    with pytest.raises(error):
        server_address(token, "NEPTUNE_API_TOKEN")


def test_the_hosted_service_gets_one_sentence_about_it() -> None:
    with pytest.raises(HostedServiceTokenError) as caught:
        server_address("ANONYMOUS", "NEPTUNE_API_TOKEN")

    assert "shut down on 2026-03-05" in str(caught.value)
    assert "unset NEPTUNE_API_TOKEN" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_error_does_not_show_the_token() -> None:
    token = make_token(api_address="http://n.example.org", api_key="secret")

    with pytest.raises(InsecureServerAddressError) as caught:
        server_address(token, "NEPTUNE_API_TOKEN")

    assert "https" in str(caught.value)
    assert token not in str(caught.value)


def test_settings_go_before_the_environment_for_the_token() -> None:
    environment = {"NEPTUNE_API_TOKEN": " from environment\n"}

    assert choose_api_token(NeptuneSettings(api_token="own"), environment)[0] == "own"
    assert choose_api_token(NeptuneSettings(), environment)[0] == "from environment"
    assert choose_api_token(NeptuneSettings(), {"NEPTUNE_API_TOKEN": "  "})[0] is None
    assert choose_api_token(NeptuneSettings(), {})[0] is None


@pytest.mark.parametrize(
    ("setting", "variable", "ultralytics", "chosen"),
    [
        pytest.param("a/b", "c/d", "e/f", "a/b", id="the setting goes first"),
        pytest.param(None, "c/d", "e/f", "c/d", id="then the environment"),
        pytest.param(None, None, "e/f", "e/f", id="then Ultralytics' argument"),
        pytest.param(None, "", "e/f", "e/f", id="an empty variable is none"),
        pytest.param(None, None, None, None, id="nobody names one"),
        pytest.param(None, None, "folder", None, id="a folder"),
        pytest.param(None, None, "a/b/c", None, id="a deeper folder"),
        pytest.param(None, None, "/tmp/x", None, id="an absolute folder"),
        pytest.param(None, None, "/tmp", None, id="an absolute folder with one slash"),
        pytest.param(None, None, "./x", None, id="a folder here"),
        pytest.param(None, None, "../x", None, id="a folder above"),
        pytest.param(None, None, "~/x", None, id="a folder at home"),
        pytest.param(None, None, "C:/x", None, id="a Windows folder"),
        pytest.param(None, None, "a\\b/c", None, id="a mixed Windows folder"),
        pytest.param(None, None, "runs/detect", None, id="Ultralytics' own folder"),
        pytest.param(None, None, "my runs/x", None, id="a folder with a blank"),
        pytest.param(None, None, "a/", None, id="a folder with a slash at its end"),
    ],
)
def test_the_order_of_precedence_for_the_project(
    setting: str | None, variable: str | None, ultralytics: str | None, chosen: str | None
) -> None:
    environment = {} if variable is None else {"NEPTUNE_PROJECT": variable}

    assert choose_project(NeptuneSettings(project=setting), ultralytics, environment)[0] == chosen


def test_the_order_of_precedence_for_the_mode() -> None:
    assert choose_mode(NeptuneSettings(mode="debug"), {"NEPTUNE_MODE": "offline"}) is Mode.DEBUG
    assert choose_mode(NeptuneSettings(), {"NEPTUNE_MODE": "offline"}) is Mode.OFFLINE
    assert choose_mode(NeptuneSettings(), {}) is Mode.ASYNC
    with pytest.raises(SettingsError, match="NEPTUNE_MODE must be one of async, sync, offline, debug"):
        choose_mode(NeptuneSettings(), {"NEPTUNE_MODE": "read-only"})


@pytest.mark.parametrize("project", ["a/b/c", "/b", "a/", "", " ", "a b/c", "a/b ", "a//b", "/"])
def test_a_project_of_a_wrong_form_is_refused_before_anything_starts(project: str, data_folder: Path) -> None:
    with pytest.raises(ProjectNameError, match="workspace/name"):
        open_connection(NeptuneSettings(project=project))

    assert not data_folder.exists()


def test_a_wrong_project_is_refused_offline_as_well() -> None:
    os.environ["NEPTUNE_PROJECT"] = "a/b/c"

    with pytest.raises(ProjectNameError, match="NEPTUNE_PROJECT"):
        open_connection(NeptuneSettings(mode="offline"))


def test_another_server_needs_a_project() -> None:
    token = make_token(api_address=f"http://127.0.0.1:{free_port()}")

    with pytest.raises(ProjectMissingError, match="NEPTUNE_PROJECT"):
        open_connection(NeptuneSettings(api_token=token))


def test_a_dead_server_fails_fast() -> None:
    token = make_token(api_address=f"http://127.0.0.1:{free_port()}")
    began = time.monotonic()

    with pytest.raises(ServerUnreachableError, match="on_unreachable='offline'"):
        open_connection(NeptuneSettings(api_token=token, project="a/b"))

    assert time.monotonic() - began < 5


def test_a_dead_server_is_waited_for_offline_if_so_set(caplog: pytest.LogCaptureFixture) -> None:
    token = make_token(api_address=f"http://127.0.0.1:{free_port()}")

    connection = open_connection(NeptuneSettings(api_token=token, project="a/b", on_unreachable="offline"))

    assert connection.mode is Mode.OFFLINE
    assert connection.project == "a/b"
    assert "neptune-yolo sync" in caplog.text


def test_a_bad_token_is_an_error_even_if_the_server_may_be_dead() -> None:
    with pytest.raises(MalformedApiTokenError):
        open_connection(NeptuneSettings(api_token="?", project="a/b", on_unreachable="offline"))


@pytest.fixture
def answering_server(request: pytest.FixtureRequest) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("answering_server", [200, 404, 401], indirect=True)
def test_any_answer_is_a_sign_of_life(answering_server: str) -> None:
    check_reachable(answering_server, timeout_seconds=5)


@pytest.mark.parametrize("answering_server", [502, 503, 504], indirect=True)
def test_a_gateway_without_a_server_is_no_sign_of_life(answering_server: str) -> None:
    with pytest.raises(ServerUnreachableError, match="50"):
        check_reachable(answering_server, timeout_seconds=5)


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ServerUnreachableError):
            check_reachable(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.2)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://localhost:1", True),
        ("http://[::1]:1", True),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://10.0.0.1", False),
        ("", False),
    ],
)
def test_which_addresses_are_of_this_machine(url: str, *, loopback: bool) -> None:
    assert is_loopback(url) is loopback


def test_plain_http_is_allowed_for_this_machine_only() -> None:
    allow_loopback("https://n.example.org")
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ

    allow_loopback("http://127.0.0.1:1")
    assert os.environ["OAUTHLIB_INSECURE_TRANSPORT"] == "1"


def test_proxies_are_passed_by_and_other_exceptions_kept() -> None:
    os.environ["NO_PROXY"] = "intranet.example.org"

    allow_loopback("http://127.0.0.1:1")
    allow_loopback("http://127.0.0.1:1")

    assert os.environ["NO_PROXY"] == "intranet.example.org,127.0.0.1,localhost"


def test_the_queue_folder_becomes_absolute(tmp_path: Path) -> None:
    os.environ["NEPTUNE_DATA_DIRECTORY"] = "my queue ä"

    assert prepare_queue_folder() == tmp_path / "work" / "my queue ä"
    assert os.environ["NEPTUNE_DATA_DIRECTORY"] == str(tmp_path / "work" / "my queue ä")


def test_a_queue_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "work" / ".neptune").write_text("in the way", encoding="utf-8")

    with pytest.raises(QueueFolderNotWritableError, match="NEPTUNE_DATA_DIRECTORY"):
        open_connection(NeptuneSettings(mode="offline"))
