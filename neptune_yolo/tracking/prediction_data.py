"""The data file of one recorded epoch: ground truth and predictions of the chosen validation images.

There is one file for each recorded epoch at ``predictions/data/epoch_<n>``, and one for the final evaluation of
best.pt at ``predictions/data/final``. Each is the JSON text (UTF-8) of one `PredictionData`, made by `to_json` and read
again by `from_json`. The JSON has the fields of the classes below by their own names, with two exceptions:
``class_index`` is called ``class``, and fields that are None are left out. A reader must ignore fields that it does not
know: a new field does not raise the version, a changed meaning does.

All coordinates are pixels of the original image file (as rotated by its EXIF orientation): x to the right and y down
from its upper left corner, so that the image covers ``[0, width] x [0, height]``. They are rounded to tenths of a
pixel.
The picture at ``predictions/images/<index>`` is the same image, resized by `ImagePredictions.picture_scale`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = 1
IOU_THRESHOLD = 0.5
"""Intersection over union from which a prediction matches a true object of its class."""

Point = tuple[float, float]
"""x and y in pixels."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""
Keypoint = tuple[float, float, float]
"""x and y in pixels, and the visibility: of a true one 0 (not labelled), 1 (hidden) or 2 (visible), of a predicted one
its confidence in [0, 1]. Where the data set has no visibility, it is 1."""
Ring = tuple[Point, ...]
"""A closed line; the last point is joined to the first."""


class TruthStatus(StrEnum):
    """Whether a true object was found."""

    MATCHED = "matched"
    """A recorded prediction of its class has an IoU of at least 0.5 with it."""
    FN = "fn"
    """False negative: none of the recorded predictions has."""


class PredictionStatus(StrEnum):
    """Whether a prediction is right, as Ultralytics' validator decided for its metrics."""

    TP = "tp"
    """True positive: it matches a true object of its class that no prediction of higher confidence has taken."""
    FP = "fp"
    """False positive: it does not."""


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Where an object is.

    Args:
        box: Box around it. Of a rotated box: the upright one around its corners.
        polygons: Segmentation: its mask as closed lines, filled by the even-odd rule, simplified. At most
            `MAX_POLYGON_POINTS` points together.
        keypoints: Pose: its keypoints in the order of the data set.
        corners: Rotated boxes: the four corners, going round.
    """

    box: Box
    polygons: tuple[Ring, ...] | None = None
    keypoints: tuple[Keypoint, ...] | None = None
    corners: Ring | None = None


MAX_POLYGON_POINTS = 120


@dataclass(frozen=True, kw_only=True)
class TrueObject(Outline):
    """One labelled object.

    Args:
        class_index: Its class (in JSON: ``class``).
        name: Name of its class.
        status: Whether a recorded prediction found it, by the overlap of the boxes.
        matched_by: Position in `ImagePredictions.predictions` of the prediction that did. None: none did.
    """

    class_index: int
    name: str
    status: TruthStatus
    matched_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class PredictedObject(Outline):
    """One predicted object.

    Args:
        class_index: Its class (in JSON: ``class``).
        name: Name of its class.
        confidence: Confidence in [0, 1].
        status: Right or wrong by the overlap of the boxes (of rotated boxes: their probabilistic IoU).
        shape_status: Right or wrong by the overlap of the masks, or by the similarity of the keypoints (OKS). None: the
            task has neither.
        iou: IoU of the box with the true object that it matches, else the largest with any true object of any class, in
            [0, 1]. None: the image has no true objects.
        matches: Position in `ImagePredictions.ground_truth` of the true object that it matches. None: none.
    """

    class_index: int
    name: str
    confidence: float
    status: PredictionStatus
    shape_status: PredictionStatus | None = None
    iou: float | None = None
    matches: int | None = None


@dataclass(frozen=True, kw_only=True)
class ClassScore:
    """One of the likeliest classes of an image.

    Args:
        class_index: The class (in JSON: ``class``).
        name: Its name.
        probability: Its probability in [0, 1].
    """

    class_index: int
    name: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Classification:
    """True and predicted class of an image.

    Args:
        class_index: The true class (in JSON: ``class``).
        name: Its name.
        correct: Whether the likeliest class is the true one.
        top: The likeliest classes, at most five, in falling order.
    """

    class_index: int
    name: str
    correct: bool
    top: tuple[ClassScore, ...]


@dataclass(frozen=True, kw_only=True)
class ClassArea:
    """How well one class of a semantic segmentation covers its pixels in one image.

    Args:
        class_index: The class (in JSON: ``class``), which is the value of its pixels in the class maps.
        name: Its name.
        iou: Intersection over union in [0, 1].
        true_area: Share of the labelled pixels that have the class, in [0, 1].
        predicted_area: Share of the labelled pixels that were given the class, in [0, 1].
    """

    class_index: int
    name: str
    iou: float
    true_area: float
    predicted_area: float


@dataclass(frozen=True, kw_only=True)
class ClassMap:
    """The class of each pixel of the image, at a resolution of at most 640 pixels on the longer side.

    Args:
        width: Width of the map in its own pixels.
        height: Height of the map in its own pixels.
        png: The map as a PNG file of one 8-bit channel, in base64: the value is the class, 255 is not labelled.
    """

    width: int
    height: int
    png: str


@dataclass(frozen=True, kw_only=True)
class SemanticResult:
    """Semantic segmentation of one image.

    Args:
        mean_iou: Mean IoU of the classes that the image really has, in [0, 1].
        pixel_accuracy: Share of the labelled pixels with the right class, in [0, 1].
        classes: The classes that occur in labels or prediction.
        ground_truth: Labelled classes of the pixels.
        prediction: Predicted classes of the pixels.
    """

    mean_iou: float
    pixel_accuracy: float
    classes: tuple[ClassArea, ...]
    ground_truth: ClassMap
    prediction: ClassMap


@dataclass(frozen=True, kw_only=True)
class DepthResult:
    """Depth estimation of one image.

    Args:
        errors: Ultralytics' error figures of this image by their names (``delta1``, ``abs_rel``, ``rmse``...), the
            prediction being scaled to the median of the truth where Ultralytics does so. Empty: too few known pixels.
        known_pixels: Number of pixels whose true depth is known, at the resolution of the validation.
        nearest: Smallest known true depth in metres.
        farthest: Largest known true depth in metres.
    """

    errors: Mapping[str, float]
    known_pixels: int
    nearest: float
    farthest: float


@dataclass(frozen=True, kw_only=True)
class ImagePredictions:
    """Everything recorded of one image in one epoch.

    Args:
        index: Number of the image, from 0, in the paths ``predictions/images/<index>`` and so on. The same image has
            the same number in every epoch of a training.
        name: Name of the file without its folder.
        file: Path of the file below the data set's folder, with forward slashes.
        width: Width of the original image in pixels.
        height: Height of the original image in pixels.
        picture_scale: Pixels of the picture at ``predictions/images/<index>`` for each pixel of the original, at most
            1. None: the image file could not be read, and there is no picture.
        ground_truth: Labelled objects, for tasks that find objects.
        predictions: Predicted objects in falling order of confidence, for tasks that find objects.
        omitted_ground_truth: Number of further labelled objects, which are left out to bound the file.
        omitted_predictions: Number of further predictions above the confidence, which are left out to bound the file.
        classification: Result of the task ``classify``.
        semantic: Result of the task ``semantic``.
        depth: Result of the task ``depth``.
    """

    index: int
    name: str
    file: str
    width: int
    height: int
    picture_scale: float | None = None
    ground_truth: tuple[TrueObject, ...] = ()
    predictions: tuple[PredictedObject, ...] = ()
    omitted_ground_truth: int = 0
    omitted_predictions: int = 0
    classification: Classification | None = None
    semantic: SemanticResult | None = None
    depth: DepthResult | None = None


@dataclass(frozen=True, kw_only=True)
class PredictionData:
    """One recorded epoch.

    Args:
        task: Ultralytics' name of the task: detect, segment, pose, obb, classify, semantic, depth, or one of a user.
        step: Step of the epoch, from 1, as in every series of the run; of the final evaluation the step it was given.
        final: Whether this is the final evaluation of best.pt.
        confidence: Smallest confidence of a prediction that is recorded.
        max_boxes: Most predictions that are recorded of an image.
        images: The images, by their index.
        iou_threshold: IoU from which a prediction is right.
        version: Version of this schema.
    """

    task: str
    step: float
    final: bool
    confidence: float
    max_boxes: int
    images: tuple[ImagePredictions, ...]
    iou_threshold: float = IOU_THRESHOLD
    version: int = SCHEMA_VERSION


_JSON_NAMES = {"class_index": "class"}


def to_json(data: PredictionData) -> str:
    """Return the text of the file.

    Args:
        data: What was recorded; every number must be finite.

    Raises:
        ValueError: If a number is not finite.
    """
    return json.dumps(_plain(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> PredictionData:
    """Return what a file holds. Fields that this version does not know are ignored.

    Args:
        text: Text that `to_json` made.

    Raises:
        ValueError: If it is no JSON, or of another version.
    """
    content = json.loads(text)
    version = content.get("version") if isinstance(content, dict) else None
    if version != SCHEMA_VERSION:
        raise ValueError(
            f"Prediction data of version {SCHEMA_VERSION} was expected; this file is of version {version}."
        )
    images = tuple(_image(image) for image in content["images"])
    return PredictionData(**{**_known(PredictionData, content), "images": images})


def _plain(value: Any) -> Any:
    """Return a dataclass as dictionaries, without what is None."""
    if is_dataclass(value):
        items = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {_JSON_NAMES.get(name, name): _plain(item) for name, item in items if item is not None}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _known(kind: Any, content: Mapping[str, Any]) -> dict[str, Any]:
    names = [field.name for field in fields(kind)]
    return {name: content[key] for name in names if (key := _JSON_NAMES.get(name, name)) in content}


def _image(content: Mapping[str, Any]) -> ImagePredictions:
    values = _known(ImagePredictions, content)
    values["ground_truth"] = tuple(_object(TrueObject, one) for one in content.get("ground_truth", ()))
    values["predictions"] = tuple(_object(PredictedObject, one) for one in content.get("predictions", ()))
    if (classified := content.get("classification")) is not None:
        top = tuple(ClassScore(**_known(ClassScore, score)) for score in classified["top"])
        values["classification"] = Classification(**{**_known(Classification, classified), "top": top})
    if (semantic := content.get("semantic")) is not None:
        values["semantic"] = _semantic(semantic)
    if (depth := content.get("depth")) is not None:
        values["depth"] = DepthResult(**_known(DepthResult, depth))
    return ImagePredictions(**values)


def _object(kind: Any, content: Mapping[str, Any]) -> Any:
    values = _known(kind, content)
    values["box"] = tuple(content["box"])
    for name in ("keypoints", "corners"):
        if name in content:
            values[name] = tuple(tuple(point) for point in content[name])
    if "polygons" in content:
        values["polygons"] = tuple(tuple(tuple(point) for point in ring) for ring in content["polygons"])
    values["status"] = (TruthStatus if kind is TrueObject else PredictionStatus)(content["status"])
    if "shape_status" in content:
        values["shape_status"] = PredictionStatus(content["shape_status"])
    return kind(**values)


def _semantic(content: Mapping[str, Any]) -> SemanticResult:
    values = _known(SemanticResult, content)
    values["classes"] = tuple(ClassArea(**_known(ClassArea, area)) for area in content["classes"])
    for name in ("ground_truth", "prediction"):
        values[name] = ClassMap(**_known(ClassMap, content[name]))
    return SemanticResult(**values)
