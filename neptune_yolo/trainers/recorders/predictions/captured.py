"""What is copied out of a validation for one image: plain arrays, which no later step of the training changes."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from neptune_yolo.tracking.prediction_data import Ring
from neptune_yolo.trainers.recorders.predictions.geometry import Frame
from neptune_yolo.trainers.recorders.predictions.selection import ChosenImage


@dataclass(frozen=True, kw_only=True)
class ObjectArrays:
    """Objects in pixels of the validator's input.

    Args:
        classes: Class of each `(n,)`.
        boxes: `(n, 4)`: left, top, right, bottom; rotated `(n, 5)`: middle, width, height, angle in radians.
        keypoints: `(n, points, 2 or 3)`; None if the task has none.
        masks: `(n, height, width)`, at any resolution; None if the task has none.
    """

    classes: NDArray[np.int64]
    boxes: NDArray[np.float32]
    keypoints: NDArray[np.float32] | None = None
    masks: NDArray[np.uint8] | None = None


@dataclass(frozen=True, kw_only=True)
class CapturedObjects:
    """Labels and predictions of an image in which objects are found.

    Args:
        image: The image.
        frame: How it lies in the input.
        truth: Labelled objects.
        predicted: Predicted objects in falling order of confidence.
        confidences: Their confidences `(n,)`.
        right: Whether the validator found their boxes right at an IoU of 0.5 `(n,)`.
        right_shape: Whether it found their masks or keypoints right `(n,)`; None if the task has none.
        iou: The validator's IoU of true and predicted boxes `(m, n)`; None if there are none of one of them.
        true_outlines: Outlines of the labelled objects in pixels of the original image, where the labels have them;
            else their masks count.
        omitted_truths: Labelled objects left out.
        omitted_predictions: Predictions left out, though their confidence is high enough.
    """

    image: ChosenImage
    frame: Frame
    truth: ObjectArrays
    predicted: ObjectArrays
    confidences: NDArray[np.float32]
    right: NDArray[np.bool_]
    right_shape: NDArray[np.bool_] | None
    iou: NDArray[np.float32] | None
    true_outlines: tuple[Ring, ...] = ()
    omitted_truths: int = 0
    omitted_predictions: int = 0


@dataclass(frozen=True, kw_only=True)
class CapturedClass:
    """True class and predicted probabilities of an image.

    Args:
        image: The image.
        truth: Its true class.
        probabilities: Probability of each class `(n,)`.
    """

    image: ChosenImage
    truth: int
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class CapturedClassMap:
    """Labelled and predicted classes of the pixels of an image.

    Args:
        image: The image.
        frame: How it lies in the input.
        truth: Labelled classes over the whole input `(height, width)`; 255: not labelled.
        predicted: Predicted classes, alike.
    """

    image: ChosenImage
    frame: Frame
    truth: NDArray[np.uint8]
    predicted: NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class CapturedDepth:
    """True and predicted depth of an image, which Ultralytics stretches to the input.

    Args:
        image: The image.
        truth: True depth in metres `(height, width)`; zero: not known.
        predicted: Predicted depth `(height, width)`, perhaps at another resolution.
        measure: Gives Ultralytics' error figures of a predicted and a true depth.
        known_range: Depths in metres between which the validator scores.
    """

    image: ChosenImage
    truth: NDArray[np.float32]
    predicted: NDArray[np.float32]
    measure: Callable[[NDArray[np.float32], NDArray[np.float32]], Mapping[str, float]]
    known_range: tuple[float, float]


Captured = CapturedObjects | CapturedClass | CapturedClassMap | CapturedDepth


@dataclass
class CapturedEpoch:
    """What one validation leaves.

    Args:
        task: Ultralytics' name of the task.
        names: Names of the classes.
        final: Whether it is the final evaluation of best.pt.
        images: What was copied, by the number of the image.
    """

    task: str
    names: Mapping[int, str]
    final: bool
    images: dict[int, Captured] = field(default_factory=dict)


class Capture(Protocol):
    """Copies what is needed of one batch, in the way of one task."""

    def watching(self, validator: Any, preds: Any, batch: Any, epoch: CapturedEpoch) -> AbstractContextManager[None]:
        """Return a context in which the validator takes one batch into its metrics.

        Args:
            validator: The validator.
            preds: Its predictions for the batch.
            batch: The batch.
            epoch: Where copies go.
        """
