"""Measure tables of runs: at the server, and through the client.

Run it with the address of an empty database, and a small or a large table::

    python tests/benchmarks/server_tables.py sqlite:////tmp/tables.db --runs 10000 --attributes 30
    python tests/benchmarks/server_tables.py postgresql+psycopg://user@127.0.0.1/tables --runs 800 --attributes 18000

The rows are written straight into the database, so that only reading is measured. A database that is filled already is
used as it is.
"""

import argparse
import base64
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from sqlalchemy import Connection, create_engine, text

from neptune_yolo.server.app import create_app
from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.listening import listen_on_some_port
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.sql import SqlStore

SECRET = "secret-of-the-benchmark"
RUNS_PER_TRANSACTION = 50
REPEATS = 7
PROJECT_ID = "00000000-0000-4000-8000-000000000000"

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"


def fill(connection: Connection, runs: int, attributes: int) -> None:
    """Write a project with runs; a quarter of the attributes each are floats, ints, texts and float series."""
    connection.execute(
        text(
            "INSERT INTO projects (id, workspace, name, key, visibility, created_ms, run_count) "
            f"VALUES ('{PROJECT_ID}', 'local', 'tables', 'TAB', 'workspace', 0, {runs})"
        )
    )
    connection.execute(
        text(
            f"{NUMBERS.format(first=1, last=runs)} "
            "INSERT INTO containers (pk, id, type, sys_id, project_id, owner, trashed, created_ms, pinged_ms, "
            "modified_ms, running_ms) "
            f"SELECT {runs + 1}, '{PROJECT_ID}', 'project', 'TAB', '{PROJECT_ID}', 'user', i = 0, 0, 0, 0, 0 "
            "FROM n WHERE i = 1 UNION ALL "
            f"SELECT i, 'run-' || i, 'run', 'TAB-' || i, '{PROJECT_ID}', 'user-' || (i % 7), i % 10 = 0, "
            "1700000000000 + i * 1000, 0, 0, 0 FROM n"
        )
    )
    connection.execute(
        text(
            f"{NUMBERS.format(first=1, last=attributes)} "
            "INSERT INTO attribute_names (project_id, container_type, path, type) "
            f"SELECT '{PROJECT_ID}', 'run', 'group/a' || i, {_type('i')} FROM n"
        )
    )
    connection.commit()
    for first in range(1, runs + 1, RUNS_PER_TRANSACTION):
        last = min(first + RUNS_PER_TRANSACTION - 1, runs)
        connection.execute(
            text(
                f"{NUMBERS.format(first=1, last=attributes)} "
                "INSERT INTO attributes (container_pk, path, type, float_value, int_value, string_value, last_step, "
                "point_count, minimum, maximum, mean, squares) "
                f"SELECT c.pk, 'group/a' || i, {_type('i')}, {_number()} / 1000.0, {_number()}, "
                f"CASE WHEN i % 4 = 2 THEN 'text-' || {_number()} END, 9, 10, 0.0, 1.0, 0.5, 1.0 "
                f"FROM containers c CROSS JOIN n WHERE c.pk BETWEEN {first} AND {last}"
            )
        )
        connection.commit()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT setval(pg_get_serial_sequence('containers', 'pk'), MAX(pk)) FROM containers"))
    connection.execute(text("ANALYZE"))
    connection.commit()


def _type(number: str) -> str:
    words = ("'floatSeries'", "'float'", "'string'", "'int'")
    return "CASE " + f"{number} % 4 " + " ".join(f"WHEN {rest} THEN {word}" for rest, word in enumerate(words)) + " END"


def _number() -> str:
    return "((c.pk * 7919 + i * 104729) % 1000)"


@contextmanager
def serving(database_url: str) -> Iterator[str]:
    """Run the server on a database; gives the API token."""
    with tempfile.TemporaryDirectory() as folder, listen_on_some_port("127.0.0.1") as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = ServerSettings(
            database_url=database_url,
            file_root=Path(folder),
            api_secret=SECRET,
            signing_key="signing-key-of-the-benchmark-32b",
            page_key="page-key",
            public_url=url,
        )
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="error", loop="asyncio"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield make_api_token(url, SECRET)
        finally:
            server.should_exit = True
            thread.join()


def measure(name: str, action: Callable[[], int]) -> None:
    """Print how long an action takes: the median, and the slowest."""
    action()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        count = action()
        times.append((time.perf_counter() - start) * 1000)
    print(f"{name:<58} {statistics.median(times):8.0f} ms (slowest {max(times):.0f} ms), {count} rows")


def measure_server(token: str) -> None:
    """Measure first pages at the server."""
    url = json.loads(base64.b64decode(token))["api_url"]
    with httpx.Client(base_url=url, timeout=120) as http:
        answer = http.get("/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": token})
        http.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"

        def page(query: str, name: str, kind: str, offset: int = 0) -> int:
            body = {
                "sorting": {"dir": "descending", "sortBy": {"name": name, "type": kind}},
                "attributeFilters": [{"path": path} for path in ("sys/id", name, "group/a1", "group/a2", "group/a4")],
                "query": {"query": query},
                "pagination": {"limit": 100, "offset": offset},
            }
            path = "/api/leaderboard/v1/leaderboard/entries/search"
            answer = http.post(path, params={"projectIdentifier": PROJECT_ID, "type": "run"}, json=body)
            answer.raise_for_status()
            return int(answer.json()["matchingItemCount"])

        visible = "(`sys/trashed`:bool = false)"
        measure("default order", lambda: page(visible, "sys/creation_time", "datetime"))
        measure("default order, last page of 8", lambda: page(visible, "sys/creation_time", "datetime", 600))
        measure("sorted by a float", lambda: page(visible, "group/a1", "float"))
        query = f"(group/a1:float > 0.5 AND group/a3:int < 900 AND {visible})"
        measure("two numbers, sorted by a float", lambda: page(query, "group/a5", "float"))
        query = f"(group/a2:string CONTAINS 'text-1' AND group/a4:floatSeries.max > 0.5 AND {visible})"
        measure("text and series, sorted by a series", lambda: page(query, "group/a8", "floatSeries"))
        query = f"(group/a2 MATCHES '^text-[0-4]+$' AND {visible})"
        measure("pattern, sorted by a text", lambda: page(query, "group/a6", "string"))
        measure(
            "any type, owner, sorted by ID", lambda: page("group/a1 > 0.2 OR sys/owner = user-3", "sys/id", "string")
        )
        measure("sorted by size", lambda: page(visible, "sys/size", "float"))


def measure_client(token: str, column_count: int) -> None:
    """Measure a whole table with chosen columns, through the client."""
    os.environ.update(NEPTUNE_API_TOKEN=token, OAUTHLIB_INSECURE_TRANSPORT="1", NO_PROXY="127.0.0.1,localhost")
    import neptune

    columns = [f"group/a{number}" for number in range(1, column_count + 1)]
    project = neptune.init_project("local/tables", mode="read-only")

    def fetch() -> int:
        return len(project.fetch_runs_table(columns=columns, limit=800, progress_bar=False).to_pandas())

    measure(f"client: {column_count} columns, at most 800 rows", fetch)
    project.stop()


def main() -> None:
    """Fill a database if it is empty, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database_url")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--attributes", type=int, default=30)
    parser.add_argument("--columns", type=int, default=10)
    options = parser.parse_args()
    SqlStore(options.database_url).close()
    with create_engine(options.database_url).connect() as connection:
        if not connection.execute(text("SELECT COUNT(*) FROM projects")).scalar_one():
            start = time.perf_counter()
            fill(connection, options.runs, options.attributes)
            print(f"filled in {time.perf_counter() - start:.0f} s")
    print(f"{options.runs} runs of {options.attributes} attributes, {options.database_url.split(':')[0]}")
    with serving(options.database_url) as token:
        measure_server(token)
        measure_client(token, options.columns)


if __name__ == "__main__":
    main()
