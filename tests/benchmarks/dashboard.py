"""Measure the dashboard as its users feel it, in Chromium without a GPU.

    python -m tests.benchmarks.dashboard /tmp/dashboard-benchmark

It fills the folder the first time (some minutes and a gigabyte), and uses it as it is afterwards. The table that it
prints has what was measured beside what is wanted. Times are from the click, the key or the address to what is on the
screen, the median of the rounds; bytes are those on the wire. Browser, server and client share the processors of this
machine, so the load of the machine stands above the table.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from sqlalchemy import Connection, create_engine, text

from neptune_yolo.server.domain.api_token import make_api_token
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.operation import LogFloats
from neptune_yolo.server.domain.page_tickets import page_link
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore
from neptune_yolo.tracking.opening import FLUSH_SECONDS
from tests.benchmarks import server_points
from tests.benchmarks.server_points import free_port, running
from tests.benchmarks.server_tables import fill
from tests.client import QUIET

PAGE_KEY = "page"  # the one that server_points serves with
CHART_RUNS = 20
CHARTS = 30
ROUNDS = 5
WAIT_MS = 60_000
LOGGED_AT_ONCE = 10_000
TABLE = "/local/tables/?" + "&".join(f"c=last:::group/a{number}" for number in (1, 2, 3, 4, 5, 8, 9, 12))
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

FIRST_ROW = "() => document.querySelector('a[href*=\"/e/TAB-\"]')?.getAttribute('href')"


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
            ("float_outlines", "first_step, last_step, point_count, points"),
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


def report(name: str, found: float, wanted: float, unit: str, note: str = "") -> None:
    """Print a line of the table."""
    verdict = "" if found <= wanted else "above"
    print(f"{name:<52} {found:8.2f} {unit:<2}  {wanted:6g} {unit:<2}  {verdict:<5}  {note}", flush=True)


def report_times(name: str, wanted: float, times: Sequence[float]) -> None:
    """Print the median of some times, in seconds."""
    report(name, statistics.median(times), wanted, "s", f"{min(times):.2f} to {max(times):.2f} s")


def timed(action: Callable[[], object], until: Callable[[], object]) -> float:
    """Return the seconds from an action until something is there."""
    start = time.perf_counter()
    action()
    until()
    return time.perf_counter() - start


def painted(page: Page, condition: str = "() => true") -> None:
    """Wait until something is true of a page, and on the screen."""
    page.wait_for_function(condition, timeout=WAIT_MS)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def measure_table(page: Page) -> None:
    """Measure the runs table: first page, a sort, a filter."""

    def rows() -> object:
        return page.wait_for_selector("a[href*='/e/TAB-']")

    def first_id() -> str:
        return str(page.locator("a[href*='/e/TAB-']").first.get_attribute("href"))

    def changed(action: Callable[[], object]) -> float:
        before = first_id()
        other = f"{FIRST_ROW} !== {json.dumps(before)}"
        return timed(action, lambda: painted(page, other))

    times = [timed(lambda: page.goto(TABLE, wait_until="commit"), rows) for _ in range(ROUNDS)]
    report_times("table: first page, from its address", 1, times)
    heads = page.locator(".runs-sort[title^='group/a']")
    sorts = [changed(heads.nth(number).click) for number in range(ROUNDS)]
    report_times("table: sorted by a click on another metric", 0.5, sorts)
    page.goto(TABLE)
    rows()
    box = page.get_by_placeholder("Search ID, name, tags")
    texts = [f"TAB-{11 + number}" for number in range(ROUNDS)]
    report_times("table: filtered by a typed text", 0.5, [changed(partial(box.fill, text)) for text in texts])


def measure_charts(browser: Browser, url: str) -> None:
    """Measure the charts page: in view, scrolled through; and what comes over the wire."""

    def visit() -> tuple[float, float, Wire]:
        context = visitor(browser, url)  # nothing is cached
        page = context.new_page()
        wire = Wire(page)
        drawn = partial(page.wait_for_function, DRAWN, arg=1, timeout=WAIT_MS)
        in_view = timed(lambda: page.goto(CHARTS_PAGE, wait_until="commit"), drawn)

        def scroll() -> None:
            for _ in range(60):
                page.mouse.wheel(0, 700)
                drawn()
                if page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2"):
                    return

        all_drawn = timed(scroll, lambda: painted(page))
        context.close()
        return in_view, all_drawn, wire

    visits = [visit() for _ in range(ROUNDS)]
    report_times("charts: those in view drawn, from the address", 1, [one[0] for one in visits])
    report_times(f"charts: all {CHARTS} scrolled through", 2, [one[1] for one in visits])
    report("charts: application over the wire", max(one[2].application for one in visits) / 1000, 400, "kB")
    report("charts: data over the wire", max(one[2].data for one in visits) / 1e6, 2, "MB")


def measure_zoom(browser: Browser, url: str) -> None:
    """Measure how long a chart takes to show part of its range, and then all points of a smaller part."""
    context = visitor(browser, url)
    page = context.new_page()
    page.goto(CHARTS_PAGE)
    page.wait_for_function(DRAWN, arg=1, timeout=WAIT_MS)
    chart = page.locator(".chart").first
    plot = chart.locator(".u-over")
    thinned, raw = [], []
    for number in range(ROUNDS):
        thinned.append(_drag(page, plot, 0.2 + number / 20, 0.3 + number / 20))
        raw.append(_drag(page, plot, 0.5, 0.56))
        assert " of " not in chart.locator(".chart-foot").inner_text(), "expected all points of the small range"
        chart.get_by_role("button", name="Whole range").click()
        page.wait_for_function(DRAWN, arg=1, timeout=WAIT_MS)
        painted(page)
    report_times("charts: zoom into a tenth of the range", 0.3, thinned)
    report_times("charts: zoom into a raw range", 0.3, raw)
    context.close()


def _drag(page: Page, plot: Locator, first: float, last: float) -> float:
    """Draw the pointer over a part of a chart; return the seconds until its points are there."""
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * first, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * last, box["y"] + 60)
    foot = page.locator(".chart-foot > span").first
    before = f"() => document.querySelector('.chart-foot > span').textContent !== {json.dumps(foot.inner_text())}"
    there = f"{before} && document.querySelector('.chart').getAttribute('aria-busy') !== 'true'"
    return timed(page.mouse.up, lambda: painted(page, there))


def measure_live(browser: Browser, url: str) -> None:
    """Measure how long a point takes from the call that logs it, in a run as trainers open it, to the page."""
    os.environ.update(NEPTUNE_API_TOKEN=make_api_token(url, server_points.SECRET), NEPTUNE_PROJECT="local/live")
    os.environ.update(OAUTHLIB_INSECURE_TRANSPORT="1", NO_PROXY="127.0.0.1,localhost")
    import neptune

    run = neptune.init_run(**QUIET, flush_period=FLUSH_SECONDS)
    run["train/loss"].extend([float(step) for step in range(1000)])
    run.sync()
    identifier = run["sys/id"].fetch()
    context = visitor(browser, url)
    page = context.new_page()
    page.goto(f"/local/live/charts?runs={identifier}")
    value = page.locator(".chart-value").first
    value.wait_for()
    wire = Wire(page)
    times = []
    for number in range(ROUNDS):
        text = f"7.0{number}1"
        there = f"() => document.querySelector('.chart-value')?.textContent === '{text}'"
        page.wait_for_timeout(700 + 170 * number)  # another phase of what looks once a second
        logged = partial(run["train/loss"].append, float(text))
        times.append(timed(logged, lambda: page.wait_for_function(there, timeout=WAIT_MS)))  # noqa: B023 - used at once
    report_times("charts: a point that is logged is on the page", 2, times)
    report("charts: data over the wire for such a point", wire.data / 1000 / ROUNDS, 2, "kB")
    context.close()
    run.stop()


def measure_memory(browser: Browser, url: str, server: int) -> None:
    """Measure what ten open pages, each of another visitor, add to the server."""
    before = psutil.Process(server).memory_info().rss
    contexts = [visitor(browser, url) for _ in range(10)]
    for context in contexts:
        page = context.new_page()
        page.goto(CHARTS_PAGE)
        page.wait_for_function(DRAWN, arg=1, timeout=WAIT_MS)
    report("ten open pages add to the server", (psutil.Process(server).memory_info().rss - before) / 1e6, 20, "MB")
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
    print(f"{options.runs} runs of {options.metrics} attributes; {CHARTS} charts of {CHART_RUNS} runs", end=" ")
    print(f"of {options.points} points; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<52} {'measured':>11}  {'wanted':>9}")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, server_points.__file__, "--serve", database_url, str(options.folder), str(port)]
    with running(command, f"{url}/api/health") as server, browsing() as browser:
        context = visitor(browser, url)
        page = context.new_page()
        measure_table(page)
        page.close()
        measure_memory(browser, url, server)
        measure_charts(browser, url)
        measure_zoom(browser, url)
        measure_live(browser, url)
        processor = psutil.Process(server).cpu_times()
    print(f"processor time of the server {processor.user + processor.system:.1f} s, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
