"""Compare runs, and look at models and artifacts, in the browser."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from neptune.types import File
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints

OpenRun = Callable[..., Any]

PAGE = "/local/yolo/compare"
HYPERPARAMETERS = "Configuration/Hyperparameters"
SCREENSHOTS = os.environ.get("DASHBOARD_SCREENSHOTS")  # when the module is loaded, as in conftest.py

pytestmark = pytest.mark.filterwarnings("ignore:.*odel registry.*")


def _picture(shade: int) -> File:
    return File.as_image(Image.fromarray(np.full((48, 64, 3), shade, dtype=np.uint8)))


def _train(init_run: OpenRun, number: int) -> str:
    optimizer = "SGD" if number % 2 else "AdamW"
    run = init_run(name=f"yolo11n {optimizer} {number}")
    settings = {"lr0": 0.001 * 3**number, "momentum": 0.9 + 0.01 * number, "epochs": 3, "optimizer": optimizer}
    for name, value in settings.items():
        run[f"{HYPERPARAMETERS}/{name}"] = value
    for step in (1, 2, 3):
        run["metrics/mAP50-95(B)"].append(0.1 * step + 0.03 * number - 0.15 * (step == 3), step=step)
        run["train/box_loss"].append(2 / step - 0.1 * number, step=step)
        run["speed/inference"].append(1.5 + 0.2 * number, step=step)
        run["Validation/series/batch"].append(_picture(60 * step + 10 * number), step=step)
    run["Plots/results"].upload(_picture(40 * number))
    Path("dataset").mkdir(exist_ok=True)
    (Path("dataset") / f"{number}.txt").write_text(f"label {number}")
    run["dataset"].track_files("dataset")
    run.wait()
    return str(run["sys/id"].fetch())


@pytest.fixture
def runs(init_run: OpenRun) -> list[str]:
    return [_train(init_run, number) for number in (1, 2, 3)]


def _shot(page: Page, name: str) -> None:
    """Keep a picture for the eye if a folder for it is named."""
    if SCREENSHOTS:
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))


def test_configuration_and_metrics_side_by_side(page: Page, runs: list[str], init_run: OpenRun) -> None:
    page.goto(f"{PAGE}?runs={','.join(runs[:2])}")
    table = page.get_by_role("region", name="Configuration side by side")
    expect(table.get_by_role("rowheader", name="lr0")).to_be_visible()
    expect(table.get_by_role("rowheader", name="epochs")).to_have_count(0)
    page.get_by_label("Only what differs").uncheck()
    expect(table.get_by_role("rowheader", name="epochs")).to_be_visible()
    assert "show=all" in page.url
    _shot(page, "compare-configuration")

    page.get_by_role("button", name="Add runs").click()
    page.get_by_label("Find a run to add").fill(" 3")
    page.get_by_role("button", name=runs[2]).click()
    page.get_by_role("button", name="Done").click()
    expect(table.get_by_role("columnheader", name=runs[2])).to_be_visible()

    page.get_by_role("tab", name="Metrics").click()
    row = page.get_by_role("row", name="mAP50-95(B)")
    expect(row.get_by_role("cell").nth(2)).to_contain_text("0.29")
    expect(row.get_by_role("img", name="Best of the row")).to_have_count(1)
    expect(page.get_by_role("row", name="box_loss").get_by_role("cell").nth(2)).to_contain_text("★")
    expect(page.get_by_role("rowheader", name="inference")).to_contain_text("[ms]")
    page.get_by_label("Of each series").select_option("last")
    expect(row.get_by_role("cell").nth(0)).to_have_text("0.18")
    _shot(page, "compare-metrics")
    again = init_run(with_id=runs[0])
    again["metrics/mAP50-95(B)"].append(0.7, step=4)
    again.wait()
    expect(row.get_by_role("cell").nth(0)).to_contain_text("0.7")  # the page follows
    page.go_back()
    page.get_by_role("button", name=f"Remove {runs[0]}").click()
    expect(page.get_by_role("columnheader", name=runs[0])).to_have_count(0)


def test_settings_against_metrics(page: Page, runs: list[str], complaints: Complaints) -> None:
    complaints.expected.append("status of 400")  # of the query that cannot be read
    page.goto(f"{PAGE}?tab=scatter&query=")
    expect(page.get_by_role("img", name="3 runs")).to_be_visible()
    page.get_by_role("combobox", name="Across").select_option(f"{HYPERPARAMETERS}/lr0")
    page.get_by_label("log across").check()
    expect(page.get_by_role("link", name=f"{runs[1]} yolo11n AdamW 2: 0.009, 0.26")).to_be_visible()
    _shot(page, "compare-scatter")
    page.get_by_label("Query in NQL").fill("(((")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Query in NQL").fill(f"{HYPERPARAMETERS}/lr0:float > 0.005")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("img", name="2 runs")).to_be_visible()

    page.get_by_role("tab", name="Parallel coordinates").click()
    page.get_by_role("combobox", name="Runs").select_option("query")
    page.get_by_label("Query in NQL").fill("")
    page.get_by_role("button", name="Find").click()
    chart = page.get_by_role("img", name="Parallel coordinates of 3 runs")
    expect(chart.locator("canvas")).to_be_visible()
    page.wait_for_timeout(300)
    place = chart.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 70, place["y"] + 350)
    page.mouse.down()
    page.mouse.move(place["x"] + 70, place["y"] + 408, steps=6)
    page.mouse.up()
    expect(page.get_by_text("of 3 runs are chosen")).to_be_visible()
    _shot(page, "compare-parallel")
    page.get_by_role("button", name="Compare these").click()
    expect(page.get_by_role("region", name="Compared runs")).to_contain_text("YOL-")


def test_pictures_and_artifacts_side_by_side(page: Page, runs: list[str]) -> None:
    page.goto(f"{PAGE}?runs={','.join(runs)}&tab=pictures")
    expect(page.get_by_role("img", name=f"Plots/results of {runs[2]}")).to_be_visible()
    page.get_by_role("button", name="Next picture").click()
    picture = page.get_by_role("img", name=f"Validation/series/batch of {runs[0]} at step 3")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
    page.get_by_role("slider", name="Step").fill("0")
    expect(page.get_by_role("img", name=f"Validation/series/batch of {runs[0]} at step 1")).to_be_visible()
    _shot(page, "compare-pictures")

    page.get_by_role("tab", name="Artifacts").click()
    expect(page.get_by_role("status").last).to_contain_text(f"{runs[1]} against {runs[0]}: 1 added, 0 removed")
    _shot(page, "compare-artifacts")


def test_models_and_their_versions(page: Page, init_run: OpenRun, api: httpx.Client) -> None:
    import neptune

    run = _train(init_run, 1)

    model = neptune.init_model(key="DET", name="detector")
    for score in (0.51234, 0.6):
        version = neptune.init_model_version(model="YOL-DET")
        version["weights/best"].upload(File.from_content(b"weights" * 1000, extension="pt"))
        version["run/id"] = run
        version["metrics/mAP50-95"] = score
        version.stop()
    model.stop()

    page.goto("/local/yolo/models")
    page.get_by_role("link", name="YOL-DET", exact=True).click()
    page.get_by_label("Stage of YOL-DET-1").select_option("production")
    expect(page.get_by_role("row", name="YOL-DET-1")).to_contain_text("0.5123")
    _shot(page, "models-versions")
    page.get_by_role("link", name="YOL-DET-1").click()
    expect(page.get_by_role("region", name="Load it in Python")).to_contain_text('model = YOLO("YOL-DET-1.pt")')
    expect(page.get_by_label("Stage of YOL-DET-1")).to_have_value("production")
    _shot(page, "models-version")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download weights/best").click()
    assert download.value.path().read_bytes() == b"weights" * 1000
    page.get_by_role("link", name="Models", exact=True).first.click()
    expect(page.get_by_role("row", name="YOL-DET")).to_contain_text("production")
    _shot(page, "models")
    path = "/api/v1/projects/local/yolo/versions/YOL-DET-2/stage"
    assert api.put(path, json={"stage": "staging"}).status_code == 200
    expect(page.get_by_role("row", name="YOL-DET")).to_contain_text("staging")  # somebody else did it
