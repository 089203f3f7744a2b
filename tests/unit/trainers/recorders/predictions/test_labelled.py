from types import SimpleNamespace
from typing import Any

import numpy as np

from neptune_yolo.tracking.prediction_data import MAX_POLYGON_POINTS
from neptune_yolo.trainers.recorders.predictions.geometry import Frame
from neptune_yolo.trainers.recorders.predictions.labelled import labelled_outlines

FRAME = Frame.of((100, 200), (64, 128), ((0.64, 0.64), (0.0, 0.0)))

TRIANGLE = np.array([[0.1, 0.1], [0.3, 0.1], [0.2, 0.5]])
SQUARE = np.array([[0.5, 0.2], [0.9, 0.2], [0.9, 0.8], [0.5, 0.8]])


def dataset(*segments: Any, **changes: Any) -> Any:
    low = np.array([segment.min(axis=0) for segment in segments])
    high = np.array([segment.max(axis=0) for segment in segments])
    boxes = np.concatenate([(low + high) / 2, high - low], axis=1)
    label = {"segments": list(segments), "bboxes": boxes, "bbox_format": "xywh"} | changes
    return SimpleNamespace(labels=[{}, label])


def test_objects_are_found_again_by_their_boxes_whatever_their_order() -> None:
    boxes = np.array([[100.9, 20.4, 179.2, 80.1], [20.0, 10.0, 60.0, 50.0]])

    outlines = labelled_outlines(dataset(TRIANGLE, SQUARE), 1, boxes, FRAME)

    assert outlines == (
        ((100.0, 20.0), (180.0, 20.0), (180.0, 80.0), (100.0, 80.0)),
        ((20.0, 10.0), (60.0, 10.0), (40.0, 50.0)),
    )


def test_labels_that_do_not_fit_are_left_alone() -> None:
    fitting = np.array([[20.0, 10.0, 60.0, 50.0]])
    elsewhere = np.array([[120.0, 10.0, 160.0, 50.0]])

    assert labelled_outlines(dataset(TRIANGLE), 1, elsewhere, FRAME) == ()
    assert labelled_outlines(dataset(TRIANGLE), 1, np.concatenate([fitting, fitting]), FRAME) == ()
    assert labelled_outlines(dataset(TRIANGLE), 0, fitting, FRAME) == ()
    assert labelled_outlines(dataset(TRIANGLE, bbox_format="ltwh"), 1, fitting, FRAME) == ()
    assert labelled_outlines(SimpleNamespace(), 1, fitting, FRAME) == ()


def test_a_line_of_many_points_is_bounded_and_keeps_its_place() -> None:
    angles = np.linspace(0, 2 * np.pi, 5_000, endpoint=False)
    circle = 0.5 + 0.3 * np.stack([np.cos(angles), np.sin(angles)], axis=1)

    (outline,) = labelled_outlines(dataset(circle), 1, np.array([[40.0, 20.0, 160.0, 80.0]]), FRAME)

    assert 8 <= len(outline) <= MAX_POLYGON_POINTS
    points = np.array(outline)
    assert np.allclose([points.min(axis=0), points.max(axis=0)], [[40, 20], [160, 80]], atol=1.5)
