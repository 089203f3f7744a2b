import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from ultralytics.utils import ops

from neptune_yolo.tracking.prediction_data import MAX_POLYGON_POINTS, Ring
from neptune_yolo.trainers.recorders.predictions.geometry import Frame, mask_polygons, rotated_corners

PLAIN = Frame.of((160, 160), (160, 160), ((1.0, 1.0), (0.0, 0.0)))
LETTERBOXED = [
    ((480, 640), (640, 640), ((1.0, 1.0), (0.0, 80.0))),
    ((1000, 333), (384, 160), ((0.384, 0.384), (16.0, 0.0))),
    ((77, 91), (64, 64), ((0.7012987, 0.7032967), (0.0, 5.0))),  # the sides are rounded apart
]


@pytest.mark.parametrize(("original", "entered", "ratio_pad"), LETTERBOXED)
def test_boxes_go_back_as_ultralytics_moves_them(
    original: tuple[int, int], entered: tuple[int, int], ratio_pad: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    generator = np.random.default_rng(0)
    boxes = generator.random((50, 4)).astype(np.float32) * np.array([entered[1], entered[0]] * 2, dtype=np.float32)
    expected = ops.scale_boxes(entered, boxes.copy(), original, ratio_pad=ratio_pad)
    assert np.allclose(Frame.of(original, entered, ratio_pad).boxes_to_original(boxes), expected, atol=1e-2)


def test_an_image_without_known_padding_is_centred() -> None:
    frame = Frame.of((100, 200), (64, 64), None)
    assert frame.to_original(np.array([[0.0, 16.0], [64.0, 48.0]])).tolist() == [[0, 0], [200, 100]]
    assert frame.to_original(np.array([[np.nan, np.inf]])).tolist() == [[0, 100]]


def test_corners_are_those_of_ultralytics() -> None:
    boxes = np.random.default_rng(0).random((20, 5)) * [100, 100, 50, 30, 3]
    expected = ops.xywhr2xyxyxyxy(torch.tensor(boxes)).numpy()
    for own, theirs in zip(rotated_corners(boxes), expected, strict=True):
        distances = np.linalg.norm(own[:, None] - theirs, axis=-1)
        assert distances.min(axis=1).max() < 1e-4
        assert distances.min(axis=0).max() < 1e-4


def filled(rings: tuple[Ring, ...], side: int) -> NDArray[np.bool_]:
    """The pixels inside lines by the even-odd rule, at four times the resolution."""
    canvas = np.zeros((side * 4, side * 4), dtype=np.uint8)
    cv2.fillPoly(canvas, [np.round(np.array(ring) * 4 - 0.5).astype(np.int32) for ring in rings], 1)
    return canvas.astype(bool)


def overlap(mask: NDArray[np.uint8], rings: tuple[Ring, ...], side: int) -> float:
    true = cv2.resize(mask, (side * 4, side * 4), interpolation=cv2.INTER_NEAREST) > 0
    drawn = filled(rings, side)
    return float((true & drawn).sum() / (true | drawn).sum())


def disc(side: int, radius: int, hole: int = 0) -> NDArray[np.uint8]:
    mask = np.zeros((side, side), dtype=np.uint8)
    cv2.circle(mask, (side // 2, side // 2), radius, 1, -1)
    if hole:
        cv2.circle(mask, (side // 2, side // 2), hole, 0, -1)
    return mask


@pytest.mark.parametrize(
    ("mask", "rings"),
    [
        (disc(160, 60), 1),
        (disc(160, 60, hole=25), 2),
        (np.pad(np.ones((20, 160), dtype=np.uint8), ((0, 140), (0, 0))), 1),  # along the edge
        (disc(40, 12), 1),  # a quarter of the resolution
    ],
)
def test_lines_go_round_the_mask(mask: NDArray[np.uint8], rings: int) -> None:
    found = mask_polygons(mask, PLAIN)
    assert len(found) == rings
    assert overlap(mask, found, 160) > 0.95


def test_lines_are_bounded_and_an_empty_mask_has_none() -> None:
    noise = (np.random.default_rng(0).random((160, 160)) > 0.5).astype(np.uint8)
    found = mask_polygons(noise, PLAIN)
    assert 0 < sum(map(len, found)) <= MAX_POLYGON_POINTS
    assert all(len(ring) >= 3 for ring in found)
    assert mask_polygons(np.zeros((160, 160), dtype=np.uint8), PLAIN) == ()


def test_a_single_pixel_has_an_outline() -> None:
    mask = np.zeros((160, 160), dtype=np.uint8)
    mask[40, 30] = 1
    (ring,) = mask_polygons(mask, PLAIN)
    points = np.array(ring)
    assert np.allclose(points.mean(axis=0), (30.5, 40.5), atol=0.3)


def test_a_map_is_cut_to_the_picture() -> None:
    frame = Frame.of((50, 100), (64, 64), ((0.64, 0.64), (0.0, 16.0)))
    values = np.repeat(np.arange(64)[:, None], 64, axis=1)
    found = frame.map_to_original(values, 640)
    assert found.shape == (50, 100)
    assert (found[0, 0], found[-1, -1]) == (16, 47)
    assert frame.map_to_original(values, 20).shape == (10, 20)
