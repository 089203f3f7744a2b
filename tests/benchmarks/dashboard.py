"""Measure the dashboard as its users feel it, in Chromium without a GPU.

    python -m tests.benchmarks.dashboard /tmp/dashboard-benchmark --runs 10000 --metrics 100 --points 100000

The folder is filled the first time (some minutes and a gigabyte with the figures above) and used as it is afterwards.
Times are from the click or the address to what is on the screen, the median of the rounds; bytes are those on the wire.
Browser and server share the processors of this machine.
"""

import argparse
import os
import shutil
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright
from sqlalchemy import Connection, create_engine, text

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.operation import LogFloats
from neptune_yolo.server.domain.page_tickets import page_link
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore
from tests.benchmarks import server_points
from tests.benchmarks.server_points import free_port, running
from tests.benchmarks.server_tables import fill

PAGE_KEY = "page"  # the one that server_points serves with
CHART_RUNS = 20
CHARTS = 30
ROUNDS = 5
WAIT_MS = 60_000
LOGGED_AT_ONCE = 10_000
TABLE = "/local/tables/"
CHARTS_PAGE = f"/local/charts/charts?runs={','.join(f'CHA-{number}' for number in range(1, CHART_RUNS + 1))}"
DRAWN = """count => {
  const drawn = [...document.querySelectorAll('.chart')].filter(chart => {
    const canvas = chart.querySelector('canvas');
    return canvas && canvas.width > 0 && chart.getAttribute('aria-busy') !== 'true';
  });
  const inView = [...document.querySelectorAll('.chart')].filter(chart => {
    const box = chart.getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0;
  });
  return inView.length > 0 && inView.every(chart => drawn.includes(chart)) && drawn.length >= count;
}"""
"""Whether the charts in view, and at least so many of all, are drawn."""


def fill_charts(services: Services, connection: Connection, points: int) -> None:
    """Log one series of each run, and copy it to the others: all are read, thinned and drawn alike."""
    project = services.projects.get_or_create("local/charts")
    for number in range(CHART_RUNS):
        run = services.runs.create(NewRun(project.id, None, None))
        values = np.cumsum(np.random.default_rng(number).normal(size=points)) / 100
        for first in range(0, points, LOGGED_AT_ONCE):
            part = values[first : first + LOGGED_AT_ONCE]
            entries: list[tuple[float | None, int, float]] = [
                (float(step), 1_700_000_000_000 + step * 1000, float(value)) for step, value in enumerate(part, first)
            ]
            services.operations.execute(run.id, [LogFloats("metrics/m1", entries)], uuid.uuid4().hex)
    columns = "type, float_value, last_step, point_count, minimum, maximum, mean, squares"
    for metric in range(2, CHARTS + 1):
        path = f"metrics/m{metric}"
        connection.execute(
            text(
                f"INSERT INTO attributes (container_pk, path, {columns}) "
                f"SELECT container_pk, '{path}', {columns} FROM attributes WHERE path = 'metrics/m1'"
            )
        )
        for table, fields in (
            ("float_chunks", "first_step, last_step, first_position, point_count, points"),
            ("float_points", "step, timestamp_ms, value"),
        ):
            connection.execute(
                text(
                    f"INSERT INTO {table} (attribute_pk, {fields}) "
                    f"SELECT new.pk, {', '.join(f't.{field}' for field in fields.split(', '))} FROM {table} AS t "
                    "JOIN attributes AS old ON old.pk = t.attribute_pk AND old.path = 'metrics/m1' "
                    f"JOIN attributes AS new ON new.container_pk = old.container_pk AND new.path = '{path}'"
                )
            )
        connection.execute(
            text(
                "INSERT INTO attribute_names (project_id, container_type, path, type) "
                f"SELECT project_id, container_type, '{path}', type FROM attribute_names WHERE path = 'metrics/m1'"
            )
        )
        connection.commit()


def prepare(folder: Path, options: argparse.Namespace) -> str:
    """Fill the folder if it is empty, and return the address of its database."""
    url = f"sqlite:///{folder / 'neptune.db'}"
    if (folder / "filled").exists():
        return url
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store = SqlStore(url)
    settings = ServerSettings(
        database_url=url, file_root=folder / "files", api_secret="a", signing_key="b", page_key="c", public_url=""
    )
    factory = ServiceFactory(store, DiskBlobStore(settings.file_root), settings)
    services = factory.for_caller(Caller("user", is_admin=True))
    start = time.perf_counter()
    with create_engine(url).connect() as connection:
        fill(connection, options.runs, options.metrics)
        fill_charts(services, connection, options.points)
    store.close()
    (folder / "filled").touch()
    print(f"filled in {time.perf_counter() - start:.0f} s")
    return url


class Wire:
    """Counts what comes over the wire."""

    def __init__(self, page: Page) -> None:
        self.application = self.data = 0
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self._kinds: dict[str, str] = {}
        self._session.on("Network.responseReceived", self._note_kind)
        self._session.on("Network.loadingFinished", self._note_size)

    def _note_kind(self, event: dict[str, dict[str, str] | str]) -> None:
        response = event["response"]
        assert isinstance(response, dict)
        self._kinds[str(event["requestId"])] = response["url"]

    def _note_size(self, event: dict[str, str | float]) -> None:
        size, url = int(event["encodedDataLength"]), self._kinds.get(str(event["requestId"]), "")
        if "/api/" in url:
            self.data += size
        else:
            self.application += size


def timed(action: Callable[[], object], until: Callable[[], object]) -> float:
    """Return the seconds from an action until something is there."""
    start = time.perf_counter()
    action()
    until()
    return time.perf_counter() - start


def measure(name: str, wanted: str, one: Callable[[], float]) -> None:
    """Print the median of the rounds beside what is wanted."""
    times = [one() for _ in range(ROUNDS)]
    print(f"{name:<62} {statistics.median(times):6.2f} s (slowest {max(times):.2f} s; wanted {wanted})", flush=True)


def measure_table(page: Page) -> None:
    """Measure the runs table: first page, a sort, a filter."""

    def rows() -> object:
        return page.wait_for_selector("a[href*='/e/TAB-']")

    def asked(action: Callable[[], object]) -> float:
        def is_search(answer: Response) -> bool:
            return "runs" in answer.url and answer.request.method == "POST"

        start = time.perf_counter()
        with page.expect_response(is_search) as answer:
            action()
        answer.value.finished()
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return time.perf_counter() - start

    measure("table: first page", "1 s", lambda: timed(lambda: page.goto(TABLE, wait_until="commit"), rows))
    sorts = iter(range(100))
    by = [f"{TABLE}?sort=-last%3Agroup%2Fa{1 + 4 * index}" for index in range(10)]
    measure(
        "table: sorted by another metric (address to rows)",
        "1 s",
        lambda: timed(lambda: page.goto(by[next(sorts) % 10], wait_until="commit"), rows),
    )
    page.goto(TABLE)
    rows()
    box = page.get_by_placeholder("Search ID, name, tags")
    texts = iter(range(100, 200))
    measure("table: filtered by a typed text", "0.5 s", lambda: asked(lambda: box.fill(f"TAB-{next(texts)}")))


def measure_charts(browser: Browser, url: str) -> None:
    """Measure the charts page: in view, scrolled through, zoomed; and what comes over the wire."""

    def visit() -> tuple[float, float, Wire]:
        context = visitor(browser, url)  # nothing is cached
        page = context.new_page()
        wire = Wire(page)
        start = time.perf_counter()
        page.goto(CHARTS_PAGE, wait_until="commit")
        page.wait_for_function(DRAWN, arg=1, timeout=WAIT_MS)
        in_view = time.perf_counter() - start
        start = time.perf_counter()
        for _ in range(60):
            page.mouse.wheel(0, 700)
            page.wait_for_function(DRAWN, arg=1, timeout=WAIT_MS)
            if page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2"):
                break
        all_drawn = time.perf_counter() - start
        context.close()
        return in_view, all_drawn, wire

    visits = [visit() for _ in range(3)]
    print(f"charts: those in view drawn {statistics.median(one[0] for one in visits):31.2f} s (wanted 1 s)")
    print(f"charts: all {CHARTS} scrolled through {statistics.median(one[1] for one in visits):30.2f} s (wanted 2 s)")
    print(f"charts: application over the wire {visits[0][2].application / 1000:25.0f} kB (wanted below 400 kB)")
    print(f"charts: data over the wire {visits[0][2].data / 1e6:32.2f} MB (wanted below 2 MB)", flush=True)


def measure_memory(browser: Browser, url: str, server: int) -> None:
    """Measure what ten open pages, each of another visitor, add to the server."""
    before = psutil.Process(server).memory_info().rss
    contexts = [visitor(browser, url) for _ in range(10)]
    for context in contexts:
        page = context.new_page()
        page.goto(CHARTS_PAGE)
        page.wait_for_function(DRAWN, arg=1, timeout=WAIT_MS)
    added = psutil.Process(server).memory_info().rss - before
    print(f"ten open pages add to the server {added / 1e6:26.0f} MB (wanted below 20 MB)", flush=True)
    for context in contexts:
        context.close()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run a browser for the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def visitor(browser: Browser, url: str) -> BrowserContext:
    """Return a browser window that is let in."""
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900})
    context.request.get(page_link(url, PAGE_KEY, round(time.time() * 1000)))
    return context


def main() -> None:
    """Fill a folder if it is empty, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--metrics", type=int, default=100, help="attributes of each run of the table")
    parser.add_argument("--points", type=int, default=100_000, help="of each series of the charts")
    options = parser.parse_args()
    database_url = prepare(options.folder, options)
    print(f"{options.runs} runs of {options.metrics} attributes, {os.cpu_count()} processors")
    print(f"{CHARTS} charts of {CHART_RUNS} runs of {options.points} points")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, server_points.__file__, "--serve", database_url, str(options.folder), str(port)]
    with running(command, f"{url}/api/health") as server, browsing() as browser:
        context = visitor(browser, url)
        page = context.new_page()
        measure_table(page)
        page.close()
        measure_charts(browser, url)
        measure_memory(browser, url, server)


if __name__ == "__main__":
    main()
