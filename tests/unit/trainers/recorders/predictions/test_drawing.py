import numpy as np
import pytest
from PIL import Image

from neptune_yolo.tracking.prediction_data import (
    Classification,
    ClassScore,
    ImagePredictions,
    PredictedObject,
    PredictionStatus,
    TrueObject,
    TruthStatus,
)
from neptune_yolo.trainers.recorders.predictions.drawing import (
    FALSE_NEGATIVE,
    FALSE_POSITIVE,
    TRUE_POSITIVE,
    TRUTH,
    draw_objects,
)
from neptune_yolo.trainers.recorders.predictions.lettering import Colour, Labels, Letters, with_legend
from neptune_yolo.trainers.recorders.predictions.panels import draw_classification

GREY = (90, 90, 90)
TP, FP = PredictionStatus.TP, PredictionStatus.FP


def image_of(**values: object) -> ImagePredictions:
    defaults = {"index": 0, "name": "a", "file": "a", "width": 2560, "height": 1280, "picture_scale": 0.5}
    return ImagePredictions(**{**defaults, **values})  # type: ignore[arg-type]


def colour_at(picture: Image.Image, x: int, y: int) -> object:
    return picture.getpixel((x, y))


def found(box: tuple[float, float, float, float], status: PredictionStatus, **more: object) -> PredictedObject:
    return PredictedObject(class_index=0, name="cat", confidence=0.5, status=status, box=box, **more)  # type: ignore[arg-type]


def test_each_status_has_its_colour_at_its_place() -> None:
    missed = TrueObject(class_index=0, name="cat", status=TruthStatus.FN, box=(200, 800, 600, 1200))
    matched = TrueObject(class_index=0, name="cat", status=TruthStatus.MATCHED, box=(1000, 200, 1400, 600))
    data = image_of(
        ground_truth=(missed, matched),
        predictions=(found((1040, 240, 1440, 640), TP), found((1800, 200, 2200, 600), FP)),
    )
    picture = draw_objects(data, Image.new("RGB", (1280, 640), GREY), "caption")
    assert picture.width == 1280
    assert picture.height > 640  # the legend
    assert colour_at(picture, 620, 320) == TRUE_POSITIVE  # (1240, 640), the middle of the lower edge
    assert colour_at(picture, 1000, 300) == FALSE_POSITIVE
    assert colour_at(picture, 690, 100) == TRUTH
    assert FALSE_NEGATIVE in {colour_at(picture, x, 600) for x in range(120, 280)}
    assert GREY in {colour_at(picture, x, 600) for x in range(120, 280)}  # it is dashed
    assert colour_at(picture, 620, 250) == GREY  # a box has no filling


def test_a_hole_of_a_mask_is_not_tinted() -> None:
    ring = ((200.0, 200.0), (1000.0, 200.0), (1000.0, 1000.0), (200.0, 1000.0))
    hole = ((400.0, 400.0), (800.0, 400.0), (800.0, 800.0), (400.0, 800.0))
    data = image_of(predictions=(found((200, 200, 1000, 1000), TP, polygons=(ring, hole)),))
    picture = draw_objects(data, Image.new("RGB", (1280, 640), GREY), "")
    assert colour_at(picture, 150, 300) not in (GREY, TRUE_POSITIVE)
    assert colour_at(picture, 300, 300) == GREY
    assert colour_at(picture, 100, 300) == TRUE_POSITIVE


def test_keypoints_and_corners_are_drawn_where_they_are() -> None:
    corners = ((600.0, 200.0), (1000.0, 600.0), (600.0, 1000.0), (200.0, 600.0))
    turned = found((200, 200, 1000, 1000), TP, corners=corners)
    posed = found((1400, 200, 2200, 1000), FP, keypoints=((1600, 400, 0.9), (1900, 800, 0.0)))
    picture = draw_objects(image_of(predictions=(turned, posed)), Image.new("RGB", (1280, 640), GREY), "")
    assert colour_at(picture, 200, 200) == TRUE_POSITIVE  # the middle of the upper left edge
    assert colour_at(picture, 104, 104) == GREY  # near the corner of the upright box
    assert colour_at(picture, 800, 200) == FALSE_POSITIVE
    assert colour_at(picture, 950, 400) == GREY  # it is not visible


def test_small_pictures_are_enlarged() -> None:
    data = image_of(width=64, height=48, picture_scale=1.0, predictions=(found((16, 12, 48, 36), TP),))
    picture = draw_objects(data, Image.new("RGB", (64, 48), GREY), "")
    assert picture.width == 640
    assert colour_at(picture, 320, 360) == TRUE_POSITIVE


@pytest.mark.parametrize(
    "box", [(0, 0, 5, 5), (635, 0, 639, 3), (600, 470, 639, 479), (0, 470, 3, 479), (0, 0, 639, 479)]
)
def test_a_label_stays_inside(box: tuple[float, float, float, float]) -> None:
    picture = Image.new("RGB", (640, 480), GREY)
    assert Labels(picture, Letters(14)).write("a rather long name 0.55", box, FALSE_POSITIVE)
    marked = (np.asarray(picture) != GREY).any(axis=-1)
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    assert columns[-1] - columns[0] > 150  # the whole of it
    assert rows[-1] - rows[0] >= 16


def test_labels_do_not_cover_each_other_and_optional_ones_give_way() -> None:
    picture = Image.new("RGB", (300, 100), GREY)
    labels = Labels(picture, Letters(14))
    box = (100.0, 40.0, 200.0, 60.0)
    written = [labels.write("a label here", box, FALSE_POSITIVE, optional=True) for _ in range(20)]
    assert 1 < sum(written) < 20
    assert written == sorted(written, reverse=True)
    taken = labels._taken
    for i, (left, top, right, bottom) in enumerate(taken):
        assert all(right <= o[0] or o[2] <= left or bottom <= o[1] or o[3] <= top for o in taken[:i])
    assert labels.write("this must be read", box, FALSE_NEGATIVE)


def test_the_legend_has_as_many_lines_as_it_needs() -> None:
    entries: list[tuple[Colour | None, str]] = [(None, "caption"), (TRUE_POSITIVE, "right"), (FALSE_POSITIVE, "wrong")]
    wide, narrow = (with_legend(Image.new("RGB", (w, 50), GREY), entries, Letters(14)) for w in (640, 90))
    assert narrow.height - 50 > 2 * (wide.height - 50 - 7)
    assert TRUE_POSITIVE in wide.get_flattened_data()


def test_bars_say_how_likely_each_class_is() -> None:
    top = (
        ClassScore(class_index=3, name="dog", probability=0.75),
        ClassScore(class_index=0, name="cat", probability=0.25),
    )
    result = Classification(class_index=0, name="cat", correct=False, top=top)
    picture = draw_classification(image_of(classification=result), Image.new("RGB", (640, 320), GREY), "caption")
    column = [colour_at(picture, 150, y) for y in range(320, picture.height)]
    assert FALSE_POSITIVE in column
    assert TRUE_POSITIVE in column
    assert FALSE_POSITIVE in [colour_at(picture, 470, y) for y in range(320, 365)]
    assert TRUE_POSITIVE not in [colour_at(picture, 170, y) for y in range(320, 385)]
