"""Copies boxes, masks and keypoints, with what the validator itself says of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from neptune_yolo.policies import PredictionPolicy
from neptune_yolo.tracking.error_ledger import ErrorLedger
from neptune_yolo.tracking.prediction_data import Ring
from neptune_yolo.trainers.recorders.predictions.captured import CapturedEpoch, CapturedObjects, ObjectArrays
from neptune_yolo.trainers.recorders.predictions.geometry import Frame
from neptune_yolo.trainers.recorders.predictions.labelled import labelled_outlines
from neptune_yolo.trainers.recorders.predictions.selection import ChosenImage

MAX_TRUTHS = 300
"""Most labelled objects recorded of one image."""

_MASK_SIDE = 320  # a mask is copied at no more than this resolution; its outline is simplified anyway


class ObjectCapture:
    """Listens to the validator while it matches the predictions of a chosen image.

    The validator prepares labels and predictions, computes their IoU and matches them; all of this is taken as it is,
    so nothing is computed twice, and the record says what the metrics say.

    Args:
        images: The chosen images.
        policy: Bounds.
        ledger: Keeps the errors.
        dataset: The validation set, whose labels may have finer outlines than the batches.
    """

    def __init__(
        self, images: tuple[ChosenImage, ...], policy: PredictionPolicy, ledger: ErrorLedger, dataset: Any = None
    ) -> None:
        self._dataset = dataset
        self._by_source = {image.source: image for image in images}
        self._policy = policy
        self._ledger = ledger

    @contextmanager
    def watching(self, validator: Any, preds: Any, batch: Any, epoch: CapturedEpoch) -> Iterator[None]:  # noqa: ARG002 - the same for all tasks
        """Listen while the validator goes through the images of a batch, if one of them is chosen."""
        if self._by_source.keys().isdisjoint(batch["im_file"]):
            yield
            return
        match_images = validator._process_batch  # noqa: SLF001 - the method of Ultralytics' validators that matches

        def process_batch(predicted: Any, truth: Any) -> Any:
            image = self._by_source.get(truth["im_file"])
            if image is None or image.index in epoch.images:
                return match_images(predicted, truth)
            ious: list[torch.Tensor] = []
            with _replaced(validator, "match_predictions", _listening(validator.match_predictions, ious)):
                matched = match_images(predicted, truth)
            with self._ledger.guard("copying the predictions of an image"):
                epoch.images[image.index] = self._copy(image, predicted, truth, matched, ious)
            return matched

        with _replaced(validator, "_process_batch", process_batch):
            yield

    def _copy(
        self,
        image: ChosenImage,
        predicted: Mapping[str, Any],
        truth: Mapping[str, Any],
        matched: Mapping[str, Any],
        ious: list[torch.Tensor],
    ) -> CapturedObjects:
        confidences = _array(predicted["conf"])
        confident = np.flatnonzero(confidences >= self._policy.confidence)
        order = confident[np.argsort(-confidences[confident], kind="stable")]
        kept = order[: self._policy.max_boxes]
        total = len(truth["cls"])
        shape = next((name for name in ("tp_m", "tp_p") if name in matched), None)
        frame = Frame.of(truth["ori_shape"], truth["imgsz"], truth["ratio_pad"])
        true_objects = _objects(truth, np.arange(min(total, MAX_TRUTHS)))
        return CapturedObjects(
            image=image,
            frame=frame,
            truth=true_objects,
            true_outlines=self._outlines(image, true_objects, frame),
            predicted=_objects(predicted, kept),
            confidences=confidences[kept],
            right=_first_threshold(matched["tp"], kept),
            right_shape=_first_threshold(matched[shape], kept) if shape else None,
            iou=_array(ious[0])[:MAX_TRUTHS, kept] if ious else None,
            omitted_truths=max(total - MAX_TRUTHS, 0),
            omitted_predictions=len(order) - len(kept),
        )

    def _outlines(self, image: ChosenImage, truth: ObjectArrays, frame: Frame) -> tuple[Ring, ...]:
        if truth.masks is None:
            return ()
        return labelled_outlines(self._dataset, image.position, frame.boxes_to_original(truth.boxes), frame)


def _objects(source: Mapping[str, Any], kept: NDArray[np.int64]) -> ObjectArrays:
    """Copy the kept objects of one image."""
    rows = torch.as_tensor(kept, device=source["cls"].device)
    masks, keypoints = source.get("masks"), source.get("keypoints")
    return ObjectArrays(
        classes=_array(source["cls"][rows]).astype(np.int64),
        boxes=_array(source["bboxes"][rows]),
        keypoints=None if keypoints is None else _array(keypoints[rows]),
        masks=None if masks is None else _masks(masks, rows),
    )


def _masks(masks: torch.Tensor, rows: torch.Tensor) -> NDArray[np.uint8]:
    stride = max(1, -(-max(masks.shape[-2:]) // _MASK_SIDE))
    small = masks[rows.to(masks.device), ::stride, ::stride] > 0
    return small.to(torch.uint8).cpu().numpy()  # the comparison has made a copy


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    """Return a copy of a tensor in the memory of the CPU."""
    return tensor.detach().to("cpu", torch.float32, copy=True).numpy()


def _first_threshold(matched: NDArray[np.bool_], kept: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the column of the first threshold, which is 0.5 in every validator."""
    return np.asarray(matched, dtype=np.bool_)[kept, 0]


def _listening(match_predictions: Callable[..., Any], ious: list[torch.Tensor]) -> Callable[..., Any]:
    """Return a function that does the same and keeps the IoU: first that of the boxes, then that of the shapes."""

    def match(classes: Any, true_classes: Any, iou: Any, *more: Any, **options: Any) -> Any:
        ious.append(iou)
        return match_predictions(classes, true_classes, iou, *more, **options)

    return match


@contextmanager
def _replaced(validator: Any, name: str, function: Callable[..., Any]) -> Iterator[None]:
    """Put a function in the place of a method of this one object, for a time."""
    own = vars(validator)
    before = own.get(name)
    own[name] = function
    try:
        yield
    finally:
        if before is None:
            del own[name]
        else:
            own[name] = before
