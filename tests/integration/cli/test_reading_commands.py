import json
import os
import pty
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import BashComplete
from click.testing import Result

from neptune_yolo.cli import main
from neptune_yolo.transfer.writing import open_destination
from tests.integration.cli.conftest import COMMAND
from tests.service import PROJECT, Service, local_service, opening_runs

MAP = "metrics/mAP50(B)"
Invoke = Callable[..., Result]


@pytest.fixture
def service(sqlite_template: Path, tmp_path: Path) -> Iterator[Service]:
    shutil.copy(sqlite_template, tmp_path / "neptune.db")
    with local_service(f"sqlite:///{tmp_path / 'neptune.db'}", tmp_path, idle_after_seconds=3) as running:
        yield running


@pytest.fixture
def open_run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    with opening_runs(service, monkeypatch) as opener:
        yield opener


@pytest.fixture
def two(open_run: Callable[..., Any], tmp_path: Path) -> list[str]:
    """Identifiers of two runs."""
    (tmp_path / "best.pt").write_bytes(b"weights" * 1000)
    names = []
    for number in range(2):
        run = open_run(name=f"run \x1b[31m{number}", tags=["night"] if number else [])
        run["Configuration/Hyperparameters/lr0"] = 0.01 * (number + 1)
        run["Configuration/Hyperparameters/epochs"] = 10
        run["training/status"] = "completed"
        run[MAP].extend([0.25, 0.5 + number / 4], steps=[1, 2], timestamps=[1e9, 1e9 + 1])
        run["monitoring/abc/stdout"].extend(["\r 1/2", "\r 2/2\n", f"end {number}\n"])
        run["weights/best"].upload(str(tmp_path / "best.pt"))
        run["text"] = "x" * 3000
        run.sync()
        names.append(run["sys/id"].fetch())
    return names


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_runs_are_listed_plain_and_whole_in_a_pipe(invoke: Invoke, two: list[str]) -> None:
    result = invoke("runs", "-c", f"max({MAP}),Configuration/**", "--sort", f"max({MAP})")
    lines = result.stdout.splitlines()
    assert lines[0].split()[:3] == ["ID", "NAME", "STATE"]
    assert f"max({MAP})  Configuration/Hyperparameters/epochs  Configuration/Hyperparameters/lr0" in lines[0]
    assert re.fullmatch(rf"{two[1]}  run 1  \w+ +[-0-9]+ [:0-9]+ +\d s  night +0\.75 +10 +0\.02", lines[1])
    assert "\x1b" not in result.output
    assert [line.split()[0] for line in invoke("runs", "--sort", "name", "--ascending").stdout.splitlines()[1:]] == two


def test_runs_as_json_and_their_exit_codes(invoke: Invoke, two: list[str]) -> None:
    found = _json(invoke("runs", '(sys/tags:stringSet CONTAINS "night")', "-c", MAP, "--json"))
    assert (found["project"], found["total"], len(found["runs"])) == (PROJECT, 1, 1)
    run = found["runs"][0]
    assert (run["id"], run["tags"], run["values"]) == (two[1], ["night"], {MAP: 0.75})
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", run["created"])
    cut = invoke("runs", "-n", "1", "--json")
    assert (json.loads(cut.stdout)["total"], "1 of 2" in cut.stderr) == (2, True)
    nothing = invoke("runs", "(lr0:float > 7)", "--json")
    assert (nothing.exit_code, json.loads(nothing.stdout)["runs"]) == (1, [])
    assert invoke("runs", "no (query").exit_code == 2
    assert invoke("runs", "-p", "local/none").exit_code == 3
    assert invoke("runs", "--limit", "many").exit_code == 2


def test_a_project_that_is_not_there_is_told_with_those_that_are(
    invoke: Invoke, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)
    named = invoke("runs", "-p", "local/none")
    assert (named.exit_code, "nothing was logged" in named.stderr, "spelling" in named.stderr) == (3, True, False)
    with open_destination() as destination:
        destination.project("local/mine")
    named = invoke("runs", "-p", "local/none")
    assert (named.exit_code, "'local/none', which is not there. There are: local/mine." in named.stderr) == (3, True)
    monkeypatch.setenv("NEPTUNE_PROJECT", "local/other")
    assert "'local/other', which is not there. There are: local/mine." in invoke("runs").stderr


def test_a_run_is_shown(invoke: Invoke, two: list[str]) -> None:
    text = invoke("show", two[0]).stdout
    assert re.search(rf"{re.escape(MAP)} +0.5 +0.25 +0.5 +2 +2\n", text)
    assert re.search(r"weights/best +7.0 kB", text)
    assert "\x1b" not in text
    found = _json(invoke("show", f"{PROJECT}/{two[1]}", "--json"))
    values = {attribute["path"]: attribute for attribute in found["attributes"]}
    assert found["run"]["id"] == two[1]
    assert values["text"]["value"] == "x" * 3000
    assert values[MAP]["series"]["maximum"] == 0.75
    assert values["weights/best"]["file"]["size_bytes"] == 7000
    assert invoke("show", two[0], "Configuration").stdout.count("\n") == 3
    assert invoke("show", two[0], "no/such").exit_code == 1
    assert invoke("show", "YOL-77").exit_code == 3
    assert invoke("show", "a/b").exit_code == 2


def test_values_series_and_bytes_are_printed(invoke: Invoke, two: list[str]) -> None:
    assert invoke("get", two[0], "Configuration/Hyperparameters/lr0").stdout == "0.01\n"
    assert invoke("get", two[0], "text").stdout == "x" * 3000 + "\n"
    assert invoke("get", two[0], "Configuration/**").stdout.splitlines()[1].split("\t")[1] == "0.01"
    assert invoke("get", two[0], MAP).stdout == "1\t2001-09-09T01:46:40.000Z\t0.25\n2\t2001-09-09T01:46:41.000Z\t0.5\n"
    assert invoke("get", two[0], "monitoring/abc/stdout").stdout == " 2/2\nend 0\n"
    assert _json(invoke("get", two[1], MAP, "--json"))[0]["points"][1] == [2.0, "2001-09-09T01:46:41.000Z", 0.75]
    assert invoke("get", two[0], "weights/best", "--bytes").stdout_bytes == b"weights" * 1000
    assert invoke("get", two[0], "text", "--bytes").exit_code == 2
    assert invoke("get", two[0], "no/such").exit_code == 3


def test_a_terminal_gets_a_plot_and_nothing_that_is_too_wide(two: list[str]) -> None:
    for arguments, sign in ((["show", two[0]], "┤"), (["runs"], "─")):
        leader, follower = pty.openpty()
        with subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=follower,
            stderr=follower,
            env=os.environ | {"COLUMNS": "80", "TERM": "xterm"},
        ) as process:
            os.close(follower)
            output = b""
            try:
                while piece := os.read(leader, 65536):
                    output += piece
            except OSError:  # the other end is gone
                pass
            assert process.wait(30) == 0
        os.close(leader)
        text = re.sub(r"\x1b\[[0-9;]*m", "", output.decode())
        assert "\x1b" not in text
        assert sign in text
        assert max(len(line) for line in text.replace("\r", "").split("\n") if "attributes:" not in line) <= 80


def test_runs_are_compared_like_diff(invoke: Invoke, two: list[str]) -> None:
    result = invoke("compare", *two)
    assert result.exit_code == 1
    assert re.search(r"Configuration/Hyperparameters/lr0 +0.01 +0.02\n", result.stdout)
    assert re.search(rf"{re.escape(MAP)} +0.5 +0.75 +\+0.25\n", result.stdout)
    assert "epochs" not in result.stdout
    found = json.loads(invoke("compare", *two, "--json").stdout)
    rows = {row["path"]: row["values"] for row in found["attributes"]}
    assert rows["Configuration/Hyperparameters/lr0"] == [{"value": 0.01}, {"value": 0.02}]
    assert rows[MAP][1]["series"]["maximum"] == 0.75
    same = invoke("compare", *two, "--filter", "weights/*")
    assert (same.exit_code, same.stdout) == (0, "They are the same.\n")
    assert invoke("compare", two[0], two[0]).exit_code == 2
    assert invoke("compare", two[0], "YOL-77").exit_code == 3


def test_files_are_downloaded(invoke: Invoke, two: list[str], tmp_path: Path) -> None:
    result = invoke("download", two[0], "weights/*", "-o", tmp_path / "here")
    assert result.stdout.splitlines() == [str(tmp_path / "here" / "weights" / "best.pt")]
    assert (tmp_path / "here" / "weights" / "best.pt").read_bytes() == b"weights" * 1000
    found = _json(invoke("download", two[1], "--json"))
    assert [file["path"] for file in found["files"]] == ["weights/best"]
    content = json.loads((Path(found["folder"]) / "run.json").read_text())
    assert {attribute["path"] for attribute in content["attributes"]} >= {"text", MAP}
    assert invoke("download", two[0], "text").exit_code == 2
    assert invoke("download", two[0], "no/such").exit_code == 3
    (tmp_path / "file").touch()
    assert invoke("download", two[0], "-o", tmp_path / "file" / "below").exit_code == 2


def test_runs_are_deleted_after_a_yes(invoke: Invoke, two: list[str]) -> None:
    unasked = invoke("delete", two[0])
    assert (unasked.exit_code, "--yes" in unasked.stderr) == (2, True)
    assert _json(invoke("delete", two[0], "--yes", "--json")) == {"done": [two[0]], "errors": []}
    assert invoke("runs", "--trashed").stdout.splitlines()[1].startswith(two[0])
    assert invoke("delete", two[0], "--restore").exit_code == 0
    assert invoke("delete", "--nql", '(sys/tags:stringSet CONTAINS "night")', "--yes", "--for-good").exit_code == 0
    assert [run["id"] for run in _json(invoke("runs", "--json"))["runs"]] == [two[0]]
    assert invoke("delete", "--nql", "(lr0:float > 7)", "--yes").exit_code == 1
    assert invoke("delete", "YOL-77", "--yes").exit_code == 3
    assert invoke("delete", "--yes").exit_code == 2
    assert invoke("delete", two[0], "--restore", "--for-good").exit_code == 2


def _kept_alive(run: Any) -> threading.Event:
    """Give signs of life more often than the client itself; return what ends it."""
    ended = threading.Event()

    def ping() -> None:
        while not ended.wait(0.5):
            run._backend.ping(container_id=run._id, container_type=run.container_type)

    threading.Thread(target=ping, daemon=True).start()
    return ended


def test_a_running_run_is_followed_until_it_ends(
    open_run: Callable[..., Any], started_commands: Callable[..., subprocess.Popen[str]]
) -> None:
    run = open_run()
    run["m"].extend([1.0, 2.0, 3.0])
    run["monitoring/abc/stdout"].append("first\n")
    run.sync()
    name = run["sys/id"].fetch()
    ended = _kept_alive(run)
    numbers, texts = started_commands("tail", name, "m", "-n", "2", "--json"), started_commands("tail", name)
    assert texts.stdout is not None
    assert texts.stdout.readline() == "first\n"
    assert numbers.stdout is not None
    assert [json.loads(numbers.stdout.readline())["value"] for _ in range(2)] == [2.0, 3.0]
    run["m"].append(4.0)
    run["monitoring/abc/stdout"].append("second\n")
    run.sync()
    assert json.loads(numbers.stdout.readline())["step"] == 3.0
    assert texts.stdout.readline() == "second\n"
    texts.send_signal(signal.SIGINT)
    assert (texts.wait(20), texts.stdout.read()) == (130, "")
    ended.set()
    assert (numbers.wait(30), numbers.stdout.read()) == (0, "")


def test_the_end_of_an_ended_run_is_shown(invoke: Invoke, open_run: Callable[..., Any]) -> None:
    run = open_run()
    run["monitoring/abc/stdout"].extend([f"line {number}\n" for number in range(5)])
    name = run["sys/id"].fetch()
    run.stop()
    time.sleep(3.1)
    assert invoke("tail", name, "-n", "2").stdout == "line 3\nline 4\n"
    assert invoke("tail", name, "nothing").exit_code == 3
    assert invoke("tail", name, "sys/name").exit_code == 2


def test_a_reader_that_goes_away_is_no_trouble(two: list[str]) -> None:
    command = '"$@" | head -c 10; echo " ${PIPESTATUS[0]}"'
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")
    for arguments in (["show", two[0], "--all"], ["get", two[0], "weights/best", "--bytes"]):
        done = subprocess.run(
            [bash, "-c", command, "bash", *COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stdout[10:] in (" 0\n", " 141\n")
        assert done.stderr == ""


def test_words_are_completed(two: list[str]) -> None:
    completion = BashComplete(main, {}, "neptune-yolo", "_NEPTUNE_YOLO_COMPLETE")

    def complete(*words: str) -> list[str]:
        return [item.value for item in completion.get_completions(list(words[:-1]), words[-1])]

    assert complete("show", "yol") == two[::-1]
    assert complete("get", two[0], "metrics/m") == [MAP]
    assert complete("runs", "--project", "loc") == [PROJECT]
    assert complete("show", "-p", "no/project", "") == []


def test_a_server_that_is_away_is_told_once(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    from neptune_yolo.read import transport
    from neptune_yolo.server.domain.api_token import make_api_token

    monkeypatch.setattr(transport.Transport.__init__, "__kwdefaults__", {"pauses_seconds": ()})
    monkeypatch.setenv("NEPTUNE_API_TOKEN", make_api_token("http://127.0.0.1:9", "secret"))
    monkeypatch.setenv("NEPTUNE_PROJECT", PROJECT)
    result = invoke("runs")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "http://127.0.0.1:9" in result.stderr
    assert invoke("open", "YOL-1", "--no-browser").exit_code == 2


def test_pages_of_another_server_are_linked(invoke: Invoke, two: list[str], service: Service) -> None:
    assert invoke("open", two[0], "--no-browser").stdout == f"{service.url}/{PROJECT}/e/{two[0]}\n"
    assert invoke("open", "--no-browser").stdout == f"{service.url}/\n"
    assert invoke("open", "YOL-77", "--no-browser").exit_code == 3
