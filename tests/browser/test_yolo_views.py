"""What a training recorded in pictures and plots: predictions, curves, confusion matrix, classes, picture series."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from neptune.types import File
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from neptune_yolo.tracking.curve_data import ClassCurves, Confusion, figure_json
from neptune_yolo.tracking.prediction_data import (
    DepthResult,
    ImagePredictions,
    PredictedObject,
    PredictionData,
    PredictionStatus,
    TrueObject,
    TruthStatus,
    to_json,
)

NAMES = ("bolt", "nut")
PICTURES = "/local/yolo/e/YOL-1/pictures"


def _picture(shade: int) -> File:
    content = io.BytesIO()
    Image.new("RGB", (160, 120), (shade, 90, 120)).save(content, "PNG")
    return File.from_content(content.getvalue(), extension="png")


def _image(index: int, confidence: float) -> ImagePredictions:
    truth = (
        TrueObject(box=(10, 10, 60, 60), class_index=0, name="bolt", status=TruthStatus.MATCHED, matched_by=0),
        TrueObject(box=(90, 40, 150, 100), class_index=1, name="nut", status=TruthStatus.FN),
    )
    predicted = (
        PredictedObject(
            box=(12, 11, 61, 62),
            class_index=0,
            name="bolt",
            confidence=confidence,
            status=PredictionStatus.TP,
            iou=0.9,
            matches=0,
        ),
        PredictedObject(
            box=(70, 5, 90, 25), class_index=1, name="nut", confidence=0.3, status=PredictionStatus.FP, iou=0.1
        ),
    )
    name = f"val-{index}.png"
    return ImagePredictions(
        index=index,
        name=name,
        file=f"images/{name}",
        width=160,
        height=120,
        picture_scale=1,
        ground_truth=truth,
        predictions=predicted,
    )


def _predictions(step: int, confidence: float) -> File:
    images = (_image(0, confidence), _image(1, confidence))
    data = PredictionData(task="detect", step=step, final=False, confidence=0.1, max_boxes=100, images=images)
    return File.from_content(to_json(data), extension="json")


def _curves(level: float) -> str:
    x = np.linspace(0, 1, 11)
    y = np.stack([np.full(11, level), np.full(11, level / 2)])
    curves = ClassCurves(
        name="BoxF1_curve",
        title="F1 over confidence, boxes",
        x_label="Confidence",
        y_label="F1",
        x=x,
        y=y,
        class_index=np.array([0, 1]),
        class_names=NAMES,
        labels=np.array([4, 8]),
        score_label="F1",
        scores=y[:, 0],
        best_x=0.5,
        step=None,
    )
    return figure_json(curves)


def _confusion(right: int) -> str:
    return figure_json(_matrix(np.array([[right, 1, 0], [0, 3, 1], [4 - right, 0, 0]])))


def _matrix(matrix: NDArray[np.int64]) -> Confusion:
    return Confusion(
        name="confusion_matrix",
        title="Confusion matrix",
        names=(*NAMES, "background"),
        background=True,
        unit="labels",
        matrix=matrix,
        step=None,
    )


def _log(run: Any, confidence: float, right: int) -> None:
    for step in (1, 5):
        run[f"predictions/data/epoch_{step:04d}"].upload(_predictions(step, confidence if step == 5 else 0.2))
        run["predictions/pictures/0"].append(_picture(step * 40), step=step)
    for index in (0, 1):
        run[f"predictions/images/{index}"].upload(_picture(index * 60))
    run["Plots/data/BoxF1_curve"].upload(File.from_content(_curves(right / 4), extension="json"))
    run["Plots/data/confusion_matrix"].upload(File.from_content(_confusion(right), extension="json"))
    for name, values in (("bolt", [0.25, 0.75]), ("nut", [0.5, 0.375])):
        run[f"metrics/per_class/{name}/AP50"].extend(values, steps=[1, 5])
    run.wait()


@pytest.fixture
def runs(init_run: Callable[..., Any]) -> None:
    _log(init_run(), 0.8, 2)
    _log(init_run(name="trained without noise"), 0.9, 3)


def _objects(page: Page) -> Locator:
    return page.locator(".yolo-object")


@pytest.mark.usefixtures("runs")
def test_predictions_are_switched_by_status_class_and_confidence(page: Page) -> None:
    page.goto(PICTURES)
    expect(_objects(page)).to_have_count(4)

    page.get_by_label(re.compile("^FP")).uncheck()
    expect(_objects(page)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"show="))
    page.get_by_role("button", name="nut", exact=True).click()
    expect(_objects(page)).to_have_count(2)
    page.get_by_role("slider", name="Confidence from").fill("0.85")
    expect(page).to_have_url(re.compile(r"conf=0\.85"))
    expect(page.get_by_role("row", name="bolt FN")).to_be_visible()  # what only a weaker prediction had found
    page.go_back()
    page.go_back()
    expect(_objects(page)).to_have_count(4)


@pytest.mark.usefixtures("runs")
def test_keys_and_the_slider_choose_image_and_epoch_and_the_address_can_be_sent(page: Page) -> None:
    page.goto(PICTURES)
    expect(page.get_by_role("heading", name="YOL-1, epoch 5")).to_be_visible()

    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="val-1.png")).to_have_attribute("aria-current", "true")
    page.keyboard.press(",")
    expect(page.get_by_role("heading", name="YOL-1, epoch 1")).to_be_visible()
    expect(_objects(page)).to_have_count(3)  # two true ones, and the wrong one: the right one is below the threshold
    page.reload()
    expect(page.get_by_role("heading", name="YOL-1, epoch 1")).to_be_visible()
    expect(page.get_by_role("button", name="val-1.png")).to_have_attribute("aria-current", "true")
    page.get_by_role("slider", name="Validation of").fill("1")
    expect(page.get_by_role("heading", name="YOL-1, epoch 5")).to_be_visible()


@pytest.mark.usefixtures("runs")
def test_the_same_picture_of_two_runs_stands_side_by_side_with_its_truth(page: Page) -> None:
    page.goto(PICTURES)
    page.get_by_label("Beside run").fill("2")
    page.get_by_role("button", name="Compare").click()

    expect(page).to_have_url(re.compile("with=YOL-2"))
    expect(page.get_by_role("heading", name="YOL-2, epoch 5")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("val-0.png: 2 true objects and 2 predictions"))).to_have_count(2)
    page.get_by_label("Truth beside").check()
    expect(page.get_by_role("img", name=re.compile("val-0.png: 2 true objects and 0 predictions"))).to_have_count(2)
    drawn = page.locator(".yolo-stage img").first
    assert drawn.evaluate("picture => picture.naturalWidth") == 160

    page.get_by_role("button", name="Take YOL-2 away").click()
    page.get_by_label("Beside run").fill("TRAINED WITH")
    expect(page.locator("datalist option")).to_have_text(["trained without noise"])  # by the server, in any case
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("with=YOL-2"))


@pytest.mark.usefixtures("runs")
def test_pictures_are_enlarged_together_and_their_lines_are_not(page: Page) -> None:
    page.goto(f"{PICTURES}?with=YOL-2")
    stages = page.get_by_role("group", name=re.compile("val-0.png"))
    place = stages.first.bounding_box()
    assert place is not None
    width = page.locator(".yolo-label").first.evaluate("label => label.offsetHeight")

    page.mouse.move(place["x"] + 40, place["y"] + 40)
    page.mouse.wheel(0, -400)
    expect(stages).to_have_count(2)
    for stage in stages.all():
        expect(stage).to_have_accessible_name("val-0.png, 200 %")
    expect(page).to_have_url(re.compile("zoom=2"))
    assert page.locator(".yolo-label").first.evaluate("label => label.offsetHeight") == width

    stages.first.focus()
    address = page.url
    page.keyboard.press("ArrowRight")  # moves what is enlarged, and does not choose the next picture
    expect(page).not_to_have_url(address)
    assert "image=" not in page.url
    page.reload()
    expect(stages.last).to_have_accessible_name("val-0.png, 200 %")
    page.get_by_role("button", name="Show the whole picture").first.click()
    expect(stages.last).to_have_accessible_name("val-0.png, 100 %")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="val-1.png")).to_have_attribute("aria-current", "true")


@pytest.mark.usefixtures("runs")
def test_curves_are_of_chosen_classes_over_runs(page: Page) -> None:
    page.goto(f"{PICTURES}?view=curves&with=YOL-2")
    table = page.get_by_role("table", name="F1 over confidence, boxes")
    expect(table.get_by_role("row")).to_have_count(3)  # colours tell the runs: all classes together, of each

    page.get_by_role("button", name="bolt").click()
    expect(table.get_by_role("row")).to_have_count(5)
    expect(table.get_by_role("row", name="bolt YOL-2")).to_contain_text("0.750")
    page.get_by_role("img", name=re.compile("F1 over confidence")).hover()
    expect(table.get_by_role("row", name="all classes YOL-1")).to_contain_text("0.375")


@pytest.mark.usefixtures("runs")
def test_a_confusion_matrix_is_read_by_keys_and_compared(page: Page) -> None:
    page.goto(f"{PICTURES}?view=confusion&with=YOL-2")
    matrix = page.get_by_role("grid", name=re.compile("YOL-1"))
    expect(matrix.get_by_role("gridcell").first).to_have_text("0.50")
    expect(
        page.get_by_text("50.0 % of the labels of this true class: 2 truly bolt, predicted as bolt.")
    ).to_be_visible()

    matrix.get_by_role("gridcell").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("25.0 % of the labels of this true class: 1 truly nut, predicted as bolt.")).to_be_visible()
    page.get_by_label("Share of each true class").uncheck()
    expect(matrix.get_by_role("gridcell").first).to_have_text("2")
    page.get_by_label("Difference: YOL-2 less YOL-1").check()
    difference = page.get_by_role("grid", name=re.compile("YOL-2 less YOL-1"))
    expect(difference.get_by_role("gridcell").first).to_have_text("+1")


def test_a_matrix_of_a_thousand_classes_is_searched(page: Page, init_run: Callable[..., Any]) -> None:
    names = (*(f"class {number}" for number in range(1000)), "background")
    matrix = np.diag(np.full(1001, 20))
    matrix[3, 777], matrix[5, 6] = 10, 2
    run = init_run()
    content = replace(_matrix(matrix), names=names)
    run["Plots/data/confusion_matrix"].upload(File.from_content(figure_json(content), extension="json"))
    run.wait()
    page.goto(f"{PICTURES}?view=confusion")
    mistakes = page.get_by_role("table", name="Most frequent confusions").get_by_role("row")
    expect(mistakes).to_have_count(3)
    expect(mistakes.nth(1).get_by_role("cell")).to_have_text(["class 3", "10", "33.3 %"])

    mistakes.nth(1).get_by_role("button", name="class 777").click()
    expect(page.get_by_text("10 truly class 777, predicted as class 3.")).to_be_visible()
    page.get_by_label("Class", exact=True).fill("class 6")
    expect(page.get_by_text("20 truly class 6, predicted as class 6.")).to_be_visible()
    expect(mistakes).to_have_count(2)
    page.get_by_role("group", name=re.compile("Confusion matrix")).focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("2 truly class 6, predicted as class 5.")).to_be_visible()


def test_depth_is_shown_as_the_training_drew_it(page: Page, init_run: Callable[..., Any]) -> None:
    run = init_run()
    run["predictions/images/0"].upload(_picture(40))
    depth = DepthResult(errors={"delta1": 0.9}, known_pixels=4, nearest=0.5, farthest=9.5)
    image = replace(_image(0, 0.5), ground_truth=(), predictions=(), depth=depth)
    for key, step, shown in (("epoch_0005", 5, 5.0), ("final", 5, 5.5)):
        data = PredictionData(task="depth", step=step, final=key == "final", confidence=0, max_boxes=0, images=(image,))
        run[f"predictions/data/{key}"].upload(File.from_content(to_json(data), extension="json"))
        run["predictions/pictures/0"].append(_picture(40), step=shown)
    run.wait()
    page.goto(PICTURES)
    picture = page.get_by_role("img", name="val-0.png: picture, true depth and predicted depth")
    expect(picture).to_have_attribute("src", re.compile(r"step=5\.5$"))
    expect(page.get_by_text("True depth from 0.5 m to 9.5 m")).to_be_visible()
    page.keyboard.press(",")
    expect(picture).to_have_attribute("src", re.compile("step=5$"))


@pytest.mark.usefixtures("runs")
def test_classes_over_epochs(page: Page) -> None:
    page.goto(f"{PICTURES}?view=classes")
    row = page.get_by_role("row", name="nut")
    expect(row.get_by_role("cell")).to_have_text(["0.375", "0.500", "1"])

    page.get_by_role("checkbox", name="bolt").uncheck()
    expect(page.get_by_text("1 of 2 classes are drawn.")).to_be_visible()


@pytest.mark.usefixtures("runs")
def test_picture_series_by_step_and_as_a_grid(page: Page) -> None:
    page.goto(f"{PICTURES}?view=series&with=YOL-2")
    expect(page.get_by_text("YOL-1, step 5")).to_be_visible()
    page.get_by_role("slider", name="Step").fill("0")
    expect(page.get_by_text("YOL-2, step 1")).to_be_visible()
    expect(page).to_have_url(re.compile("step=1$"))
    page.reload()
    expect(page.get_by_text("YOL-2, step 1")).to_be_visible()

    page.get_by_role("tab", name="Runs by epochs").click()
    expect(page.get_by_role("button", name=re.compile("enlarge"))).to_have_count(4)
    page.get_by_role("button", name="YOL-2, step 5: enlarge").click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()


def test_a_run_without_predictions_says_what_to_do(page: Page, init_run: Callable[..., Any]) -> None:
    run = init_run()
    run["value"] = json.dumps({})
    run.wait()
    for view, words in (
        ("predictions", "No predictions are recorded"),
        ("curves", "No curves are recorded"),
        ("confusion", "No confusion matrix is recorded"),
        ("classes", "No metrics of single classes"),
        ("series", "No picture series are recorded"),
        ("grid", "No picture series are recorded"),
    ):
        page.goto(f"{PICTURES}?view={view}")
        expect(page.get_by_role("heading", name=re.compile(words))).to_be_visible()
