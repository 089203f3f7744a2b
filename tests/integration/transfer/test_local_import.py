"""What clients have left for a server that is gone comes to another server, by the client's own sync."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neptune_yolo.cli import import_local, main
from neptune_yolo.tracking.resume import RunNote, write_note
from neptune_yolo.transfer.neptune_local import importing, staging
from neptune_yolo.transfer.writing import Destination
from tests.client import QUIET
from tests.service import PROJECT, Service, local_service, opening_runs

Import = Callable[..., Result]
PROGRAM = Path(__file__).parent / "leaving_program.py"
TIMEOUT_SECONDS = 60


def log_offline(folder: Path) -> None:
    """Log to an offline run of the client, with its queue in a folder."""
    import neptune
    from neptune.types import File

    run = neptune.init_run(mode="offline", name="night", tags=["a"], **QUIET)
    for step in range(20):
        run["train/loss"].append(1 / (step + 1), step=step / 2)
    run["note"] = "grüße"
    run["blob"].upload(File.from_content(b"abc", extension="bin"))
    run["sources"].upload_files(f"{folder}/*.txt")
    run.stop()


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "neptune.db")
    return f"sqlite:///{tmp_path / 'neptune.db'}"


@pytest.fixture
def invoke(service: Service, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)
    return lambda *arguments: CliRunner().invoke(main, ["import", "neptune-local", *map(str, arguments)])


def report_of(result: Result, exit_code: int = 0) -> Any:
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def write_queue(root: Path, name: str, operations: list[Any], *, acknowledged: int = 0) -> Path:
    """Write a queue as the client does; a text stands for a line as it is."""
    queue = root / ".neptune" / "async" / name
    (queue / "upload_path").mkdir(parents=True)
    lines = [
        line
        if isinstance(line, str)
        else json.dumps({"obj": line, "version": version, "at": 1_780_000_000.0 + version})
        for version, line in enumerate(operations, 1)
    ]
    (queue / "data-1.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (queue / "last_put_version").write_text(str(len(lines)), encoding="utf-8")
    (queue / "last_ack_version").write_text(str(acknowledged), encoding="utf-8")
    return queue


def floats(path: str, *values: float, first: int = 0) -> dict[str, Any]:
    points = [{"value": value, "step": first + at, "ts": 1_780_000_000.0 + at} for at, value in enumerate(values)]
    return {"type": "LogFloats", "path": path.split("/"), "values": points}


def text(path: str, value: str) -> dict[str, Any]:
    return {"type": "AssignString", "path": path.split("/"), "value": value}


def test_an_offline_run_comes_with_all_that_it_has_once(
    invoke: Import, destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "left"
    left.mkdir()
    (left / "a.txt").write_text("beside", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setenv("NEPTUNE_DATA_DIRECTORY", str(left / ".neptune"))
        log_offline(left)
    (queue,) = (left / ".neptune" / "offline").iterdir()
    before = snapshot(left)

    planned = report_of(invoke(left, "--dry-run", "--json", "--even-if-running"))
    assert planned["runs"][0]["details"]["LogFloats operations"] == 20
    report = report_of(invoke(left, "--json", "--even-if-running"))

    (run,) = report["runs"]
    assert (run["outcome"], run["run"], run["points"], run["problems"]) == ("new", "YOL-1", 20, [])
    assert snapshot(left) == before
    head = destination.api.run(PROJECT, "YOL-1")
    created = json.loads((queue / "metadata.json").read_text(encoding="utf-8"))
    assert head.custom_run_id == created["containerId"]
    assert (head.name, head.tags) == ("night", ["a"])
    assert abs(head.created_ms - datetime.fromisoformat(created["createdAt"]).timestamp() * 1000) <= 1
    held = destination.attributes(PROJECT, "YOL-1")
    assert held["note"].value == "grüße"
    assert held["blob"].file is not None
    assert held["blob"].file.size_bytes == 3
    assert held["sources"].type == "fileSet"

    again = report_of(invoke(left, "--json", "--even-if-running"))
    assert [run["outcome"] for run in again["runs"]] == ["unchanged"]
    series = destination.attributes(PROJECT, "YOL-1")["train/loss"].series
    assert series is not None
    assert (series.count, series.last_step) == (20, 9.5)


def leave(tmp_path: Path, sqlite_template: Path) -> Path:
    """Let a program log to a server, kill both, and return the folder in which the program ran."""
    left, signs, former = tmp_path / "left", tmp_path / "signs", tmp_path / "former"
    for folder in (left, signs, former):
        folder.mkdir()
    (left / "beside.txt").write_text("beside", encoding="utf-8")
    shutil.copy(sqlite_template, former / "neptune.db")
    with local_service(f"sqlite:///{former / 'neptune.db'}", former) as server:
        environment = {"NEPTUNE_API_TOKEN": server.token, "NEPTUNE_PROJECT": PROJECT}
        environment |= {"OAUTHLIB_INSECURE_TRANSPORT": "1", "NO_PROXY": "127.0.0.1"}
        program = subprocess.Popen([sys.executable, PROGRAM, signs], cwd=left, env=os.environ | environment)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not (signs / "ready").exists():
            assert program.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
    (signs / "go").touch()
    assert program.wait(timeout=TIMEOUT_SECONDS) == 9
    return left


@pytest.mark.skipif(sys.platform == "win32", reason="kills in the way of POSIX")
def test_everything_of_a_killed_program_and_a_dead_server_is_saved(
    invoke: Import, destination: Destination, tmp_path: Path, sqlite_template: Path
) -> None:
    left = leave(tmp_path, sqlite_template)
    (queue,) = (left / ".neptune" / "async").glob("run__*")
    with (queue / "data-1.log").open("a", encoding="utf-8") as log:
        log.write('{"obj": {"type": "LogFloats", "path": ["train", "lo')
    before = snapshot(left)

    report = report_of(invoke(left, "--json"))

    assert snapshot(left) == before
    runs = {run["source"].split("/")[-1].split("__")[0]: run for run in report["runs"]}
    assert {kind: run["outcome"] for kind, run in runs.items()} == dict.fromkeys(
        ("run", "model", "model_version", "project"), "new"
    )
    held = destination.attributes(PROJECT, runs["run"]["run"])
    series = held["train/loss"].series
    assert series is not None
    assert (series.count, series.last_step) == (100, 99)
    assert held["words"].series is not None
    assert held["words"].series.count == 2
    assert held["config/lr"].value == 0.1
    assert {"unsent/file", "beside"} <= set(held)
    problems = "\n".join(runs["run"]["problems"])
    assert "of 'sent/file': its file was sent to the former server" in problems
    assert "it is torn: the program ended while it was written" in problems
    head = destination.api.run(PROJECT, runs["run"]["run"])
    assert (head.name, head.tags, head.custom_run_id) == ("night shift", ["old"], queue.name.split("__")[1])
    assert destination.attributes(PROJECT, runs["model"]["run"])["purpose"].value == "signs"
    assert destination.attributes(PROJECT, runs["model_version"]["run"])["weights/size"].value == 7
    assert destination.attributes(PROJECT, "YOL")["brief"].value == "all runs"
    assert "has one of its own here" in "\n".join(runs["model_version"]["problems"])

    again = report_of(invoke(left, "--json"))
    assert {run["outcome"] for run in again["runs"]} == {"unchanged"}
    assert [run["run"] for run in again["runs"]] == [run["run"] for run in report["runs"]]
    words = destination.attributes(PROJECT, runs["run"]["run"])["words"].series
    assert words is not None
    assert words.count == 2


def test_a_hostile_folder_sends_no_file_of_others_and_deletes_none(
    invoke: Import, destination: Destination, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mine", encoding="utf-8")
    left = tmp_path / "left"
    left.mkdir()
    (left / "own.txt").write_text("own", encoding="utf-8")
    (left / "link.txt").symlink_to(secret)
    (left / "[link].txt").symlink_to(secret)
    upload = {"type": "UploadFile", "ext": "txt"}
    operations: list[Any] = [
        {**upload, "path": ["a"], "file_path": str(secret), "tmp_file_name": None, "clean_after_upload": True},
        {**upload, "path": ["b"], "file_path": None, "tmp_file_name": "../../../../secret.txt"},
        {**upload, "path": ["c"], "file_path": None, "tmp_file_name": str(secret)},
        {**upload, "path": ["d"], "file_path": str(left / "link.txt")},
        {**upload, "path": ["r"], "file_path": str(left / "[link].txt")},
        {**upload, "path": ["e"], "file_path": str(left / "own.txt"), "clean_after_upload": True},
        {**upload, "path": ["f"], "file_path": str(left / "gone.txt")},
        {"type": "UploadFileSet", "path": ["g"], "file_globs": [f"{tmp_path}/*.txt"], "reset": "False"},
        {"type": "UploadFileSet", "path": ["q"], "file_globs": [f"{left}/*.txt"], "reset": "False"},
        {"type": "TrackFilesToArtifact", "path": ["h"], "project_id": "x", "entries": [[f"file://{secret}", None]]},
        {"type": "TrackFilesToArtifact", "path": ["i"], "project_id": "x", "entries": [["s3://bucket/key", None]]},
        {"type": "CopyAttribute", "path": ["j"], "container_id": "x", "container_type": "run", "source_path": ["k"]},
        {"type": "Explode", "path": ["l"]},
        {"type": "AssignInt", "path": ["m"], "value": "seven"},
        {"type": "AssignFloat", "path": "n", "value": 1.0},
        '{"version": 14, "obj": 5}',
        "no JSON",
        "[" * 100_000,
        floats("o", 1.0, float("nan"), 3.0),
        floats("o", 4.0),
        text("p", "kept"),
    ]
    write_queue(left, "run__0f0f__4194301__abcdefgh", operations)
    (left / ".neptune" / "async" / "strange__x__1__y").mkdir()
    before = snapshot(tmp_path)

    report = report_of(invoke(left, "--json"), exit_code=1)

    (run,) = report["runs"]
    held = destination.attributes(PROJECT, run["run"])
    assert {path for path in held if not path.startswith(("sys/", "import/"))} == {"e", "o", "p"}
    assert held["o"].series is not None
    assert held["o"].series.count == 2
    assert held["p"].value == "kept"
    assert secret.read_text(encoding="utf-8") == "mine"
    changed = {name for name, content in snapshot(tmp_path).items() if before.get(name) != content}
    assert {Path(name).name for name in changed if name.startswith(str(left))} == set()
    lost = [difference["path"] for difference in run["differences"]]
    assert lost == [*"abcdrfgqhijlm", *4 * ["operations"]]
    problems = "\n".join([*(difference["found"] for difference in run["differences"]), *run["problems"]])
    for part in (
        f"{secret} lies outside",
        "'../../../../secret.txt' is no name of a file",
        "/link.txt lies outside",
        "/[link].txt lies outside",
        ".txt leads out of",
        "gone.txt is gone",
        f"{tmp_path}/*.txt lies outside",
        "it lists files of s3://",
        "it copies an attribute",
        "does not know such an operation",
        "its value is no int",
        "it is no operation",
        "o: 2 points are not finite, or their steps do not rise",
    ):
        assert part in problems, part
    assert any("its name is not one of the client's" in line for line in report["skipped"])

    there = report_of(invoke(left, "--json", "--project", "local/other", "--files-from-anywhere"), exit_code=1)["runs"][
        0
    ]
    assert {"a", "e"} <= set(destination.attributes("local/other", there["run"]))
    assert secret.exists()


def test_an_import_that_was_cut_off_goes_on_and_doubles_nothing(
    invoke: Import, destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def word(at: int) -> dict[str, Any]:
        points = [{"value": "a", "step": None, "ts": 1_780_000_000.0 + at}]
        return {"type": "LogStrings", "path": ["words"], "values": points}

    queue = write_queue(
        tmp_path / "left", "run__0f0f__4194301__abcdefgh", [floats("loss", *range(5)), *map(word, range(9))]
    )
    monkeypatch.setattr(importing, "SLICE_OPERATIONS", 3)
    monkeypatch.setenv("NEPTUNE_ASYNC_BATCH_SIZE", "2")
    sync, staged, parts = import_local._sync, staging.stage, list[int]()

    def stage(folder: Path, queue: Any, records: list[Any], *arguments: Any) -> Path:
        parts.append(len(records))
        return staged(folder, queue, records[:2] if len(parts) == 2 else records, *arguments)

    def cut_off(server: Any, root: Path) -> str:
        problem = sync(server, root)
        if len(parts) == 2:
            raise KeyboardInterrupt  # the first of two batches is sent, and not the note that all is
        return problem

    with monkeypatch.context() as patched:
        patched.setattr(importing, "stage", stage)
        patched.setattr(import_local, "_sync", cut_off)
        assert invoke(tmp_path / "left").exit_code == 1
    assert "import/finished" not in destination.attributes(PROJECT, "YOL-1")

    assert report_of(invoke(tmp_path / "left", "--json"))["is_good"]
    held = destination.attributes(PROJECT, "YOL-1")
    assert held["words"].series is not None
    assert held["words"].series.count == 9
    assert json.loads(str(held["import/sent"].value)) == {queue.name: 10}

    with (queue / "data-1.log").open("a", encoding="utf-8") as log:  # the program went on offline
        log.write(json.dumps({"obj": word(9), "version": 11, "at": 1_780_000_099.0}) + "\n")
    (queue / "last_put_version").write_text("11", encoding="utf-8")
    report = report_of(invoke(tmp_path / "left", "--json"))
    assert report["runs"][0]["outcome"] == "continued"
    words = destination.attributes(PROJECT, "YOL-1")["words"].series
    assert words is not None
    assert words.count == 10


def test_what_the_former_server_had_is_named_and_what_nobody_has_is_a_difference(
    invoke: Import, tmp_path: Path
) -> None:
    upload = {"type": "UploadFile", "ext": "txt", "tmp_file_name": None}
    operations = [
        text("a", "1"),
        text("b", "2"),
        upload | {"path": ["sent"], "file_path": str(tmp_path / "sent.txt")},
        text("c", "3"),
        text("d", "4"),
        upload | {"path": ["later"], "file_path": str(tmp_path / "later.txt")},
        upload | {"path": ["gone"], "file_path": str(tmp_path / "gone.txt")},
        text("later", "another value"),
    ]
    queue = write_queue(tmp_path, "run__0f0f__4194301__abcdefgh", operations)
    lines = (queue / "data-1.log").read_text(encoding="utf-8").splitlines()
    (queue / "data-1.log").unlink()
    (queue / "data-3.log").write_text("\n".join([lines[2], *lines[4:], '{"torn": ']), encoding="utf-8")
    (queue / "last_ack_version").write_text("3", encoding="utf-8")
    (queue / "last_put_version").write_text("11", encoding="utf-8")

    planned = report_of(invoke(tmp_path, "--dry-run", "--json"))["runs"][0]
    (run,) = report_of(invoke(tmp_path, "--json"), exit_code=1)["runs"]
    (again,) = report_of(invoke(tmp_path, "--json"), exit_code=1)["runs"]

    for part in (
        "the operations 1 to 2 had been sent to the former server",
        "of 'sent': its file was sent to the former server",
        "it is torn",
        "later.txt is gone",
    ):
        assert any(part in problem for problem in run["problems"]), part
    assert len(run["problems"]) == 4
    assert [(difference["path"], difference["expected"]) for difference in run["differences"]] == [
        ("operations", "operation 4"),
        ("gone", "a file"),
        ("operations", "operations 9 to 11"),
    ]
    assert "gone.txt is gone" in run["differences"][1]["found"]
    assert len(planned["problems"]) == 7
    assert (again["outcome"], again["problems"]) == ("unchanged", run["problems"])
    assert again["differences"] == run["differences"]


def test_what_the_server_does_not_take_is_a_difference(invoke: Import, tmp_path: Path) -> None:
    operations = [text("config", "a"), floats("loss", 1.0), text("loss", "of another type"), text("sys/id", "ABC-1")]
    write_queue(tmp_path, "run__0f0f__4194301__abcdefgh", operations)

    (run,) = report_of(invoke(tmp_path, "--json"), exit_code=1)["runs"]

    assert {difference["path"] for difference in run["differences"]} == {"loss", "sys/id"}


def test_older_layouts_and_several_queues_of_a_run_are_sent_in_their_order(
    invoke: Import, destination: Destination, tmp_path: Path
) -> None:
    first = write_queue(tmp_path, "run__0f0f/exec-0", [floats("loss", 1.0, 2.0)])
    second = write_queue(tmp_path, "run__0f0f__4194302__abcdefgh", [floats("loss", 3.0, first=2)])
    write_queue(tmp_path, "1234abcd/exec-1", [text("of", "the first versions")])
    os.utime(first, (1_700_000_000, 1_700_000_000))
    os.utime(second, (1_700_000_900, 1_700_000_900))

    report = report_of(invoke(tmp_path, "--json"))

    assert len(report["runs"]) == 2
    by_id = {destination.api.run(PROJECT, run["run"]).custom_run_id: run["run"] for run in report["runs"]}
    series = destination.attributes(PROJECT, by_id["0f0f"])["loss"].series
    assert series is not None
    assert (series.count, series.last_step) == (3, 2)
    assert destination.attributes(PROJECT, by_id["1234abcd"])["of"].value == "the first versions"


def test_a_queue_that_is_still_written_is_left_alone(invoke: Import, tmp_path: Path) -> None:
    write_queue(tmp_path, f"run__0f0f__{os.getpid()}__abcdefgh", [text("a", "1")])

    result = invoke(tmp_path)

    assert result.exit_code == 0
    assert f"the process {os.getpid()} still writes it" in result.output
    assert "new as YOL-1" in invoke(tmp_path, "--even-if-running").output


def test_what_the_server_knows_is_left_to_sync(
    invoke: Import, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opening_runs(service, monkeypatch) as open_run:
        run = open_run(custom_run_id="noted")
        (queue,) = (tmp_path / "work" / ".neptune" / "async").iterdir()
        identifier = queue.name.split("__")[1]
        run.wait()
    write_queue(tmp_path / "left", f"run__{identifier}__4194301__abcdefgh", [text("a", "1")])
    write_note(
        write_queue(tmp_path / "left", "run__0f0f__4194302__abcdefgh", [text("a", "1")]), RunNote(custom_run_id="noted")
    )

    report = report_of(invoke(tmp_path / "left", "--json"))

    assert [run["outcome"] for run in report["runs"]] == ["skipped", "skipped"]
    assert all("neptune-yolo sync" in run["problems"][0] for run in report["runs"])


def test_files_that_are_found_later_are_added(invoke: Import, destination: Destination, tmp_path: Path) -> None:
    left, aside = tmp_path / "left", tmp_path / "aside.txt"
    aside.write_text("aside", encoding="utf-8")
    upload = {"type": "UploadFile", "ext": "txt"}
    operations = [
        floats("loss", 1.0, 2.0),
        upload | {"path": ["gone"], "file_path": str(left / "gone.txt")},
        upload | {"path": ["aside"], "file_path": str(aside)},
        upload | {"path": ["dropped"], "file_path": str(aside)},
        {"type": "DeleteAttribute", "path": ["dropped"]},
    ]
    write_queue(left, "run__0f0f__4194301__abcdefgh", operations)

    (first,) = report_of(invoke(left, "--json"), exit_code=1)["runs"]
    (again,) = report_of(invoke(left, "--json"), exit_code=1)["runs"]
    assert (first["outcome"], again["outcome"], again["problems"]) == ("new", "unchanged", first["problems"])
    assert [difference["path"] for difference in again["differences"]] == ["gone", "aside"]
    assert "gone" not in destination.attributes(PROJECT, first["run"])

    (left / "gone.txt").write_text("found", encoding="utf-8")
    (found,) = report_of(invoke(left, "--json"), exit_code=1)["runs"]
    assert (found["outcome"], found["files"]) == ("continued", 1)
    (whole,) = report_of(invoke(left, "--json", "--files-from-anywhere"))["runs"]
    assert (whole["outcome"], whole["files"], whole["problems"]) == ("continued", 2, [])
    held = destination.attributes(PROJECT, first["run"])
    assert {"gone", "aside"} <= set(held)
    assert "dropped" not in held
    assert held["loss"].series is not None
    assert held["loss"].series.count == 2


def test_a_folder_without_anything_left_is_named(invoke: Import, tmp_path: Path) -> None:
    result = invoke(tmp_path, "--dry-run")

    assert (result.exit_code, str(tmp_path) in result.output) == (1, True)
