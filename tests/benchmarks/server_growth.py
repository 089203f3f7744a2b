"""How the server's answers and its memory grow with the number of runs, beside MLflow's tracking server.

    python -m tests.benchmarks.server_growth --sizes 100 1000 10000 --mlflow python

Each size is a fresh database: runs of 30 attributes are written straight into it, then a server process is started and
asked. MLflow (from the interpreter that is named) gets runs of 30 metrics through its own store. Times are medians as a
plain HTTP client sees them, in milliseconds; memory is that of the server process and its children, in MiB.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import create_engine

from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.store.sql import SqlStore
from tests.benchmarks import server_points
from tests.benchmarks.server_points import durable_postgresql, free_port, running
from tests.benchmarks.server_tables import PROJECT_ID, fill

ATTRIBUTES = 30
REPEATS = 15
MEBIBYTE = 1024 * 1024
PREFIX = "/api/leaderboard/v1"
VISIBLE = "(`sys/trashed`:bool = false)"
FILTER = f"(group/a1:float > 0.5 AND group/a3:int < 900 AND {VISIBLE})"

FILL_MLFLOW = """
import sys, mlflow
from mlflow.entities import Metric
uri, runs, metrics = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
mlflow.set_tracking_uri(uri)
client = mlflow.MlflowClient()
for run in range(runs):
    run_id = client.create_run("0").info.run_id
    client.log_batch(run_id, [Metric(f"a{i}", (run * 7919 + i * 104729) % 1000 / 1000, 1, 1) for i in range(metrics)])
"""


def median_ms(action: Callable[[], Any]) -> float:
    """Return the median time of an action, in milliseconds; the first time does not count."""
    action()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def memory_mib(server: int) -> float:
    """Return the resident memory of a process and its children, in MiB."""
    process = psutil.Process(server)
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True))) / MEBIBYTE


def entries(http: httpx.Client, query: str, column: str) -> None:
    """Ask for the first 100 rows with five columns."""
    body = {
        "sorting": {"dir": "descending", "sortBy": {"name": column, "type": "float"}},
        "attributeFilters": [{"path": path} for path in ("sys/id", column, "group/a2", "group/a3", "group/a4")],
        "query": {"query": query},
        "pagination": {"limit": 100, "offset": 0},
    }
    path = f"{PREFIX}/leaderboard/entries/search"
    http.post(path, params={"projectIdentifier": PROJECT_ID, "type": "run"}, json=body).raise_for_status()


def measure_ours(name: str, database_url: str, runs: int) -> None:
    """Fill a database, serve it, and print a line."""
    SqlStore(database_url).close()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        fill(connection, runs, ATTRIBUTES)
    engine.dispose()
    url = f"http://127.0.0.1:{(port := free_port())}"
    with tempfile.TemporaryDirectory() as folder, httpx.Client(base_url=url, timeout=120) as http:
        command = [sys.executable, server_points.__file__, "--serve", database_url, folder, str(port)]
        with running(command, f"{url}/api/health") as server:
            idle = memory_mib(server)
            token = make_api_token(url, server_points.SECRET)
            answer = http.get("/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": token})
            http.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
            run_id = _create_run(http)
            steps = iter(range(1_000_000))
            figures = [
                median_ms(lambda: entries(http, VISIBLE, "group/a1")),
                median_ms(lambda: entries(http, FILTER, "group/a5")),
                median_ms(lambda: _create_run(http)),
                median_ms(lambda: _log(http, run_id, next(steps))),
                median_ms(lambda: http.get(f"{PREFIX}/experiment/attributes", params={"experimentId": "run-1"})),
            ]
            _print(name, runs, figures, idle, memory_mib(server))


def _create_run(http: httpx.Client) -> str:
    body = {"projectIdentifier": PROJECT_ID, "parentId": PROJECT_ID, "type": "run"}
    created: dict[str, str] = http.post(f"{PREFIX}/experiment", json=body).raise_for_status().json()
    return created["id"]


def _log(http: httpx.Client, run_id: str, request: int) -> None:
    points = [{"step": request * 1000 + at, "timestampMilliseconds": at, "value": at / 7} for at in range(1000)]
    body = [{"path": "metric", "logFloats": {"entries": points}}]
    http.post(f"{PREFIX}/attributes/operations", params={"experimentId": run_id}, json=body).raise_for_status()


def measure_mlflow(python: str, runs: int) -> None:
    """Fill MLflow's store, serve it, and print a line."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    with _mlflow_store(python, runs) as uri, httpx.Client(base_url=url, timeout=120) as http:
        command = [python, "-m", "mlflow", "server", "--backend-store-uri", uri, "--port", str(port), "--workers", "1"]
        with running(command, f"{url}/health") as server:
            idle = memory_mib(server)
            run_id = _create_mlflow_run(http)
            steps = iter(range(1_000_000))
            some = "metrics.a1 > 0.5 and metrics.a3 < 0.9"
            figures = [
                median_ms(lambda: _search_mlflow(http, "", "a1")),
                median_ms(lambda: _search_mlflow(http, some, "a5")),
                median_ms(lambda: _create_mlflow_run(http)),
                median_ms(lambda: _log_mlflow(http, run_id, next(steps))),
                median_ms(lambda: http.get("/api/2.0/mlflow/runs/get", params={"run_id": run_id})),
            ]
            _print("mlflow", runs, figures, idle, memory_mib(server))


@contextmanager
def _mlflow_store(python: str, runs: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        uri = f"sqlite:///{Path(folder) / 'mlflow.db'}"
        subprocess.run(
            [python, "-c", FILL_MLFLOW, uri, str(runs), str(ATTRIBUTES)], check=True, cwd=folder, capture_output=True
        )
        yield uri


def _create_mlflow_run(http: httpx.Client) -> str:
    answer = http.post("/api/2.0/mlflow/runs/create", json={"experiment_id": "0", "start_time": 1}).raise_for_status()
    return str(answer.json()["run"]["info"]["run_id"])


def _search_mlflow(http: httpx.Client, query: str, metric: str) -> None:
    body = {
        "experiment_ids": ["0"],
        "filter": query,
        "max_results": 100,
        "order_by": [f"metrics.{metric} DESC"],
    }
    http.post("/api/2.0/mlflow/runs/search", json=body).raise_for_status()


def _log_mlflow(http: httpx.Client, run_id: str, request: int) -> None:
    metrics = [{"key": "metric", "value": at / 7, "timestamp": at, "step": request * 1000 + at} for at in range(1000)]
    http.post("/api/2.0/mlflow/runs/log-batch", json={"run_id": run_id, "metrics": metrics}).raise_for_status()


def _print(name: str, runs: int, figures: list[float], idle: float, used: float) -> None:
    cells = " | ".join(f"{figure:.1f}" for figure in figures)
    print(f"| {name} | {runs} | {cells} | {idle:.0f} | {used:.0f} |", flush=True)


def main() -> None:
    """Print a table: a line for each server and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--no-postgresql", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--mlflow", help="interpreter that has MLflow; left out without it")
    options = parser.parse_args()
    print("| server | runs | sorted page | filtered page | new run | 1,000 points | one run | idle MiB | used MiB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for runs in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure_ours("sqlite", f"sqlite:///{folder}/growth.db", runs)
        if not options.no_postgresql:
            with durable_postgresql() as database_url:
                measure_ours("postgresql", database_url, runs)
        if options.mlflow:
            measure_mlflow(options.mlflow, runs)


if __name__ == "__main__":
    main()
