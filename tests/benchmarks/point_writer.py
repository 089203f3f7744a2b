"""One writer of the benchmark ``server_points.py``, in a process of its own.

It prepares its requests, prints a line, waits for a line, sends the requests one after the other over one connection,
and prints what it saw as JSON.
"""

import argparse
import base64
import http.client
import itertools
import json
import math
import sys
import time
from collections.abc import Iterator
from typing import Any

TIMESTAMP_MS = 1_760_000_000_000


def points_of(series: int, count: int, offset: int) -> Iterator[tuple[int, int, int, float]]:
    """Yield series, step, timestamp (ms) and value of ``count`` points, evenly over the series."""
    for index in range(offset, offset + count):
        step = index // series
        yield index % series, step, TIMESTAMP_MS + step * 97 + index % 7, 2.0 / (1 + step * 0.01) + math.sin(index) / 7


class NeptuneYolo:
    """Requests of the Neptune client's protocol."""

    def __init__(self, connection: http.client.HTTPConnection, secret: str, url: str) -> None:
        self._connection = connection
        key = base64.b64encode(json.dumps({"api_address": url, "api_url": url, "api_key": secret}).encode()).decode()
        path = "/api/backend/v1/authorization/oauth-token"
        token = ask(connection, "GET", path, None, {"X-Neptune-Api-Token": key})["accessToken"]
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        project = self._ask("GET", "/api/backend/v1/projects2/get?projectIdentifier=local/points", None)["id"]
        body = {"projectIdentifier": project, "parentId": project, "type": "run"}
        run = self._ask("POST", "/api/leaderboard/v1/experiment", body)["id"]
        self.path = f"/api/leaderboard/v1/attributes/operations?experimentId={run}"

    def _ask(self, method: str, path: str, body: Any) -> Any:
        return ask(self._connection, method, path, body, self.headers)

    def body(self, series: int, count: int, offset: int) -> Any:
        """Return a batch as the client makes it: the points of a series side by side."""
        points = sorted(points_of(series, count, offset))
        return [
            {
                "path": f"metrics/loss_{number:04d}",
                "logFloats": {
                    "entries": [
                        {"value": value, "step": float(step), "timestampMilliseconds": timestamp_ms}
                        for _, step, timestamp_ms, value in group
                    ]
                },
            }
            for number, group in itertools.groupby(points, key=lambda point: point[0])
        ]


class MLflow:
    """Requests of MLflow's tracking server."""

    headers = {"Content-Type": "application/json"}  # noqa: RUF012 - read only
    path = "/api/2.0/mlflow/runs/log-batch"

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        body = {"experiment_id": "0", "start_time": TIMESTAMP_MS}
        made = ask(connection, "POST", "/api/2.0/mlflow/runs/create", body, self.headers)
        self._run = made["run"]["info"]["run_id"]

    def body(self, series: int, count: int, offset: int) -> Any:
        """Return a batch of metrics."""
        metrics = [
            {"key": f"loss_{number:04d}", "value": value, "timestamp": timestamp_ms, "step": step}
            for number, step, timestamp_ms, value in points_of(series, count, offset)
        ]
        return {"run_id": self._run, "metrics": metrics}


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
    """Send a request and return the JSON of its answer."""
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{method} {path}: {answer.status} {content[:500]!r}")
    return json.loads(content)


def main() -> None:
    """Write points and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--secret", help="of the neptune_yolo server; without it, MLflow is written to")
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("--points", type=int, required=True)
    parser.add_argument("--series", type=int, required=True)
    options = parser.parse_args()
    connection = http.client.HTTPConnection(options.url.removeprefix("http://"), timeout=120)
    target = NeptuneYolo(connection, options.secret, options.url) if options.secret else MLflow(connection)
    bodies = [
        json.dumps(target.body(options.series, options.points, number * options.points)).encode()
        for number in range(options.requests)
    ]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begin = time.time()
    seconds = [send(connection, target, body) for body in bodies]
    sys.stdout.write(json.dumps({"begin": begin, "end": time.time(), "seconds": seconds}))


def send(connection: http.client.HTTPConnection, target: NeptuneYolo | MLflow, body: bytes) -> float:
    """Send one batch and return the seconds until it was acknowledged."""
    begin = time.perf_counter()
    connection.request("POST", target.path, body, target.headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200 or content not in {b"[]", b"{}"}:
        raise SystemExit(f"{target.path}: {answer.status} {content[:500]!r}")
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
