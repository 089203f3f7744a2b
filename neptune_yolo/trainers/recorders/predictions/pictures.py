"""The clean pictures of the chosen images: read once, kept small."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from ultralytics.utils.patches import imread

from neptune_yolo.trainers.recorders.predictions.selection import ChosenImage

LONGEST_SIDE = 1280
"""Longest side of a picture in pixels."""

_QUALITY = 90
_CHANNELS = 3


@dataclass(frozen=True)
class CleanPicture:
    """A picture of an image without marks.

    Args:
        jpeg: JPEG file.
        scale: Its pixels for each pixel of the original, at most 1.
        width: Width of the original in pixels.
        height: Height of the original in pixels.
    """

    jpeg: bytes
    scale: float
    width: int
    height: int

    def open(self) -> Image.Image:
        """Return a new picture to draw on."""
        return Image.open(io.BytesIO(self.jpeg)).convert("RGB")


def read_picture(image: ChosenImage) -> CleanPicture | None:
    """Read an image as Ultralytics reads it, turned by its EXIF orientation; None if that is not possible.

    Args:
        image: The image.
    """
    pixels = imread(image.source)
    if pixels is None:
        return None
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    rgb = _as_rgb(pixels)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return CleanPicture(jpeg_bytes(Image.fromarray(rgb)), scale, width, height)


def jpeg_bytes(picture: Image.Image) -> bytes:
    """Return a picture as a JPEG file."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def _as_rgb(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return pixels of one, three (blue, green, red) or more channels as red, green and blue."""
    if pixels.ndim == 2:  # noqa: PLR2004 - height and width
        pixels = pixels[..., np.newaxis]
    if pixels.shape[2] < _CHANNELS:
        return np.ascontiguousarray(np.repeat(pixels[..., :1], _CHANNELS, axis=2))
    return np.ascontiguousarray(pixels[..., _CHANNELS - 1 :: -1])
