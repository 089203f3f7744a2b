"""The table of runs in the browser: found, sorted, grouped, changed, selected; its address says all."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Complaints

HOME = "/local/yolo/"


@pytest.fixture
def ids(init_run: Callable[..., Any]) -> list[str]:
    """Identifiers of three runs."""
    found = []
    for number in range(3):
        run = init_run(name=f"Run {number}", tags=["all", f"tag-{number}"])
        run["data/name"] = "coco" if number < 2 else "voc"
        run["metrics/mAP50(B)"].extend([0.1 * number, 0.2 * number], steps=[1, 2])
        run["best/metrics/mAP50(B)"] = 0.25 * number
        run.wait()
        found.append(str(run["sys/id"].fetch()))
    return found


def rows(page: Page) -> Locator:
    return page.locator("tr.runs-line")


def row(page: Page, sys_id: str) -> Locator:
    return rows(page).filter(has=page.get_by_role("link", name=sys_id, exact=True))


def test_runs_are_listed_sorted_and_searched(page: Page, ids: list[str]) -> None:
    page.goto(HOME)
    expect(rows(page)).to_have_count(3)
    expect(rows(page).first).to_contain_text(ids[2])
    expect(row(page, ids[1])).to_contain_text("0.25")
    expect(row(page, ids[1])).to_contain_text("running")
    page.get_by_role("button", name="best/metrics/mAP50(B)", exact=True).click()
    page.get_by_role("button", name="best/metrics/mAP50(B)", exact=True).click()
    expect(rows(page).first).to_contain_text(ids[0])
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("mAP50")
    page.get_by_role("searchbox", name="Search runs").fill("TAG-1")
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_text("1 run", exact=True)).to_be_visible()
    page.reload()
    expect(rows(page)).to_have_count(1)
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("mAP50")


def test_queries_are_completed_and_their_errors_point_at_the_place(
    page: Page, ids: list[str], complaints: Complaints
) -> None:
    complaints.expected.append("400 (Bad Request)")
    page.goto(HOME)
    query = page.get_by_role("combobox", name="Query (NQL)")
    query.click()
    query.press_sequentially("best/met")
    expect(page.get_by_role("option", name="`best/metrics/mAP50(B)`")).to_be_visible()
    query.press("ArrowDown")
    query.press("Enter")
    query.press_sequentially(">> 0.2")
    query.press("Enter")
    alert = page.get_by_role("alert").filter(has_text="Expected a value at line 1, column 26")
    expect(alert).to_contain_text("^")
    query.fill("`best/metrics/mAP50(B)` > 0.2")
    query.press("Enter")
    expect(rows(page)).to_have_count(2)
    expect(row(page, ids[0])).to_have_count(0)
    page.go_back()
    page.go_back()
    expect(rows(page)).to_have_count(3)


def test_columns_are_chosen_pinned_moved_and_hidden(page: Page, ids: list[str]) -> None:
    page.goto(HOME)
    page.get_by_role("button", name="Columns", exact=True).click()
    dialog = page.get_by_role("dialog", name="Columns")
    dialog.get_by_role("searchbox", name="Search attributes").fill("metrics/mAP")
    dialog.get_by_role("combobox", name="Value of metrics/mAP50(B)").select_option("max")
    dialog.get_by_role("checkbox", name="metrics/mAP50(B)", exact=True).check()
    dialog.get_by_role("button", name="Show").click()
    head = page.get_by_role("columnheader", name="metrics/mAP50(B) (max)")
    expect(head).to_be_visible()
    expect(row(page, ids[2])).to_contain_text("0.4")
    page.get_by_role("button", name="Column metrics/mAP50(B) (max)").click()
    page.get_by_role("button", name="Pin to the left").click()
    expect(head).to_have_class(re.compile("runs-pinned"))
    expect(page.get_by_role("columnheader").nth(2)).to_contain_text("mAP50")
    page.get_by_role("separator", name="Width of Name").press("ArrowRight")
    expect(page.get_by_role("separator", name="Width of Name")).to_have_attribute("aria-valuenow", "176")
    edge = page.get_by_role("separator", name="Width of State").bounding_box()
    assert edge is not None
    page.mouse.move(edge["x"] + 3, edge["y"] + 9)
    page.mouse.down()
    page.mouse.move(edge["x"] + 53, edge["y"] + 9, steps=3)
    page.mouse.up()
    expect(page.get_by_role("separator", name="Width of State")).to_have_attribute("aria-valuenow", "168")
    page.get_by_role("button", name="Column Tags").click()
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("columnheader", name="Tags")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("columnheader").nth(2)).to_contain_text("mAP50")
    expect(page.get_by_role("columnheader", name="Tags")).to_have_count(0)


def test_name_and_tags_are_edited_in_their_places(page: Page, ids: list[str], api: httpx.Client) -> None:
    page.goto(HOME)
    line = row(page, ids[0])
    line.hover()
    line.get_by_role("button", name=f"Edit name of {ids[0]}").click()
    page.get_by_role("textbox", name=f"name of {ids[0]}").fill("A better name")
    page.keyboard.press("Enter")
    expect(line).to_contain_text("A better name")
    line.get_by_role("button", name=f"Edit tags of {ids[0]}").click()
    page.get_by_role("textbox", name=f"tags of {ids[0]}").fill("all, good one")
    page.keyboard.press("Enter")
    expect(line.locator(".runs-tag")).to_have_text(["all", "good one"])
    found = api.get(f"/api/v1/projects/local/yolo/runs/{ids[0]}").json()
    assert (found["name"], found["tags"]) == ("A better name", ["all", "good one"])


def test_selected_runs_are_compared_trashed_and_restored(page: Page, ids: list[str]) -> None:
    page.goto(HOME)
    page.get_by_role("checkbox", name=f"Select {ids[0]}").check()
    page.get_by_role("checkbox", name=f"Select {ids[1]}").check()
    compare = page.get_by_role("group", name="Selected runs").get_by_role("link", name="Compare")
    expect(compare).to_have_attribute("href", f"/local/yolo/compare?runs={ids[0]},{ids[1]}")
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_role("textbox", name="Tags, with commas between").fill("chosen")
    page.keyboard.press("Enter")
    expect(row(page, ids[1]).locator(".runs-tag").filter(has_text="chosen")).to_be_visible()
    page.get_by_role("checkbox", name=f"Select {ids[0]}").check()
    page.get_by_role("checkbox", name=f"Select {ids[1]}").check()
    page.get_by_role("button", name="Move to trash").click()
    page.get_by_role("dialog").get_by_role("button", name="Move to trash").click()
    expect(page.get_by_text("2 runs moved to the trash.")).to_be_visible()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Trash", exact=True).click()
    expect(rows(page)).to_have_count(2)
    page.get_by_role("checkbox", name="Select all runs in view").check()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("The trash is empty")).to_be_visible()


def test_groups_open_and_views_are_kept(page: Page, ids: list[str], tmp_path: Path) -> None:
    page.goto(HOME)
    page.get_by_role("button", name="Group", exact=True).click()
    page.get_by_role("searchbox", name="Group by attribute").fill("data/")
    page.get_by_role("checkbox", name="data/name").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name="coco")).to_contain_text("2")
    expect(page.get_by_role("row", name="coco")).to_contain_text("0.125 (0 ")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("textbox", name="Name of the view").fill("by data")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="by data", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="coco").click()
    expect(rows(page)).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    download.value.save_as(tmp_path / "runs.csv")
    lines = (tmp_path / "runs.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["sys/id", ids[1], ids[0]]
    page.goto(HOME)
    page.get_by_role("button", name="Views").click()
    page.get_by_role("button", name="by data", exact=True).click()
    expect(page.get_by_role("row", name="voc")).to_be_visible()


def test_a_new_run_appears_by_itself(page: Page, init_run: Callable[..., Any], api: httpx.Client) -> None:
    new = {"workspace": "local", "name": "yolo", "visibility": "priv"}
    assert api.post("/api/v1/projects", json=new).status_code == 200
    page.goto(HOME)
    expect(page.get_by_text("No runs yet")).to_be_visible()
    init_run(name="just started").wait()
    expect(page.get_by_text("just started")).to_be_visible()
