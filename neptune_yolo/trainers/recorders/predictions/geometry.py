"""From the pixels of the validator's input back to those of the original image; masks become polygons."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from neptune_yolo.tracking.prediction_data import MAX_POLYGON_POINTS, Ring

Floats = NDArray[np.float64]

_DIGITS = 1
_MAX_RINGS = 12
_FINE_SIDE = 640  # side in pixels to which the part of a mask that holds an object is enlarged, at most
_FINEST = 4
_TOLERANCE = 0.4  # how far a simplified line may lie from the true one, in pixels of the mask
_AREA_POINTS = 3
_HALF = 127
_FAR = 1e9
_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])


@dataclass(frozen=True)
class Frame:
    """How the original image lies in the validator's input.

    Args:
        width: Width of the original image in pixels.
        height: Height of the original image in pixels.
        input_width: Width of the input in pixels, with its padding.
        input_height: Height of the input in pixels, with its padding.
        gain: Pixels of the input for each pixel of the original, for x and y.
        pad: Padding at the left and at the top in pixels of the input.
    """

    width: int
    height: int
    input_width: int
    input_height: int
    gain: tuple[float, float]
    pad: tuple[float, float]

    @classmethod
    def of(cls, original: Any, entered: Any, ratio_pad: Any) -> "Frame":
        """Return the frame from what an Ultralytics batch says.

        Args:
            original: Height and width of the original image in pixels.
            entered: Height and width of the input in pixels.
            ratio_pad: ``((gain of height, gain of width), (padding at the left, at the top))``; None: centred.
        """
        height, width = (int(side) for side in original[:2])
        input_height, input_width = (int(side) for side in entered[:2])
        if ratio_pad is None:
            gain = min(input_height / height, input_width / width)
            pad = ((input_width - width * gain) / 2, (input_height - height * gain) / 2)
            return cls(width, height, input_width, input_height, (gain, gain), pad)
        (gain_y, gain_x), (left, top) = ratio_pad
        gains, pads = (float(gain_x), float(gain_y)), (float(left), float(top))
        return cls(width, height, input_width, input_height, gains, pads)

    def to_original(self, points: NDArray[np.floating]) -> Floats:
        """Return points `(..., 2)` of the input as points of the original image, clipped to it."""
        finite = np.nan_to_num(np.asarray(points, dtype=np.float64), posinf=_FAR, neginf=-_FAR)
        moved = (finite - self.pad) / self.gain
        return np.clip(moved, 0, (self.width, self.height))

    def boxes_to_original(self, boxes: NDArray[np.floating]) -> Floats:
        """Return boxes `(n, 4)` of left, top, right, bottom, moved like points."""
        return self.to_original(boxes.reshape(-1, 2, 2)).reshape(-1, 4)

    def map_to_original(self, values: NDArray[Any], longest: int) -> NDArray[Any]:
        """Return a map `(height, width)` over the whole input as one over the original image, by nearest values.

        Args:
            values: One value for each pixel of the input, or of a smaller or larger grid over it.
            longest: Longest side of the result in pixels; it is never larger than the original image.
        """
        scale = min(1.0, longest / max(self.width, self.height))
        width, height = (max(1, round(side * scale)) for side in (self.width, self.height))
        columns = ((np.arange(width) + 0.5) / width * self.width * self.gain[0] + self.pad[0]) / self.input_width
        rows = ((np.arange(height) + 0.5) / height * self.height * self.gain[1] + self.pad[1]) / self.input_height
        row_indices = np.clip((rows * values.shape[0]).astype(np.int64), 0, values.shape[0] - 1)
        column_indices = np.clip((columns * values.shape[1]).astype(np.int64), 0, values.shape[1] - 1)
        return values[row_indices[:, np.newaxis], column_indices]


def rotated_corners(boxes: NDArray[np.floating]) -> Floats:
    """Return the corners `(n, 4, 2)` of rotated boxes, going round.

    Args:
        boxes: `(n, 5)`: middle x and y, width, height, and the angle in radians from the x axis towards the y axis.
    """
    boxes = np.asarray(boxes, dtype=np.float64)
    cosine, sine = np.cos(boxes[:, 4]), np.sin(boxes[:, 4])
    turn = np.stack([np.stack([cosine, -sine], axis=-1), np.stack([sine, cosine], axis=-1)], axis=1)
    offsets = _CORNERS[np.newaxis] * boxes[:, np.newaxis, 2:4]
    corners: Floats = offsets @ turn.transpose(0, 2, 1) + boxes[:, np.newaxis, :2]
    return corners


def mask_polygons(mask: NDArray[Any], frame: Frame) -> tuple[Ring, ...]:
    """Return a mask as simplified closed lines in pixels of the original image, to be filled by the even-odd rule.

    Args:
        mask: Mask `(height, width)` over the whole input, at any resolution; not zero: the object.
        frame: How the image lies in the input.
    """
    ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(ys):
        return ()
    top, left = max(ys[0] - 1, 0), max(xs[0] - 1, 0)
    part = np.ascontiguousarray(mask[top : ys[-1] + 2, left : xs[-1] + 2] != 0).astype(np.uint8)
    factor = int(np.clip(_FINE_SIDE // max(mask.shape), 1, _FINEST))
    padded = np.pad(part, 1)  # a mask that touches the edge of the input has an outline there, too
    fine = cv2.resize(padded * 255, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    contours, _ = cv2.findContours((fine > _HALF).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    areas = [cv2.contourArea(contour) for contour in contours]
    large = sorted(range(len(contours)), key=lambda i: -areas[i])[:_MAX_RINGS]
    kept = [contours[i] for i in large if areas[i] >= factor * factor or i == large[0]]
    per_mask_pixel = np.array([frame.input_width / mask.shape[1], frame.input_height / mask.shape[0]])
    origin = np.array([left - 1, top - 1])
    rings = [((points + 0.5) / factor + origin) * per_mask_pixel for points in _simplified(kept, factor)]
    return tuple(rounded_points(frame.to_original(ring)) for ring in rings)


def _simplified(contours: list[Any], factor: int) -> list[Floats]:
    """Return the points of closed lines, as few as the bound allows and at least three each."""
    tolerance = _TOLERANCE * factor
    while True:
        simple = [cv2.approxPolyDP(contour, tolerance, closed=True) for contour in contours]
        if sum(map(len, simple)) <= MAX_POLYGON_POINTS:
            break
        tolerance *= 1.5
    return [
        (line[:, 0] if len(line) >= _AREA_POINTS else _bounds(contour)).astype(np.float64)
        for line, contour in zip(simple, contours, strict=True)
    ]


def bounded_outline(points: Floats) -> Floats:
    """Return a closed line `(n, 2)` with no more points than the bound allows.

    Args:
        points: The line, in pixels.
    """
    if len(points) <= MAX_POLYGON_POINTS:
        return points
    (line,) = _simplified([points[:, np.newaxis].astype(np.float32)], 1)
    return line


def _bounds(contour: Any) -> NDArray[Any]:
    x, y, width, height = cv2.boundingRect(contour)
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])


def rounded_points(points: Floats) -> Any:
    """Return rows of coordinates as tuples of numbers, rounded to tenths of a pixel."""
    return tuple(tuple(row) for row in np.round(points, _DIGITS).tolist())
