"""Charts of several runs, looked at in a browser."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

POINTS = 5000
CHARTS = "/local/yolo/charts"


@pytest.fixture
def logged(init_run: Callable[..., Any]) -> list[Any]:
    """Two runs with losses of training and validation; the first one has many points."""
    runs = []
    for number, count in ((1, POINTS), (2, 30)):
        run = init_run(name=f"try {number}")
        run["parameters/lr0"] = 0.01 * number
        run["train/box_loss"].extend([1 / (step + number) for step in range(count)], steps=list(range(count)))
        run["val/box_loss"].extend([2 / (step + number) for step in range(10)], steps=list(range(10)))
        run["metrics/mAP50"].append(0.5, step=0)
        run.sync()
        runs.append(run)
    return runs


def _chart(page: Page, title: str) -> Any:
    return page.get_by_role("region", name=title, exact=True)


@pytest.mark.usefixtures("logged")
def test_training_and_validation_of_all_runs_are_in_one_chart(page: Page) -> None:
    page.goto(CHARTS)

    chart = _chart(page, "box_loss")

    expect(chart.locator("canvas")).to_be_visible()
    for line in ("YOL-1 train", "YOL-1 val", "YOL-2 train", "YOL-2 val"):
        expect(chart.get_by_role("button", name=line)).to_be_visible()
    expect(chart.get_by_text(re.compile(r"^[\d,]+ of 5,050 points$"))).to_be_visible()
    expect(_chart(page, "metrics/mAP50").get_by_text("2 points")).to_be_visible()
    chart.get_by_text("Data table").click()
    expect(chart.get_by_role("row", name="YOL-2 val 0 1", exact=True)).to_be_visible()


@pytest.mark.usefixtures("logged")
def test_a_zoom_asks_for_all_points_of_a_range(page: Page) -> None:
    page.goto(f"{CHARTS}?runs=YOL-1&metric=train")
    chart = _chart(page, "box_loss")
    expect(chart.get_by_text(re.compile(r"of 5,010 points$"))).to_be_visible()
    plot = chart.locator(".u-over")
    plot.hover()  # waits until it stands still
    box = plot.bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + 40, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 55, box["y"] + 50, steps=4)
    page.mouse.up()

    expect(chart.get_by_text(re.compile(r"^\d{2,3} points$"))).to_be_visible()
    chart.get_by_role("button", name="Whole range").click()
    expect(chart.get_by_text(re.compile(r"of 5,010 points$"))).to_be_visible()


@pytest.mark.usefixtures("logged")
def test_keys_move_the_crosshair_over_all_charts_and_zoom_which_the_address_tells(page: Page) -> None:
    page.goto(f"{CHARTS}?runs=YOL-1")
    chart, other = _chart(page, "box_loss"), _chart(page, "metrics/mAP50")
    expect(chart.get_by_text(re.compile(r"of 5,010 points$"))).to_be_visible()
    expect(other.locator("canvas")).to_be_visible()
    chart.get_by_role("application").focus()

    read_out = chart.locator("p[role=status]")
    page.keyboard.press("Home")
    expect(read_out).to_contain_text(re.compile(r"^step 0: YOL-1 train 0\.\d+, between 0\.\d+ and 1; "))
    expect(other.get_by_text("step 0", exact=True)).to_be_visible()
    page.keyboard.press("Shift+ArrowRight")
    expect(read_out).not_to_contain_text("step 0:")
    page.keyboard.press("Escape")
    expect(read_out).to_have_text("")
    expect(other.get_by_text("step", exact=True)).to_be_visible()
    page.keyboard.press("+")

    expect(page).to_have_url(re.compile(r"zoom%3A\*%2Fbox_loss=\d+%2C\d+"))
    expect(chart.get_by_text(re.compile(r"of 2,50\d points$"))).to_be_visible()
    page.reload()
    expect(chart.get_by_text(re.compile(r"of 2,50\d points$"))).to_be_visible()
    page.go_back()
    expect(chart.get_by_text(re.compile(r"of 5,010 points$"))).to_be_visible()
    page.go_forward()
    chart.locator(".u-over").dblclick()
    expect(chart.get_by_text(re.compile(r"of 5,010 points$"))).to_be_visible()
    expect(page).not_to_have_url(re.compile("zoom"))


def test_eight_windows_are_live_at_once(context: BrowserContext, logged: list[Any]) -> None:
    pages = [context.new_page() for _ in range(8)]  # all of them are looked at; six connections are all there are
    for number, page in enumerate(pages):
        page.goto(f"{CHARTS}?runs=YOL-{1 + number % 2}", wait_until="commit")
    for page in pages:
        expect(_chart(page, "metrics/mAP50").get_by_text("1 point")).to_be_visible()

    logged[1]["metrics/mAP50"].append(0.625, step=1)
    logged[1].sync()

    for page in pages[1::2]:
        expect(_chart(page, "metrics/mAP50").locator("output")).to_have_text("0.625", timeout=4000)
    pages[0].close()  # it listened for all the others
    logged[1]["metrics/mAP50"].append(0.75, step=2)
    logged[1].sync()
    for page in pages[1::2]:
        expect(_chart(page, "metrics/mAP50").locator("output")).to_have_text("0.75", timeout=4000)


@pytest.mark.usefixtures("logged")
def test_how_charts_are_drawn_is_part_of_the_address(page: Page) -> None:
    page.goto(CHARTS)
    page.get_by_label("x axis").select_option("relative time")
    page.get_by_label("smoothing").select_option("exponential")
    page.get_by_label("log y").check()
    page.get_by_label("Group runs by").fill("parameters/lr0")

    expect(page).to_have_url(re.compile(r"x=relative.*smooth=ema-0\.6.*ylog=1.*group=parameters|group=parameters.*x="))
    chart = _chart(page, "box_loss")
    expect(chart.get_by_role("button", name="0.02 (1) val")).to_be_visible()
    expect(chart.get_by_text("time since the run began")).to_be_visible()
    page.go_back()
    key = chart.get_by_role("button", name="YOL-2 val")
    expect(key).to_have_attribute("aria-pressed", "true")
    key.click()  # hides its line
    expect(key).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.get_by_label("log y")).to_be_checked()


def test_a_point_that_is_logged_is_on_the_page_soon(page: Page, logged: list[Any]) -> None:
    page.goto(f"{CHARTS}?runs=YOL-2")
    chart = _chart(page, "metrics/mAP50")
    expect(chart.get_by_text("1 point")).to_be_visible()

    logged[1]["metrics/mAP50"].append(0.625, step=1)
    logged[1]["metrics/new"].append(1, step=1)
    logged[1].sync()

    expect(chart.locator("output")).to_have_text("0.625", timeout=4000)
    expect(_chart(page, "metrics/new").locator("canvas")).to_be_visible()


@pytest.mark.usefixtures("logged")
def test_charts_are_pinned_and_made_for_everybody(page: Page) -> None:
    page.goto(CHARTS)
    _chart(page, "metrics/mAP50").get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("button", name="New chart").click()
    page.get_by_label("Title").fill("Both")
    page.get_by_role("checkbox", name="train/box_loss").check()
    page.get_by_role("checkbox", name="metrics/mAP50").check()
    page.get_by_role("button", name="Make the chart").click()
    expect(_chart(page, "Both").locator("canvas")).to_be_visible()
    page.reload()

    expect(page.locator(".charts-section").first).to_contain_text("Pinned")
    expect(page.locator(".charts-section").first.get_by_role("region")).to_have_count(1)
    _chart(page, "Both").get_by_role("button", name="Remove").click()
    expect(_chart(page, "Both")).to_have_count(0)


@pytest.mark.usefixtures("logged")
def test_a_chart_is_saved_as_a_picture_and_as_a_table(page: Page, tmp_path: Path) -> None:
    page.goto(f"{CHARTS}?runs=YOL-1&metric=train")
    chart = _chart(page, "box_loss")
    expect(chart.locator("canvas")).to_be_visible()

    with page.expect_download() as picture:
        chart.get_by_role("button", name="PNG").click()
    with page.expect_download() as table:
        chart.get_by_role("button", name="CSV").click()

    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    table.value.save_as(tmp_path / "points.csv")
    with (tmp_path / "points.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == POINTS + 10
    assert float(rows[1]["value"]) == 0.5
