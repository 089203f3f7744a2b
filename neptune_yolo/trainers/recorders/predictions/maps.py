"""Copies what a validation says of every pixel: classes or depth."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from neptune_yolo.trainers.recorders.predictions.captured import CapturedClassMap, CapturedDepth, CapturedEpoch
from neptune_yolo.trainers.recorders.predictions.geometry import Frame
from neptune_yolo.trainers.recorders.predictions.selection import ChosenImage


class ClassMapCapture:
    """Copies the class of each pixel of a semantic segmentation.

    Args:
        images: The chosen images.
    """

    def __init__(self, images: tuple[ChosenImage, ...]) -> None:
        self._images = images

    @contextmanager
    def watching(self, validator: Any, preds: Any, batch: Any, epoch: CapturedEpoch) -> Iterator[None]:  # noqa: ARG002 - the same for all tasks
        """Copy the maps of the chosen images of a batch."""
        for place, image in _chosen(self._images, batch, epoch):
            truth, predicted = batch["semantic_mask"][place], preds[place]
            epoch.images[image.index] = CapturedClassMap(
                image=image,
                frame=Frame.of(batch["ori_shape"][place], batch["img"].shape[2:], batch["ratio_pad"][place]),
                truth=truth.detach().to("cpu", torch.uint8, copy=True).numpy(),
                predicted=predicted.detach().to("cpu", torch.uint8, copy=True).numpy(),
            )
        yield


class DepthCapture:
    """Copies true and predicted depth.

    Args:
        images: The chosen images.
    """

    def __init__(self, images: tuple[ChosenImage, ...]) -> None:
        self._images = images

    @contextmanager
    def watching(self, validator: Any, preds: Any, batch: Any, epoch: CapturedEpoch) -> Iterator[None]:
        """Copy the depths of the chosen images of a batch."""
        metrics = validator.metrics
        for place, image in _chosen(self._images, batch, epoch):
            epoch.images[image.index] = CapturedDepth(
                image=image,
                truth=_plane(batch["depth"][place]),
                predicted=_plane(preds[place]),
                measure=_measuring(metrics),
                known_range=(float(metrics.min_depth), float(metrics.max_depth)),
            )
        yield


def _chosen(
    images: tuple[ChosenImage, ...], batch: Mapping[str, Any], epoch: CapturedEpoch
) -> Iterator[tuple[int, ChosenImage]]:
    """Yield the chosen images of a batch with their places in it, each image once in an epoch."""
    places = {source: place for place, source in enumerate(batch["im_file"])}
    for image in images:
        if image.source in places and image.index not in epoch.images:
            yield places[image.source], image


def _plane(values: torch.Tensor) -> NDArray[np.float32]:
    return values.detach().to("cpu", torch.float32, copy=True).reshape(values.shape[-2:]).numpy()


def _measuring(metrics: Any) -> Callable[[NDArray[np.float32], NDArray[np.float32]], Mapping[str, float]]:
    """Return a function that gives the error figures of one image as the validator's metrics define them."""

    def measure(predicted: NDArray[np.float32], truth: NDArray[np.float32]) -> Mapping[str, float]:
        own = copy(metrics)
        own.clear_stats()
        planes, truths = (torch.from_numpy(plane)[None, None] for plane in (predicted, truth))
        if planes.shape != truths.shape:  # as the validator does
            planes = torch.nn.functional.interpolate(planes, truths.shape[-2:], mode="bilinear", align_corners=True)
        own.update_stats(planes, truths)
        if not own._count:  # noqa: SLF001 - too few known pixels: Ultralytics gives zeros, which would look like figures
            return {}
        own.process()
        figures = {name.rpartition("/")[2]: float(value) for name, value in own.results_dict.items()}
        return {name: value for name, value in figures.items() if name != "fitness" and np.isfinite(value)}

    return measure
