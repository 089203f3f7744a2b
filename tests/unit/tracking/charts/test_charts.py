import re
from html.parser import HTMLParser

import numpy as np
import pytest

from neptune_yolo.tracking.charts import MOST_CLASSES, chart_html
from neptune_yolo.tracking.charts.drawing import thinned
from neptune_yolo.tracking.curve_data import ClassCurves, ClassValues, Confusion, Figure

EVIL = '</title><script>alert("x")</script>'


def names(classes: int) -> tuple[str, ...]:
    return (EVIL, *(f"klasse ä {index}" for index in range(1, classes)))


def curves(classes: int) -> ClassCurves:
    x = np.linspace(0, 1, 1000)
    heights = np.random.default_rng(0).random((classes, 1))
    return ClassCurves(
        name="BoxPR_curve",
        title="Precision over recall, boxes",
        x_label="Recall",
        y_label="Precision",
        x=x,
        y=heights * (1 - x**3),
        class_index=np.arange(classes),
        class_names=names(classes),
        labels=np.arange(classes)[::-1] + 1,
        score_label="AP50",
        scores=heights[:, 0],
        best_x=None,
        step=3,
    )


def confusion(classes: int, *, background: bool = True) -> Confusion:
    size = classes + background
    matrix = np.random.default_rng(0).poisson(0.4, (size, size)) + 30 * np.eye(size, dtype=np.int64)
    if background:
        matrix[-1, -1] = 0
    labels = (*names(classes), "background") if background else names(classes)
    return Confusion("confusion_matrix", "Confusion matrix", labels, background, "labels", matrix, None)


def values(classes: int) -> ClassValues:
    share = np.linspace(0.1, 1, classes)
    indices = np.arange(classes)
    return ClassValues("iou", "IoU of each class", "IoU", "pixels", indices, names(classes), indices + 1, share, 4)


class Tags(HTMLParser):
    """The tags of a page, with what they hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def count(self, tag: str, **attributes: str) -> int:
        return sum(name == tag and attributes.items() <= found.items() for name, found in self.tags)


@pytest.mark.parametrize("figure", [curves(10), curves(1000), confusion(10), confusion(1000), values(10), values(1000)])
def test_a_chart_needs_nothing_and_runs_nothing(figure: Figure) -> None:
    page = chart_html(figure)
    tags = Tags(page)

    kinds = {tag for tag, _ in tags.tags}
    assert kinds.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "image", "use"})
    attributes = {name for _, found in tags.tags for name in found}
    assert attributes.isdisjoint({"style", "src", "href", "xlink:href", "action", "formaction"})
    assert not [name for name in attributes if name.startswith("on")]
    assert re.findall(r"url\(|@import|https?://(?!www\.w3\.org/1999/xhtml)", page) == []
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert len(page) < 1_500_000


@pytest.mark.parametrize("figure", [curves(3), confusion(3), values(3)])
def test_names_of_classes_stay_text(figure: Figure) -> None:
    page = chart_html(figure)

    assert "&lt;script&gt;" in page
    assert Tags(page).count("script") == 0
    assert "klasse ä 2" in page


def test_each_class_of_few_has_a_line_and_a_ticked_box() -> None:
    tags = Tags(chart_html(curves(10)))

    assert tags.count("input", type="checkbox") == 10
    assert sum("checked" in found for tag, found in tags.tags if found.get("type") == "checkbox") == 10
    assert tags.count("polyline") == 11


def test_the_values_under_the_pointer_are_those_of_the_curves() -> None:
    figure = curves(3)
    page = chart_html(figure)

    middle = page[page.index("Recall 0.5<") :]
    row = re.search(r'class="t1">.*?<b class="number">([\d.]+)</b>', middle)
    assert row is not None
    assert float(row[1]) == pytest.approx(figure.y[1, 500], abs=0.001)


def test_of_many_classes_those_with_the_most_labels_are_drawn_and_the_page_says_so() -> None:
    page = chart_html(curves(1000))
    tags = Tags(page)

    assert tags.count("input", type="checkbox") == MOST_CLASSES
    assert f"{MOST_CLASSES} of the 1000 classes are drawn" in page
    assert "klasse ä 99<" in page
    assert "klasse ä 100<" not in page


def test_a_cell_tells_its_count_and_its_shares() -> None:
    matrix = np.array([[30, 10, 5], [0, 20, 0], [10, 10, 0]])
    figure = Confusion("confusion_matrix", "Confusion", ("cat", "dog", "background"), True, "labels", matrix, 1)  # noqa: FBT003

    page = chart_html(figure)
    assert "true dog, predicted cat: 10 (25 % of true, 22 % of predicted)" in page
    assert "true cat, predicted dog" not in page
    texts = [text.strip() for text in Tags(page).texts]
    assert "Most often missed" in texts
    assert "Most often found where there is none" in texts


def test_a_matrix_without_background_has_confusions_only() -> None:
    page = chart_html(confusion(4, background=False))

    assert "Most often confused" in page
    assert "Most often missed" not in page


def test_a_matrix_of_many_classes_shows_those_most_confused() -> None:
    figure = confusion(1000)
    figure.matrix[:] = np.eye(1001, dtype=np.int64)
    figure.matrix[7, 999] = 50
    page = chart_html(figure)

    assert f"{MOST_CLASSES} of the 1000 classes are shown" in page
    assert "true klasse ä 999, predicted klasse ä 7: 50" in page


def test_cells_are_bounded() -> None:
    figure = confusion(100)
    figure.matrix[:] = 1
    figure.matrix[3, 5] = 9

    page = chart_html(figure)
    assert page.count('class="cell') == 4000
    assert "The 6201 smallest cells are left out." in page
    assert "predicted klasse ä 3: 9 " in page


def test_bars_stand_in_falling_order() -> None:
    texts = [text for text in Tags(chart_html(values(4))).texts if text.startswith(("klasse", "</title>"))]

    assert [text.split(":")[0] for text in texts][::2] == ["klasse ä 3", "klasse ä 2", "klasse ä 1", EVIL]


def test_a_thinned_line_stays_within_the_tolerance() -> None:
    x = np.linspace(0, 600, 1000)
    y = np.cumsum(np.random.default_rng(1).normal(size=1000))
    points = np.column_stack((x, y))

    kept = thinned(points, 0.5)
    assert kept[0].tolist() == points[0].tolist()
    assert kept[-1].tolist() == points[-1].tolist()
    assert len(kept) < len(points)
    assert np.abs(np.interp(x, kept[:, 0], kept[:, 1]) - y).max() <= 0.5
