"""Copies the probabilities of classified images, which are told by their pixels: their batches have no names."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from neptune_yolo.trainers.recorders.predictions.captured import CapturedClass, CapturedEpoch
from neptune_yolo.trainers.recorders.predictions.selection import ChosenImage

_GRID = 12  # rows and columns of the pixels that tell images apart
_TOLERANCE = 5e-3  # half precision; values are in [0, 1] or a few units


class ClassCapture:
    """Finds the chosen images in shuffled batches, and copies their probabilities.

    Args:
        images: The chosen images.
        dataset: The validation set, whose images are always prepared in the same way.
    """

    def __init__(self, images: tuple[ChosenImage, ...], dataset: Any) -> None:
        self._images = images
        with _kept_random_states():
            samples = [dataset[image.position] for image in images]
        self._prints = [fingerprints(sample["img"][None])[0] for sample in samples]
        self._classes = [int(sample["cls"]) for sample in samples]

    @contextmanager
    def watching(self, validator: Any, preds: Any, batch: Any, epoch: CapturedEpoch) -> Iterator[None]:  # noqa: ARG002 - the same for all tasks
        """Copy the probabilities of the chosen images of a batch."""
        if len(epoch.images) < len(self._images):
            self._copy(preds, batch, epoch)
        yield

    def _copy(self, preds: torch.Tensor, batch: Any, epoch: CapturedEpoch) -> None:
        found = fingerprints(batch["img"])
        classes = batch["cls"].detach().cpu().numpy().reshape(-1)
        taken: set[int] = set()
        for image, wanted, truth in zip(self._images, self._prints, self._classes, strict=True):
            if image.index in epoch.images or wanted.shape != found.shape[1:]:
                continue
            distances = np.abs(found - wanted).max(axis=(1, 2, 3))
            distances[classes != truth] = np.inf
            distances[list(taken)] = np.inf
            place = int(distances.argmin())
            if distances[place] <= _TOLERANCE:
                taken.add(place)
                probabilities = preds[place].detach().to("cpu", torch.float32, copy=True).numpy()
                epoch.images[image.index] = CapturedClass(image=image, truth=truth, probabilities=probabilities)


def fingerprints(images: torch.Tensor) -> NDArray[np.float32]:
    """Return some pixels `(n, channels, 12, 12)` of each image, enough to tell one from another.

    Args:
        images: Images `(n, channels, height, width)`, on any device.
    """
    rows, columns = (
        torch.linspace(0, side - 1, _GRID, device=images.device).round().long() for side in images.shape[2:]
    )
    pixels = images[:, :, rows][:, :, :, columns]
    return pixels.detach().to("cpu", torch.float32, copy=True).numpy()


@contextmanager
def _kept_random_states() -> Iterator[None]:
    """Leave the random numbers of the training as they are, should a user's preparation of images draw some."""
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 - those that the training uses
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(legacy)  # noqa: NPY002 - see above
