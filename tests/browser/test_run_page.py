"""The page of one run: what it is, its attributes, files, checkpoints and logs, and how it is stopped."""

import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from neptune.types import File
from playwright.sync_api import Page, ViewportSize, expect

HTML = "<!doctype html><title>Curve</title><h1>Precision over recall</h1><script>document.title = 'x'</script>"
YAML = "names:\n  0: bolt\n  1: nut\n"
CSV = 'epoch, loss\n1, 0.5\n2, "0,25"\n'
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PROGRAM = Path(__file__).parents[1] / "integration" / "protocol" / "logging_program.py"
PHONE: ViewportSize = {"width": 390, "height": 800}


@pytest.fixture
def run(init_run: Callable[..., Any]) -> Any:
    run = init_run(name="bolts", description="Bolts and nuts", tags=["small", "night"])
    run["training/status"] = "running"
    run["training/epochs_completed"] = 2
    run["training/epochs_planned"] = 8
    run["training/started_at"] = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    run["training/resumes/1/from_epoch"] = 2
    run["training/resumes/1/host"] = "atlas"
    run["training/resumes/1/checkpoint"] = "last.pt"
    run["epoch/time_seconds"].extend([60.0, 60.0])
    run["best/epoch"] = 2
    run["best/fitness"] = 0.5
    run["best/metrics/mAP50(B)"] = 0.725
    run["last/metrics/mAP50(B)"] = 0.7
    run["environment/command"] = "yolo train data=bolts.yaml"
    run["environment/host"] = "atlas"
    run["environment/git/branch"] = "main"
    run["environment/git/commit"] = COMMIT
    run["dataset/name"] = "bolts"
    run["dataset/train/images"] = 1200
    run["lineage/parent"] = "YOL-7"
    run["metrics/mAP50(B)"].extend([0.6, 0.725])
    run["dataset/yaml"].upload(File.from_content(YAML, extension="yaml"))
    run["training/results"].upload(File.from_content(CSV, extension="csv"))
    run["Plots/charts/BoxPR_curve"].upload(File.from_content(HTML, extension="html"))
    run["weights/best"].upload(File.from_content(b"weights", extension="pt"))
    run["checkpoints/best/epoch"] = 2
    run["checkpoints/best/metrics/fitness"] = 0.5
    run["monitoring/main/stdout"].extend([f"line {number}" for number in range(1200)])
    run.wait()
    return run


def test_the_overview_says_what_a_run_is_and_how_far_it_has_come(page: Page, run: Any) -> None:
    page.goto("/local/yolo/e/YOL-1")

    expect(page.get_by_role("heading", name="YOL-1 bolts")).to_be_visible()
    expect(page.get_by_text("running", exact=True)).to_be_visible()
    expect(page.get_by_text("Epoch 2 of 8, about 6 min left")).to_be_visible()
    expect(page.get_by_text("Bolts and nuts")).to_be_visible()
    row = page.get_by_role("row", name="mAP50(B)")
    expect(row.get_by_role("cell")).to_have_text(["0.725", "0.7"])
    expect(page.get_by_text("yolo train data=bolts.yaml")).to_be_visible()
    expect(page.get_by_text("1,200 images")).to_be_visible()
    expect(page.get_by_text("from epoch 2, of last.pt, on atlas")).to_be_visible()
    expect(page.get_by_role("link", name="YOL-7")).to_have_attribute("href", "/local/yolo/e/YOL-7")

    run["training/epochs_completed"] = 3
    run.wait()
    expect(page.get_by_text("Epoch 3 of 8")).to_be_visible()


@pytest.mark.usefixtures("run")
def test_attributes_are_a_tree_with_a_search_that_has_an_address(page: Page) -> None:
    page.goto("/local/yolo/e/YOL-1/attributes")
    page.locator("summary", has_text="git").click()
    expect(page.get_by_role("button", name="Copy path environment/git/branch")).to_be_visible()

    page.get_by_role("searchbox", name="Search attributes").fill("map50 best")
    expect(page.get_by_role("status").filter(has_text="1 attribute")).to_be_visible()
    expect(page).to_have_url("/local/yolo/e/YOL-1/attributes?search=map50+best")
    page.reload()
    expect(page.get_by_text("best/metrics/mAP50(B)")).to_be_visible()


@pytest.mark.usefixtures("run")
def test_files_are_shown_as_what_they_are(page: Page) -> None:
    page.goto("/local/yolo/e/YOL-1/files?path=dataset%2Fyaml")
    expect(page.get_by_text("0: bolt")).to_be_visible()

    page.get_by_role("button", name="training/results").click()
    expect(page.get_by_role("cell", name="0,25")).to_be_visible()
    page.get_by_role("button", name="Plots/charts/BoxPR_curve").click()
    frame = page.frame_locator("iframe[title='Plots/charts/BoxPR_curve']")
    expect(frame.get_by_role("heading", name="Precision over recall")).to_be_visible()
    page.get_by_role("button", name="weights/best").click()
    expect(page.get_by_text("A browser cannot show this kind of file")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "best.pt"
    page.go_back()
    expect(page.locator("iframe")).to_be_visible()


def test_a_file_set_is_saved_at_once(page: Page, init_run: Callable[..., Any], tmp_path: Path) -> None:
    run = init_run()
    for name in ("train.py", "data.yaml"):
        (tmp_path / name).write_text(name)
    run["code"].upload_files([str(tmp_path / "*.*")])
    run.wait()
    page.goto("/local/yolo/e/YOL-1/files?path=code")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download all").click()

    assert download.value.suggested_filename == "YOL-1-code.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert {"train.py", "data.yaml"} <= {Path(name).name for name in archive.namelist()}


@pytest.mark.usefixtures("run")
def test_checkpoints_come_with_programs_that_use_them(page: Page) -> None:
    page.goto("/local/yolo/e/YOL-1/checkpoints")

    expect(page.get_by_role("row", name="best").get_by_role("cell")).to_have_text(
        ["2", "0.5", "7 B", "–", "Download"]  # noqa: RUF001 - as the page writes what is missing
    )
    expect(page.get_by_text('run["weights/best"].download("YOL-1-best.pt")')).to_be_visible()
    expect(page.get_by_text('neptune_yolo.resume_run("YOL-1"')).to_be_visible()


def test_logs_are_followed(page: Page, run: Any) -> None:
    page.goto("/local/yolo/e/YOL-1/logs")
    log = page.get_by_role("log")
    expect(log.get_by_text("line 1199")).to_be_in_viewport()
    expect(log.get_by_text("line 199", exact=True)).to_have_count(0)

    run["monitoring/main/stdout"].append("the newest line")
    run.wait()
    expect(log.get_by_text("the newest line")).to_be_in_viewport()
    expect(page.get_by_text("1,201 lines")).to_be_visible()
    log.focus()
    page.keyboard.press("Home")
    expect(log.get_by_text("line 0", exact=True)).to_be_in_viewport()
    expect(log.get_by_text("line 1199")).to_have_count(0)
    page.get_by_label("Go to line").fill("701")
    page.keyboard.press("Enter")
    expect(log.get_by_text("line 700", exact=True)).to_be_in_viewport()
    page.get_by_label("Follow").check()
    expect(log.get_by_text("the newest line")).to_be_in_viewport()


@pytest.mark.usefixtures("run")
def test_the_source_names_the_commit(page: Page) -> None:
    page.goto("/local/yolo/e/YOL-1/source")

    expect(page.get_by_text(COMMIT[:12])).to_be_visible()
    expect(page.get_by_text("0: bolt")).to_be_visible()


@pytest.fixture
def program(init_run: Callable[..., Any], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of its own process, which logs to YOL-1 until it is told to end."""
    assert callable(init_run)  # it has set the environment
    with subprocess.Popen([sys.executable, str(PROGRAM), "endless", "loss"], cwd=tmp_path) as program:
        while not (tmp_path / "loss.log").is_file():
            assert program.poll() is None
            time.sleep(0.05)
        yield program
        program.kill()


def test_a_running_program_is_stopped_and_the_page_tells_how_it_stands(
    page: Page, program: subprocess.Popen[bytes]
) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/local/yolo/e/YOL-1")
    page.get_by_role("button", name="Stop").click()
    dialogue = page.get_by_role("dialog", name="Stop YOL-1?")
    dialogue.get_by_role("button", name="Let it run").click()
    expect(dialogue).to_be_hidden()
    expect(page.get_by_text("running", exact=True)).to_be_visible()
    assert program.poll() is None

    page.get_by_role("button", name="Stop").click()
    dialogue.get_by_role("button", name="Stop", exact=True).click()

    assert program.wait(timeout=20) in {-signal.SIGTERM, 1}  # 1: it has logged to the run that was stopped already
    expect(page.get_by_text("idle", exact=True)).to_be_visible()  # long before it would count as silent
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.usefixtures("run")
def test_a_run_goes_to_the_trash_and_back(page: Page, api: httpx.Client) -> None:
    page.goto("/local/yolo/e/YOL-1")
    page.get_by_role("button", name="Move to trash").click()
    page.get_by_role("dialog").get_by_role("button", name="Move to trash").click()
    expect(page.get_by_text("in the trash")).to_be_visible()
    assert api.get("/api/v1/projects/local/yolo/runs/YOL-1").json()["trashed"]

    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("in the trash")).to_have_count(0)
    assert not api.get("/api/v1/projects/local/yolo/runs/YOL-1").json()["trashed"]


def test_charts_and_monitoring_are_apart(page: Page, run: Any) -> None:
    run["monitoring/main/cpu"].extend([10.0, 20.0])
    run.wait()
    page.goto("/local/yolo/e/YOL-1/charts")
    expect(page.get_by_role("heading", name="mAP50(B)").first).to_be_visible()
    expect(page.get_by_text("monitoring/main/cpu")).to_have_count(0)

    page.get_by_role("tab", name="Monitoring").click()
    expect(page).to_have_url("/local/yolo/e/YOL-1/monitoring")
    expect(page.get_by_role("heading", name="cpu").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")


def test_name_and_tags_are_changed_in_place(page: Page, run: Any) -> None:
    page.goto("/local/yolo/e/YOL-1")
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("textbox", name="Name").fill("bolts, night")
    page.get_by_role("textbox", name="Tags").fill("small, day")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="YOL-1 bolts, night")).to_be_visible()
    expect(page.get_by_role("list", name="Tags of YOL-1").get_by_role("listitem")).to_have_text(["day", "small"])
    run.sync()
    assert run["sys/tags"].fetch() == {"day", "small"}


def test_a_run_that_is_not_there_is_said_to_be_missing(page: Page, run: Any, complaints: Any) -> None:
    del run
    complaints.expected.append("404")
    page.goto("/local/yolo/e/YOL-99")

    expect(page.get_by_role("alert")).to_contain_text("YOL-99")
