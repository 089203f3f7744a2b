"""Take the README's pictures of the dashboard: python .ci/screenshots.py [folder of the demo].

Trains the demo three times with different seeds on an embedded server of its own in that folder, unless it has been
done there before, opens the pages in Chromium, and writes `examples/screenshots/`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TARGET = Path(__file__).parents[1] / "examples" / "screenshots"
TRAININGS = ({"seed": 0, "epochs": 30}, {"seed": 1, "epochs": 20}, {"seed": 2, "epochs": 30})
WIDTH = 1280
SETTLED_MS = 3000
PAGES = {
    "runs": ("/local/demo/", 260),
    "charts": ("/local/demo/charts?runs=DEM-1,DEM-2,DEM-3", 800),
    "run": ("/local/demo/e/DEM-1", 755),
    "predictions": ("/local/demo/e/DEM-1/pictures", 800),
    "compare": ("/local/demo/compare?runs=DEM-1,DEM-2,DEM-3&tab=metrics", 700),
}
"""Name of a picture -> address and height of the page that it shows."""


def main() -> None:
    """Train, look, and write the pictures."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "demo").absolute()
    os.environ["NEPTUNE_YOLO_HOME"] = str(folder / "home")
    if not (folder / "home").exists():
        for training in TRAININGS:
            options = [f"--{name}={value}" for name, value in training.items()]
            command("demo", "--folder", str(folder), "--require-map50", "0", *options)
    TARGET.mkdir(parents=True, exist_ok=True)
    take(command("open", "--no-browser").splitlines()[-1])
    command("server", "stop")


def command(*words: str) -> str:
    """Run `neptune-yolo` and return what it prints."""
    program = [sys.executable, "-m", "neptune_yolo.cli", *words]
    return subprocess.run(program, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - our own words


def take(link: str) -> None:
    """Write a picture of each page.

    Args:
        link: One-time link to the server's pages.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(link)
        page.wait_for_url("**/")
        base = page.url.rstrip("/")
        for name, (address, height) in PAGES.items():
            page.set_viewport_size({"width": WIDTH, "height": height})
            page.goto(base + address)
            settle(page)
            page.screenshot(path=TARGET / f"{name}.png")
        browser.close()


def settle(page: Page) -> None:
    """Wait until everything is there."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(SETTLED_MS)


if __name__ == "__main__":
    main()
