import json

import pytest

from neptune_yolo.tracking.prediction_data import (
    ClassArea,
    Classification,
    ClassMap,
    ClassScore,
    DepthResult,
    ImagePredictions,
    PredictedObject,
    PredictionData,
    PredictionStatus,
    SemanticResult,
    TrueObject,
    TruthStatus,
    from_json,
    to_json,
)

BOX = (1.0, 2.5, 30.0, 40.0)
TRUTH = TrueObject(
    class_index=3,
    name="Äpfel",
    status=TruthStatus.MATCHED,
    matched_by=0,
    box=BOX,
    polygons=(((1.0, 2.0), (3.0, 4.0), (5.0, 2.5)), ((2.0, 2.0), (2.5, 2.5), (2.5, 2.0))),
)
MISSED = TrueObject(class_index=4, name="b", status=TruthStatus.FN, box=BOX, corners=((1.0, 2.0), (3.0, 4.0)))
FOUND = PredictedObject(
    class_index=3,
    name="Äpfel",
    confidence=0.875,
    status=PredictionStatus.TP,
    shape_status=PredictionStatus.FP,
    iou=0.75,
    matches=0,
    box=BOX,
    keypoints=((1.0, 2.0, 0.5), (0.0, 0.0, 0.0)),
)
MAP = ClassMap(width=2, height=1, png="abc=")
IMAGES = (
    ImagePredictions(
        index=0,
        name="a.jpg",
        file="val/a.jpg",
        width=100,
        height=50,
        picture_scale=0.5,
        ground_truth=(TRUTH, MISSED),
        predictions=(FOUND,),
        omitted_predictions=7,
    ),
    ImagePredictions(
        index=1,
        name="b.jpg",
        file="b.jpg",
        width=1,
        height=1,
        classification=Classification(
            class_index=0, name="c", correct=False, top=(ClassScore(class_index=1, name="d", probability=0.5),)
        ),
        semantic=SemanticResult(
            mean_iou=0.5,
            pixel_accuracy=0.25,
            classes=(ClassArea(class_index=0, name="c", iou=0.5, true_area=0.1, predicted_area=0.2),),
            ground_truth=MAP,
            prediction=MAP,
        ),
        depth=DepthResult(errors={"rmse": 0.5}, known_pixels=10, nearest=0.5, farthest=2.0),
    ),
)
DATA = PredictionData(task="segment", step=7, final=False, confidence=0.1, max_boxes=100, images=IMAGES)


def test_what_is_written_is_read_again() -> None:
    assert from_json(to_json(DATA)) == DATA


def test_the_json_has_the_names_that_are_documented() -> None:
    content = json.loads(to_json(DATA))
    assert content["version"] == 1
    assert content["iou_threshold"] == 0.5
    truth, missed = content["images"][0]["ground_truth"]
    assert truth["class"] == 3
    assert truth["box"] == [1.0, 2.5, 30.0, 40.0]
    assert truth["status"] == "matched"
    assert truth["polygons"][1] == [[2.0, 2.0], [2.5, 2.5], [2.5, 2.0]]
    assert set(missed) == {"box", "class", "corners", "name", "status"}  # what is None is left out
    assert content["images"][0]["predictions"][0]["keypoints"] == [[1.0, 2.0, 0.5], [0.0, 0.0, 0.0]]
    assert content["images"][1]["classification"]["top"] == [{"class": 1, "name": "d", "probability": 0.5}]


def test_a_reader_ignores_what_it_does_not_know() -> None:
    content = json.loads(to_json(DATA))
    content["later"] = content["images"][0]["later"] = content["images"][0]["predictions"][0]["later"] = 1
    assert from_json(json.dumps(content)) == DATA


@pytest.mark.parametrize("text", ['{"version": 2, "images": []}', "[]", "{}"])
def test_another_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="version 1 was expected"):
        from_json(text)


def test_a_number_that_json_does_not_have_is_refused() -> None:
    depth = DepthResult(errors={"rmse": float("nan")}, known_pixels=1, nearest=1, farthest=1)
    image = ImagePredictions(index=0, name="a", file="a", width=1, height=1, depth=depth)
    with pytest.raises(ValueError, match="JSON"):
        to_json(PredictionData(task="depth", step=1, final=True, confidence=0, max_boxes=1, images=(image,)))
