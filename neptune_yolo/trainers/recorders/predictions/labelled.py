"""The outlines of labelled objects as the label files have them, for images whose batch holds coarse masks only."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from neptune_yolo.tracking.prediction_data import Ring
from neptune_yolo.trainers.recorders.predictions.geometry import Frame, bounded_outline, rounded_points

_TOLERANCE_PIXELS = 3.0  # a box goes through the size of the input and back


def labelled_outlines(dataset: Any, position: int, boxes: NDArray[np.floating], frame: Frame) -> tuple[Ring, ...]:
    """Return the outline of each labelled object of an image, in pixels of the original image.

    A batch holds masks at a quarter of the input's size, and in another order than the label file, so each object is
    found again by its box.

    Args:
        dataset: An Ultralytics data set that keeps its labels (``labels`` with ``segments`` and ``bboxes``).
        position: Position of the image in it.
        boxes: Boxes of the objects in pixels of the original image `(n, 4)`: left, top, right, bottom.
        frame: How the image lies in the input.

    Returns:
        One closed line for each box; none at all if the labels do not have them, or do not fit.
    """
    labels = getattr(dataset, "labels", None)
    label = labels[position] if labels and position < len(labels) else {}
    segments, known = label.get("segments"), label.get("bboxes")
    if not segments or known is None or len(segments) != len(known) or label.get("bbox_format") != "xywh":
        return ()
    size = np.array([frame.width, frame.height], dtype=np.float64)
    middles, halves = np.asarray(known)[:, :2] * size, np.asarray(known)[:, 2:4] * size / 2
    expected = np.concatenate([middles - halves, middles + halves], axis=-1)
    free, outlines = list(range(len(segments))), []
    for box in boxes:
        errors = [float(np.abs(expected[index] - box).max()) for index in free]
        if not errors or min(errors) > _TOLERANCE_PIXELS:
            return ()
        index = free.pop(int(np.argmin(errors)))
        outlines.append(rounded_points(bounded_outline(np.asarray(segments[index], dtype=np.float64) * size)))
    return tuple(outlines)
