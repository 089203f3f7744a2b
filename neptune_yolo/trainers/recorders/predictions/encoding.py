"""What was captured of an image, in the words of `neptune_yolo.tracking.prediction_data`."""

import base64
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from neptune_yolo.tracking.prediction_data import (
    ClassArea,
    Classification,
    ClassMap,
    ClassScore,
    DepthResult,
    ImagePredictions,
    PredictedObject,
    PredictionStatus,
    SemanticResult,
    TrueObject,
    TruthStatus,
)
from neptune_yolo.trainers.recorders.predictions.captured import (
    Captured,
    CapturedClass,
    CapturedClassMap,
    CapturedDepth,
    CapturedObjects,
    ObjectArrays,
)
from neptune_yolo.trainers.recorders.predictions.geometry import (
    Frame,
    mask_polygons,
    rotated_corners,
    rounded_points,
)
from neptune_yolo.trainers.recorders.predictions.matching import UNMATCHED, match

MAP_SIDE = 640
"""Longest side of a recorded class map in pixels."""
NOT_LABELLED = 255

_TOP = 5
_ROTATED = 5  # columns of a rotated box
_DIGITS = 4
_XY = 2


def encode(
    captured: Captured, names: Mapping[int, str], size: tuple[int, int], scale: float | None
) -> ImagePredictions:
    """Return the record of one image.

    Args:
        captured: What was copied.
        names: Names of the classes.
        size: Width and height of the original image in pixels.
        scale: Pixels of the clean picture for each pixel of the original; None: there is none.
    """
    match captured:
        case CapturedObjects():
            result = _objects(captured, names)
        case CapturedClass():
            result = {"classification": _classification(captured, names)}
        case CapturedClassMap():
            result = {"semantic": _semantic(captured, names)}
        case CapturedDepth():
            result = {"depth": _depth(captured)}
    image = captured.image
    return ImagePredictions(
        index=image.index,
        name=image.name,
        file=image.file,
        width=size[0],
        height=size[1],
        picture_scale=None if scale is None else round(scale, 6),
        **result,
    )


def class_name(names: Mapping[int, str], index: int) -> str:
    """Return the name of a class, or its number if it has none."""
    return str(names.get(index, index))


def _objects(captured: CapturedObjects, names: Mapping[int, str]) -> dict[str, Any]:
    truth, predicted = captured.truth, captured.predicted
    same_class = truth.classes[:, np.newaxis] == predicted.classes
    iou = captured.iou if captured.iou is not None else np.zeros(same_class.shape, dtype=np.float32)
    pairs = match(captured.right, iou, same_class)
    true_places, predicted_places = (_places(objects, captured.frame) for objects in (truth, predicted))
    for place, outline in zip(true_places, captured.true_outlines, strict=False):
        place["polygons"] = (outline,)
    return {
        "ground_truth": tuple(
            TrueObject(
                class_index=int(truth.classes[i]),
                name=class_name(names, int(truth.classes[i])),
                status=TruthStatus.FN if by == UNMATCHED else TruthStatus.MATCHED,
                matched_by=None if by == UNMATCHED else by,
                **place,
            )
            for i, (by, place) in enumerate(zip(pairs.predictions.tolist(), true_places, strict=True))
        ),
        "predictions": tuple(
            PredictedObject(
                class_index=int(predicted.classes[i]),
                name=class_name(names, int(predicted.classes[i])),
                confidence=round(float(captured.confidences[i]), _DIGITS),
                status=_status(captured.right[i]),
                shape_status=None if captured.right_shape is None else _status(captured.right_shape[i]),
                iou=None if np.isnan(pairs.ious[i]) else round(float(pairs.ious[i]), _DIGITS),
                matches=None if pairs.truths[i] == UNMATCHED else int(pairs.truths[i]),
                **place,
            )
            for i, place in enumerate(predicted_places)
        ),
        "omitted_ground_truth": captured.omitted_truths,
        "omitted_predictions": captured.omitted_predictions,
    }


def _status(right: Any) -> PredictionStatus:
    return PredictionStatus.TP if right else PredictionStatus.FP


def _places(objects: ObjectArrays, frame: Frame) -> list[dict[str, Any]]:
    """Return where each object is, as the fields of `Outline`."""
    places: list[dict[str, Any]]
    if objects.boxes.shape[-1] == _ROTATED:
        corners = frame.to_original(rotated_corners(objects.boxes))
        boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=-1)
        places = [{"corners": rounded_points(one)} for one in corners]
    else:
        boxes = frame.boxes_to_original(objects.boxes)
        places = [{} for _ in boxes]
    for place, (box,) in zip(places, map(rounded_points, boxes[:, np.newaxis]), strict=True):
        place["box"] = box
    if objects.masks is not None:
        for place, mask in zip(places, objects.masks, strict=True):
            place["polygons"] = mask_polygons(mask, frame)
    if objects.keypoints is not None:
        for place, points in zip(places, objects.keypoints, strict=True):
            place["keypoints"] = _keypoints(points, frame)
    return places


def _keypoints(points: NDArray[np.float32], frame: Frame) -> tuple[tuple[float, float, float], ...]:
    """Return keypoints with their visibility; one that is not labelled has no place and stands at 0, 0."""
    places = rounded_points(frame.to_original(points[:, :_XY]))
    visible = points[:, _XY] if points.shape[1] > _XY else np.ones(len(points), dtype=np.float32)
    marks = np.round(np.nan_to_num(visible), _DIGITS).tolist()
    return tuple((x, y, round(v, _DIGITS)) if v else (0.0, 0.0, 0.0) for (x, y), v in zip(places, marks, strict=True))


def _classification(captured: CapturedClass, names: Mapping[int, str]) -> Classification:
    probabilities = np.nan_to_num(captured.probabilities)
    top = np.argsort(-probabilities, kind="stable")[:_TOP].tolist()
    return Classification(
        class_index=captured.truth,
        name=class_name(names, captured.truth),
        correct=top[0] == captured.truth,
        top=tuple(
            ClassScore(class_index=i, name=class_name(names, i), probability=round(float(probabilities[i]), _DIGITS))
            for i in top
        ),
    )


def _semantic(captured: CapturedClassMap, names: Mapping[int, str]) -> SemanticResult:
    labelled = captured.truth != NOT_LABELLED
    truth, predicted = captured.truth[labelled], captured.predicted[labelled]
    total = max(truth.size, 1)
    classes = tuple(
        ClassArea(
            class_index=int(index),
            name=class_name(names, int(index)),
            iou=round(float(both.sum() / max(either.sum(), 1)), _DIGITS),
            true_area=round(float(true_pixels.sum() / total), 6),
            predicted_area=round(float(predicted_pixels.sum() / total), 6),
        )
        for index in np.union1d(truth, predicted)
        for true_pixels, predicted_pixels in [(truth == index, predicted == index)]
        for both, either in [(true_pixels & predicted_pixels, true_pixels | predicted_pixels)]
    )
    present = [area.iou for area in classes if area.true_area > 0]
    return SemanticResult(
        mean_iou=round(float(np.mean(present)), _DIGITS) if present else 0.0,
        pixel_accuracy=round(float((truth == predicted).sum() / total), _DIGITS),
        classes=classes,
        ground_truth=_class_map(captured.truth, captured.frame),
        prediction=_class_map(captured.predicted, captured.frame),
    )


def _class_map(values: NDArray[np.uint8], frame: Frame) -> ClassMap:
    original = frame.map_to_original(values, MAP_SIDE)
    _, png = cv2.imencode(".png", original)
    return ClassMap(
        width=original.shape[1], height=original.shape[0], png=base64.b64encode(png.tobytes()).decode("ascii")
    )


def _depth(captured: CapturedDepth) -> DepthResult:
    known = known_depths(captured.truth, captured.known_range)
    values = captured.truth[known]
    return DepthResult(
        errors={name: round(value, 6) for name, value in captured.measure(captured.predicted, captured.truth).items()},
        known_pixels=int(known.sum()),
        nearest=round(float(values.min()), _DIGITS) if values.size else 0.0,
        farthest=round(float(values.max()), _DIGITS) if values.size else 0.0,
    )


def known_depths(truth: NDArray[np.float32], known_range: tuple[float, float]) -> NDArray[np.bool_]:
    """Return which pixels have a true depth that the validator scores."""
    return (truth > known_range[0]) & (truth < known_range[1])
