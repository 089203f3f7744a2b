"""The demo's training, watched in the browser from its first epoch to its end without loading the page again."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

import pytest
from playwright.sync_api import Browser, Page, expect

from neptune_yolo.server.embedded import EmbeddedServer
from tests.browser.conftest import Complaints

EPOCHS = 8
TRAINING_MS = 120_000
LINK = re.compile(r"Open in the app: (http://127\.0\.0\.1:\d+/open/\S+)")
OPENED = "window.openedAt = performance.timeOrigin"


@dataclass(frozen=True)
class Demo:
    """A demo that runs.

    Attributes:
        process: Its process.
        link: The link that it prints as its run begins.
    """

    process: subprocess.Popen[str]
    link: str


@pytest.fixture
def demo(tmp_path: Path, data_folder: Path) -> Iterator[Demo]:
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
    command = ["demo", "--folder", str(tmp_path / "demo"), "--epochs", str(EPOCHS), "--images", "32"]
    process = subprocess.Popen(
        [sys.executable, "-m", "neptune_yolo.cli", *command, "--require-map50", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    links: Queue[str] = Queue()
    reader = threading.Thread(target=_read, args=(process, links))
    reader.start()
    try:
        yield Demo(process, links.get(timeout=TRAINING_MS / 1000))
    finally:
        process.kill()
        process.wait()
        EmbeddedServer(data_folder).stop()  # the last one that holds the other end of the output
        reader.join()


def _read(process: subprocess.Popen[str], links: Queue[str]) -> None:
    """Read all that a process prints, so that it never waits, and pass the first link on."""
    assert process.stdout is not None
    printed = []
    with process.stdout as output:
        for line in output:
            printed.append(line)
            found = LINK.search(line)
            if found is not None:
                links.put(found[1])
    links.put("".join(printed))  # in place of a link that never came, so that the test shows it


@pytest.fixture
def visitor(browser: Browser, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(TRAINING_MS)
    context.on("page", complaints.watch)
    yield context.new_page()
    context.close()


@pytest.mark.training
def test_a_demo_is_watched_from_its_first_epoch_to_its_end(demo: Demo, visitor: Page) -> None:
    visitor.goto(demo.link)
    visitor.evaluate(OPENED)
    expect(visitor.get_by_text(re.compile(rf"^Epoch [1-4] of {EPOCHS}"))).to_be_visible(timeout=TRAINING_MS)
    assert demo.process.poll() is None, "the page was empty until the training had ended"
    visitor.get_by_role("tab", name="Charts").click()
    chart = visitor.get_by_role("region", name="metrics/mAP50(B)", exact=True)
    points = chart.get_by_text(re.compile(r"^\d+ points?$"))
    expect(points).to_have_text(re.compile("^[1-6] points?$"), timeout=TRAINING_MS)
    assert demo.process.poll() is None
    expect(points).to_have_text(f"{EPOCHS} points", timeout=TRAINING_MS)
    visitor.get_by_role("tab", name="Overview").click()
    expect(visitor.get_by_text(f"Epoch {EPOCHS} of {EPOCHS}")).to_be_visible()
    expect(visitor.get_by_text("completed", exact=True)).to_be_visible(timeout=TRAINING_MS)
    assert visitor.evaluate("window.openedAt === performance.timeOrigin"), "the page was loaded again"
    assert demo.process.wait(timeout=60) == 0
