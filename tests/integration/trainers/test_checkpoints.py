"""Checkpoints go to the server while a training runs: through a slow network, a lost one, kills, and offline."""

import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.connection import allow_loopback
from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.server.embedded import EmbeddedServer, RunningServer
from neptune_yolo.settings import Mode, NeptuneSettings
from neptune_yolo.tracking.opening import OpenedRun, Target, adopt_run, open_run, random_numbers_untouched
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.checkpoints import CheckpointRecorder, SavedCheckpoint

PROJECT = "local/yolo"
MEGABYTE = 1_000_000
QUIET = NeptuneSettings(
    source_files=(), git_ref=False, capture_hardware_metrics=False, capture_stdout=False, capture_stderr=False
)


def _throttled_proxy() -> Any:
    spec = spec_from_file_location("throttled_proxy", Path(__file__).with_name("throttled_proxy.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ThrottledProxy


@pytest.fixture
def server(queue_root: Path) -> RunningServer:
    running = EmbeddedServer().ensure_running()
    allow_loopback(running.url)
    os.environ["NEPTUNE_DATA_DIRECTORY"] = str(queue_root)
    return running


@pytest.fixture
def network(server: RunningServer) -> Iterator[Any]:
    """A proxy before the server that can be slowed down."""
    with _throttled_proxy()(server.url) as proxy:
        yield proxy


@pytest.fixture
def connect(server: RunningServer, network: Any) -> Callable[..., OpenedRun]:
    """Open a run through the proxy; with an id, go on with that run."""

    def open_one(with_id: str | None = None, mode: Mode = Mode.ASYNC) -> OpenedRun:
        settings = replace(QUIET, with_id=with_id)
        token = network.token(server.api_token)
        return open_run(settings, Target(mode, PROJECT, token, network.url), "test")

    return open_one


@pytest.fixture
def read(server: RunningServer) -> Callable[[str], Any]:
    """Open a run of the server to read it."""

    @contextmanager
    def reading(run_id: str) -> Iterator[Any]:
        import neptune

        with random_numbers_untouched():
            run = neptune.init_run(with_id=run_id, project=PROJECT, api_token=server.api_token, mode="read-only")
        yield run
        run.stop()

    return reading


def write_checkpoint(file: Path, size: int = 10_000) -> bytes:
    """Write something that looks like a checkpoint of torch, and return its bytes."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data.pkl", os.urandom(size))
    return file.read_bytes()


def downloaded(run: Any, path: str, folder: Path) -> bytes:
    target = folder / f"{path.replace('/', ' ')}.downloaded"
    run[path].download(str(target), progress_bar=False)
    return target.read_bytes()


def saved(file: Path, epoch: int, fitness: float | None = None, *, best: bool = False) -> SavedCheckpoint:
    metrics = {} if fitness is None else {"metrics/mAP50(B)": fitness / 2}
    return SavedCheckpoint(last=file, best=file if best else None, epoch=epoch, fitness=fitness, metrics=metrics)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def snapshot_files(queue_root: Path) -> list[Path]:
    return sorted(path for path in (queue_root / "snapshots").rglob("*") if path.is_file())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_on_a_slow_network_the_newest_wins_and_the_loop_is_never_blocked(
    connect: Any, network: Any, read: Any, queue_root: Path, tmp_path: Path
) -> None:
    opened = connect()
    run_id = opened.run["sys/id"].fetch()
    logger = RunLogger(opened)
    recorder = CheckpointRecorder(logger, CheckpointPolicy(every=1, best=True, last=True, max_in_flight=2))
    last, written, calls, files = tmp_path / "last.pt", [], [], 0
    network.bytes_per_second = 2 * MEGABYTE
    for epoch in range(1, 11):
        written.append(write_checkpoint(last, MEGABYTE))
        began = time.perf_counter()
        recorder.saved(saved(last, epoch, epoch / 10, best=epoch == 4))
        logger.log_metrics({"train/loss": 1.0}, step=epoch)
        calls.append(time.perf_counter() - began)
        files = max(files, len(snapshot_files(queue_root)))
        time.sleep(0.05)
    last.unlink()

    assert sorted(calls)[5] < 0.1  # sending one takes half a second
    assert max(calls) < 0.4
    assert files <= 3  # two that wait, one that is being sent
    wait_until(lambda: not snapshot_files(queue_root))
    recorder.final(tmp_path / "missing.pt", last)
    assert logger.close(30).folder is None
    recorder.close(1)
    assert snapshot_files(queue_root) == []
    assert list((queue_root / "snapshots").iterdir()) == []
    assert logger.ledger.total == 0
    with read(run_id) as run:
        held = run["checkpoints"].fetch()
        assert downloaded(run, "weights/last", tmp_path) == written[9]
        assert downloaded(run, "weights/best", tmp_path) == written[3]
        assert downloaded(run, "weights/epoch_10", tmp_path) == written[9]
        assert (held["last"]["epoch"], held["best"]["epoch"]) == (10, 4)
        epochs = {int(name.removeprefix("epoch_")) for name in held if name.startswith("epoch_")}
        assert held["skipped"] == 10 - len(epochs) > 0
        assert all(run.exists(f"weights/epoch_{epoch}") == (epoch in epochs) for epoch in range(1, 11))
        assert len(run["train/loss"].fetch_values()) == 10


def test_retention_deletes_on_the_server_and_goes_on_after_a_resume(
    connect: Any, read: Any, queue_root: Path, tmp_path: Path
) -> None:
    policy = CheckpointPolicy(every=2, keep=2, top_k=1)
    last, content, run_id = tmp_path / "last.pt", {}, None
    fitness = {1: 0.1, 2: 0.2, 3: 0.9, 4: 0.3, 5: None, 6: 0.1, 7: 0.1, 8: float("nan"), 9: 0.95, 10: 0.2}
    for epochs in (range(1, 7), range(7, 11)):
        opened = connect(run_id)
        run_id = opened.run["sys/id"].fetch()
        logger = RunLogger(opened)
        recorder = CheckpointRecorder(logger, policy)
        for epoch in epochs:
            content[epoch] = write_checkpoint(last)
            recorder.saved(saved(last, epoch, fitness[epoch]))
            wait_until(lambda: not snapshot_files(queue_root))
        recorder.final(tmp_path / "none.pt", last)
        logger.close(30)
        recorder.close(1)
        assert logger.ledger.total == 0
        with read(run_id) as run:
            kept = {1: [3, 4, 6], 7: [8, 9, 10]}[epochs[0]]
            assert sorted(run.get_structure()["weights"]) == sorted([*(f"epoch_{epoch}" for epoch in kept), "last"])
            about = run["checkpoints"].fetch()
            assert set(about) == {*(f"epoch_{epoch}" for epoch in kept), "last"}
            for epoch in kept:
                received = downloaded(run, f"weights/epoch_{epoch}", tmp_path)
                assert received == content[epoch]
                assert about[f"epoch_{epoch}"]["sha256"] == sha256(received)
                assert about[f"epoch_{epoch}"]["size_bytes"] == len(received)
            assert not run.exists("weights/epoch_2")
            with pytest.raises(Exception, match="epoch_2"):
                downloaded(run, "weights/epoch_2", tmp_path)
    assert "metrics" not in about["epoch_8"] or "fitness" not in about["epoch_8"]["metrics"]
    assert about["epoch_9"]["metrics"] == {"fitness": 0.95, "mAP50(B)": 0.475}


class Program:
    """checkpoint_program.py in a process of its own."""

    def __init__(self, network: Any, server: RunningServer, **words: Any) -> None:
        words |= {"token": network.token(server.api_token), "url": network.url}
        program = Path(__file__).with_name("checkpoint_program.py")
        self.process = subprocess.Popen(
            [sys.executable, str(program), json.dumps(words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def hear(self) -> Any:
        """Return what it tells next."""
        assert self.process.stdout is not None
        lines = iter(self.process.stdout.readline, "")
        return json.loads(next(line for line in lines if line.startswith("> "))[2:])

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def start_program(network: Any, server: RunningServer, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def start(**words: Any) -> Program:
        started.append(Program(network, server, folder=str(tmp_path), **words))
        return started[-1]

    yield start
    for program in started:
        program.end()


def test_a_kill_while_a_checkpoint_is_sent_leaves_it_for_a_sync(
    start_program: Any, network: Any, connect: Any, read: Any, sync: Any, queue_root: Path, tmp_path: Path
) -> None:
    content = write_checkpoint(tmp_path / "epoch_1.pt", MEGABYTE)
    program = start_program(epochs=1, policy={"last": True})
    run_id = program.hear()
    network.bytes_per_second = 100_000
    sent = network.bytes_sent
    program.go_on()
    wait_until(lambda: network.bytes_sent > sent + 50_000)
    program.end()
    (snapshot,) = snapshot_files(queue_root)
    network.bytes_per_second = None
    (tmp_path / "epoch_1.pt").unlink()

    def train_again() -> None:
        opened = connect()
        recorder = CheckpointRecorder(RunLogger(opened), CheckpointPolicy(last=True))
        write_checkpoint(tmp_path / "other.pt")
        recorder.saved(saved(tmp_path / "other.pt", 1))
        wait_until(lambda: [file for file in snapshot_files(queue_root) if file != snapshot] == [])
        opened.run.stop()
        recorder.close(1)

    train_again()
    assert snapshot.exists(), "a queue still refers to it"
    sync()
    with read(run_id) as run:
        assert downloaded(run, "weights/last", tmp_path) == content
        assert run["checkpoints/last/sha256"].fetch() == sha256(content)
        assert run["checkpoints/last/epoch"].fetch() == 1
    train_again()
    assert not snapshot.parent.exists()


def test_without_an_answer_the_end_is_in_time_and_a_sync_sends_the_rest(
    start_program: Any, network: Any, read: Any, sync: Any, queue_root: Path, tmp_path: Path
) -> None:
    content = {epoch: write_checkpoint(tmp_path / f"epoch_{epoch}.pt") for epoch in (1, 2, 3, 4)}
    stripped = write_checkpoint(tmp_path / "best.pt")
    (tmp_path / "torn.pt").write_bytes(content[4][:5000])
    program = start_program(epochs=4, policy={"every": 1, "keep": 2, "best": True, "last": True})
    run_id = program.hear()
    network.is_stalled = True
    program.go_on()
    assert program.hear() == "saved"
    network.cut()
    program.go_on()
    end = program.hear()

    assert end["final"] < 1
    assert end["total"] < 5
    assert "weights/last" in end["problems"]
    assert "torn" in end["problems"]
    program.end()
    assert len(snapshot_files(queue_root)) == 1, "the one that was handed to the client before"
    assert "error" not in sync().lower()
    with read(run_id) as run:
        assert downloaded(run, "weights/best", tmp_path) == stripped
        assert run["checkpoints/best/epoch"].fetch() == 2
        assert downloaded(run, "weights/last", tmp_path) == content[4], "the copy that still waited, not the torn file"
        assert run["checkpoints/last/sha256"].fetch() == sha256(content[4])
        assert downloaded(run, "weights/epoch_4", tmp_path) == content[4]
        assert run["checkpoints/epoch_4/epoch"].fetch() == 4


def test_offline_the_disk_is_bounded_and_a_sync_sends_what_the_policy_keeps(
    connect: Any, read: Any, sync: Any, queue_root: Path, tmp_path: Path
) -> None:
    opened = connect(mode=Mode.OFFLINE)
    logger = RunLogger(opened)
    recorder = CheckpointRecorder(logger, CheckpointPolicy(every=1, keep=2, best=True, last=True))
    last, content, files = tmp_path / "last.pt", {}, 0
    for epoch in range(1, 9):
        content[epoch] = write_checkpoint(last)
        recorder.saved(saved(last, epoch, 0.5, best=epoch == 3))
        files = max(files, len(snapshot_files(queue_root)))
    assert files == 3  # two epochs, of which the newer is also the last one, and the best
    recorder.final(tmp_path / "missing.pt", tmp_path / "missing too.pt")
    logger.close(5)
    recorder.close(1)
    assert snapshot_files(queue_root) == []

    moved = queue_root.rename(tmp_path / "moved")
    sync("--path", str(moved), "--project", PROJECT, "--even-if-running")

    with read("YOL-1") as run:
        assert sorted(run.get_structure()["weights"]) == ["best", "epoch_7", "epoch_8", "last"]
        assert downloaded(run, "weights/best", tmp_path) == content[3]
        assert downloaded(run, "weights/last", tmp_path) == content[8]
        assert run["checkpoints/epoch_7/sha256"].fetch() == sha256(content[7])


def test_a_run_that_was_handed_in_is_left_open(connect: Any, read: Any, queue_root: Path, tmp_path: Path) -> None:
    theirs = connect()
    run_id = theirs.run["sys/id"].fetch()
    recorder = CheckpointRecorder(RunLogger(adopt_run(theirs.run)), CheckpointPolicy(last=True))
    last = tmp_path / "last.pt"
    content = write_checkpoint(last)
    recorder.saved(saved(last, 1))
    recorder.final(tmp_path / "none.pt", last)  # the same file: it is not sent twice
    recorder.close(10)
    assert theirs.run.get_state() == "started"
    assert snapshot_files(queue_root) == []
    theirs.run.stop()
    with read(run_id) as run:
        assert downloaded(run, "weights/last", tmp_path) == content


@pytest.mark.parametrize("mode", [Mode.DEBUG, Mode.SYNC])
def test_every_mode_ends_with_nothing_left_on_disk(connect: Any, queue_root: Path, tmp_path: Path, mode: Mode) -> None:
    opened = connect(mode=mode)
    logger = RunLogger(opened)
    recorder = CheckpointRecorder(logger, CheckpointPolicy(every=1, keep=1, last=True))
    for epoch in (1, 2, 3):
        write_checkpoint(tmp_path / "last.pt")
        recorder.saved(saved(tmp_path / "last.pt", epoch, 0.5))
    assert len(snapshot_files(queue_root)) <= 3
    recorder.final(tmp_path / "none.pt", tmp_path / "last.pt")
    logger.close(5)
    recorder.close(1)
    assert snapshot_files(queue_root) == []
    assert logger.ledger.total == 0, logger.ledger.summary()
