"""Points a second that the server takes, how long it takes to acknowledge them, and what they take on the disk.

    python tests/benchmarks/server_points.py --mlflow python

It starts a PostgreSQL of its own, with the settings of a fresh cluster, and MLflow's tracking server from the
interpreter that is named.

Each writer is a process of its own with one connection, which sends its next request when the last one was answered:
an answer means that the points are committed and on the disk. Writers, server and database share the processors of
this machine, whose number is printed. Requests are made before the clock starts. Each line is the best of the rounds.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

SECRET = "secret-of-the-benchmark"
WRITER = Path(__file__).with_name("point_writer.py")
START_SECONDS = 120.0


@dataclass(frozen=True)
class Shape:
    """What writers send.

    Attributes:
        writers: Processes at once, each with a run of its own.
        points: In a request.
        series: Over which the points of a request are spread.
        requests: Of each writer.
    """

    writers: int
    points: int
    series: int
    requests: int

    def __str__(self) -> str:
        return f"{self.writers} writer(s), {self.points} points in {self.series} series a request"


SHAPES = (
    Shape(1, 1000, 1, 400),
    Shape(8, 1000, 1, 120),
    Shape(1, 1000, 10, 400),
    Shape(8, 1000, 10, 120),
    Shape(1, 1000, 1000, 100),
    Shape(8, 1000, 1000, 30),
    Shape(1, 1, 1, 1000),
    Shape(8, 1, 1, 300),
)
MLFLOW_SHAPES = (Shape(1, 1000, 1, 20), Shape(8, 1000, 1, 5), Shape(1, 1000, 1000, 20))


@dataclass(frozen=True)
class Outcome:
    """What was measured.

    Attributes:
        rate: Points a second, all writers together.
        p50_ms: Median time to acknowledge a request, in milliseconds.
        p99_ms: Its 99th percentile.
        busy_ms: Processor time of the server process a request, in milliseconds; the database's own is not in it.
    """

    rate: float
    p50_ms: float
    p99_ms: float
    busy_ms: float


def serve(database_url: str, folder: str, port: int) -> None:
    """Run the server in this process, with the options of the product."""
    import uvicorn

    from neptune_yolo.server.app import create_app
    from neptune_yolo.server.listening import listen
    from neptune_yolo.server.memory import share_memory_of_threads
    from neptune_yolo.server.process import _uvicorn_config
    from neptune_yolo.server.settings import ServerSettings

    settings = ServerSettings(
        database_url=database_url,
        file_root=Path(folder),
        api_secret=SECRET,
        signing_key="signing-key-of-the-benchmark-32-bytes",
        page_key="page",
        public_url=f"http://127.0.0.1:{port}",
        port=port,
    )
    share_memory_of_threads()
    with listen("127.0.0.1", port) as listener:
        asyncio.run(uvicorn.Server(_uvicorn_config(create_app(settings), settings)).serve(sockets=[listener]))


@contextmanager
def running(command: Sequence[str], health: str) -> Iterator[int]:
    """Run a server process for the block, and give its number."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            if not answers(health, process):
                log.seek(0)
                raise SystemExit(f"{command[0]} did not start: {log.read().decode(errors='replace')[-2000:]}")
            yield process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)


def answers(health: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a server answers; False if it ends before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def busy_seconds(server: int) -> float:
    """Return the processor time of a process and its children so far, in seconds."""
    process = psutil.Process(server)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(time.user + time.system for time in times)


def measure(url: str, server: int, secret: str | None, shape: Shape) -> Outcome:
    """Let the writers write and gather what they report."""
    command = [sys.executable, str(WRITER), "--url", url, "--requests", str(shape.requests)]
    command += ["--points", str(shape.points), "--series", str(shape.series)]
    command += ["--secret", secret] if secret else []
    writers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(shape.writers)
    ]
    for writer in writers:
        if writer.stdout is None or writer.stdout.readline() != "ready\n":
            raise SystemExit("A writer could not start; its message is above.")
    busy = busy_seconds(server)
    for writer in writers:
        if writer.stdin is not None:
            writer.stdin.write("go\n")
            writer.stdin.flush()
    reports = [json.loads(writer.communicate()[0]) for writer in writers]
    busy = busy_seconds(server) - busy
    seconds = sorted(second for report in reports for second in report["seconds"])
    total = max(report["end"] for report in reports) - min(report["begin"] for report in reports)
    points = shape.writers * shape.requests * shape.points
    p99 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.99))]
    return Outcome(points / total, statistics.median(seconds) * 1000, p99 * 1000, busy * 1000 / len(seconds))


def report(name: str, shape: Shape, outcomes: Sequence[Outcome]) -> None:
    """Print a line."""
    best = max(outcomes, key=lambda outcome: outcome.rate)
    print(
        f"{name:<12} {shape!s:<54} {best.rate:>10,.0f} points/s   "
        f"p50 {best.p50_ms:7.1f} ms   p99 {best.p99_ms:7.1f} ms   "
        f"server {best.busy_ms:5.1f} ms of a processor",
        flush=True,
    )


def measure_ours(name: str, database_url: str, rounds: int, only: int | None) -> None:
    """Measure the server on a database."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__)), "--serve", database_url, folder, str(port)]
        with running(command, f"{url}/api/health") as server:
            for number, shape in enumerate(SHAPES):
                if only is None or only == number:
                    report(name, shape, [measure(url, server, SECRET, shape) for _ in range(rounds)])


@contextmanager
def durable_postgresql() -> Iterator[str]:
    """Run PostgreSQL for the block and give the address of an empty database; its commits are on the disk."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.postgres import find_binaries, running_cluster

    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed: install it, or leave it out with --no-postgresql.")
    with running_cluster(binaries, is_durable=True) as cluster:
        yield cluster.create_database()


def measure_size(rounds: int) -> None:
    """Print bytes a point of a fresh SQLite database after one writer's points, write-ahead log left out."""
    for shape in (SHAPES[0], SHAPES[2]):
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            url, database = f"http://127.0.0.1:{port}", Path(folder) / "size.db"
            command = [sys.executable, str(Path(__file__)), "--serve", f"sqlite:///{database}", folder, str(port)]
            with running(command, f"{url}/api/health") as server:
                empty = database.stat().st_size
                for _ in range(rounds):
                    measure(url, server, SECRET, shape)
            points = rounds * shape.requests * shape.points
            print(f"sqlite       {shape!s:<54} {(database.stat().st_size - empty) / points:10.1f} bytes a point")


def measure_mlflow(python: str, rounds: int) -> None:
    """Measure MLflow's tracking server on SQLite, if there is one."""
    if subprocess.run([python, "-c", "import mlflow"], capture_output=True, check=False).returncode:
        print(f"mlflow: not importable in {python}, left out")
        return
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
        command += ["--artifacts-destination", folder, "--port", str(port), "--workers", "1"]
        with running(command, f"{url}/health") as server:
            for shape in MLFLOW_SHAPES:
                report("mlflow", shape, [measure(url, server, None, shape) for _ in range(rounds)])


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-postgresql", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--mlflow", help="interpreter that has MLflow; left out without it")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=int, help="number of the one shape to measure")
    parser.add_argument("--serve", nargs=3, metavar=("URL", "FOLDER", "PORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve[0], options.serve[1], int(options.serve[2]))
        return
    print(f"{os.cpu_count()} processors, shared by writers, server and database")
    folder = tempfile.mkdtemp()
    try:
        measure_ours("sqlite", f"sqlite:///{folder}/points.db", options.rounds, options.only)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not options.no_postgresql:
        with durable_postgresql() as database_url:
            measure_ours("postgresql", database_url, options.rounds, options.only)
    if options.only is None:
        measure_size(options.rounds)
    if options.mlflow:
        measure_mlflow(options.mlflow, options.rounds)


if __name__ == "__main__":
    main()
