"""Draws ground truth and predictions of tasks that find objects."""

from collections.abc import Iterable, Sequence
from math import ceil, hypot

import cv2
import numpy as np
from PIL import Image, ImageDraw

from neptune_yolo.tracking.prediction_data import (
    ImagePredictions,
    Outline,
    PredictedObject,
    PredictionStatus,
    TrueObject,
    TruthStatus,
)
from neptune_yolo.trainers.recorders.predictions.lettering import Colour, Labels, Letters, Rectangle, with_legend

TRUE_POSITIVE: Colour = (0, 200, 130)
FALSE_POSITIVE: Colour = (235, 75, 45)
FALSE_NEGATIVE: Colour = (255, 205, 0)
TRUTH: Colour = (245, 245, 245)
"""Colours that also those tell apart who see no difference between red and green."""

SMALLEST_SIDE = 640
"""Pictures whose longer side is smaller are enlarged, so that labels can be read."""

_FILL = 70
_DASH = 9.0
_MOST_FP_LABELS = 25

Points = Sequence[tuple[float, float]]


def enlarged(picture: Image.Image) -> tuple[Image.Image, int]:
    """Return a picture large enough to draw on, and by how much it was enlarged."""
    zoom = max(1, ceil(SMALLEST_SIDE / max(picture.size)))
    if zoom == 1:
        return picture, 1
    return picture.resize((picture.width * zoom, picture.height * zoom), Image.Resampling.BICUBIC), zoom


def draw_objects(data: ImagePredictions, clean: Image.Image, caption: str) -> Image.Image:
    """Return a picture with true and predicted objects.

    Right predictions are green, wrong ones red, objects that were not found are yellow and dashed, those that were are
    thin and white below the predictions.

    Args:
        data: The record of the image.
        clean: Its picture, `picture_scale` times as large as the original.
        caption: Text that begins the legend.
    """
    picture, zoom = enlarged(clean)
    letters = Letters.for_picture(*picture.size)
    pen = _Pen(picture, (data.picture_scale or 1.0) * zoom)
    found = [truth for truth in data.ground_truth if truth.status is TruthStatus.MATCHED]
    missed = [truth for truth in data.ground_truth if truth.status is TruthStatus.FN]
    wrong = [one for one in data.predictions if one.status is PredictionStatus.FP]
    right = [one for one in data.predictions if one.status is PredictionStatus.TP]
    for truth in found:
        pen.outline(truth, TRUTH, width=1)
    for one in reversed(wrong):  # the surest on top
        pen.outline(one, FALSE_POSITIVE, width=pen.width, fill=True)
    for one in reversed(right):
        pen.outline(one, TRUE_POSITIVE, width=pen.width, fill=True)
    for truth in missed:
        pen.outline(truth, FALSE_NEGATIVE, width=pen.width, dashed=True)
    _write_labels(Labels(picture, letters), pen, (missed, right, wrong))
    more = data.omitted_predictions + data.omitted_ground_truth
    legend: list[tuple[Colour | None, str]] = [
        (None, caption),
        (TRUE_POSITIVE, f"right (TP) {len(right)}"),
        (FALSE_POSITIVE, f"wrong (FP) {len(wrong)}"),
        (FALSE_NEGATIVE, f"missed (FN) {len(missed)}"),
        (TRUTH, f"truth, found {len(found)}"),
    ]
    return with_legend(picture, [*legend, *([(None, f"{more} more left out")] if more else [])], letters)


def _write_labels(
    labels: Labels,
    pen: "_Pen",
    objects: tuple[Iterable[TrueObject], Iterable[PredictedObject], Sequence[PredictedObject]],
) -> None:
    missed, right, wrong = objects
    for truth in missed:
        labels.write(truth.name, pen.box(truth), FALSE_NEGATIVE)
    for one in right:
        labels.write(f"{one.name} {one.confidence:.2f}", pen.box(one), TRUE_POSITIVE)
    for one in wrong[:_MOST_FP_LABELS]:
        labels.write(f"{one.name} {one.confidence:.2f}", pen.box(one), FALSE_POSITIVE, optional=True)


class _Pen:
    """Draws outlines in pixels of the original image onto a picture of another size.

    Args:
        picture: The picture.
        scale: Its pixels for each pixel of the original.
    """

    def __init__(self, picture: Image.Image, scale: float) -> None:
        self._picture = picture
        self._draw = ImageDraw.Draw(picture)
        self._scale = scale
        self._limits = (picture.width - 1, picture.height - 1)
        self.width = max(2, max(picture.size) // 400)

    def box(self, outline: Outline) -> Rectangle:
        """Return the box of an object in pixels of the picture."""
        (left, top), (right, bottom) = self._scaled([outline.box[:2], outline.box[2:]])
        return left, top, right, bottom

    def outline(
        self, outline: Outline, colour: Colour, *, width: int, fill: bool = False, dashed: bool = False
    ) -> None:
        """Draw an object: its mask or its box, and its keypoints."""
        left, top, right, bottom = outline.box
        box = [(left, top), (right, top), (right, bottom), (left, bottom)]
        rings = outline.polygons or [outline.corners or box]
        if fill and outline.polygons:
            self._fill(rings, colour)
        for ring in rings:
            points = self._scaled(ring)
            lines = zip(points, [*points[1:], points[0]], strict=True)
            for line in lines:
                for piece in _dashes(*line) if dashed else [line]:
                    self._draw.line(piece, fill=colour, width=width)
        self._keypoints(outline, colour, hollow=dashed or not fill)

    def _fill(self, rings: Iterable[Points], colour: Colour) -> None:
        """Tint the inside of closed lines, which is what an odd number of them goes round."""
        scaled = [np.array(self._scaled(ring)) for ring in rings]
        low = np.floor(np.min([ring.min(axis=0) for ring in scaled], axis=0)).astype(np.int32)
        high = np.ceil(np.max([ring.max(axis=0) for ring in scaled], axis=0)).astype(np.int32)
        width, height = (high - low + 1).tolist()
        mask = np.zeros((height, width), dtype=np.uint8)
        cv2.fillPoly(mask, [np.round(ring - low).astype(np.int32) for ring in scaled], _FILL)
        self._picture.paste(colour, (int(low[0]), int(low[1])), Image.fromarray(mask))

    def _keypoints(self, outline: Outline, colour: Colour, *, hollow: bool) -> None:
        radius = self.width + 1
        for x, y, visibility in outline.keypoints or ():
            if visibility > 0:
                ((px, py),) = self._scaled([(x, y)])
                circle = (px - radius, py - radius, px + radius, py + radius)
                self._draw.ellipse(circle, fill=None if hollow else colour, outline=colour if hollow else (0, 0, 0))

    def _scaled(self, points: Points) -> list[tuple[float, float]]:
        return [(min(x * self._scale, self._limits[0]), min(y * self._scale, self._limits[1])) for x, y in points]


def _dashes(start: tuple[float, float], end: tuple[float, float]) -> list[Points]:
    """Return every second piece of a line."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    pieces = max(1, round(length / _DASH / 2) * 2 + 1)

    def at(piece: int) -> tuple[float, float]:
        share = piece / pieces
        return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share

    return [(at(piece), at(piece + 1)) for piece in range(0, pieces, 2)]
