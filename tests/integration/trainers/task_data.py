"""Tiny data sets for each task, drawn from the same handwritten digits as the demo's: real pixels, exact labels."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray
from PIL import Image

from neptune_yolo.demo import pictures
from neptune_yolo.demo.digits import CLASS_NAMES, SPLITS, make_digits
from neptune_yolo.demo.glyphs import INK_LEVEL, Glyphs, Stamp, load_glyphs, scale_glyph, split_glyphs

BACKGROUND = len(CLASS_NAMES)
BACKGROUND_METRES = 4.0
KEYPOINTS = ("top", "right", "bottom", "left")
FLIPPED_KEYPOINTS = (0, 3, 2, 1)


class Task(StrEnum):
    """Tasks of Ultralytics, by its own names."""

    DETECT = "detect"
    SEGMENT = "segment"
    POSE = "pose"
    OBB = "obb"
    CLASSIFY = "classify"
    SEMANTIC = "semantic"
    DEPTH = "depth"


@dataclass(frozen=True)
class Sizes:
    """How much is made: pictures of each split, the side of the square pictures in pixels, and the random start."""

    train: int = 16
    val: int = 8
    size: int = 64
    seed: int = 0


@dataclass(frozen=True)
class Placed:
    """One digit in a picture: its class, its ink `(size, size)`, and its corners `(4, 2)` as x, y in pixels."""

    digit: int
    ink: NDArray[np.bool_]
    corners: NDArray[np.float64]


def make_task_data(task: Task, folder: Path, sizes: Sizes | None = None) -> Path:
    """Make the data set of a task and return what Ultralytics takes as ``data=``.

    Args:
        task: The task.
        folder: A new folder.
        sizes: How much to make. None: 16 and 8 pictures of 64 pixels.
    """
    sizes = sizes or Sizes()
    if task is Task.DETECT:
        return make_digits(folder, train=sizes.train, val=sizes.val, size=sizes.size, seed=sizes.seed)
    glyphs = load_glyphs()
    pools = split_glyphs(glyphs, sizes.seed)
    for split in SPLITS:
        for number in range(getattr(sizes, split)):
            rng = np.random.default_rng([sizes.seed, 1 + SPLITS.index(split), number])
            if task is Task.CLASSIFY:
                _write_classified(folder, split, number, _draw_one(glyphs, pools[split], sizes.size, number, rng))
            else:
                pixels, placed = _draw(glyphs, pools[split], sizes.size, rng, rotate=task is Task.OBB)
                _write_labelled(folder, split, number, pixels)
                _LABELS[task](_companion(folder, _KINDS[task], split, number), placed, sizes.size)
    return folder if task is Task.CLASSIFY else _write_yaml(folder, task)


def _draw(
    glyphs: Glyphs, pool: NDArray[np.int64], size: int, rng: np.random.Generator, *, rotate: bool
) -> tuple[NDArray[np.uint8], list[Placed]]:
    """Draw one picture of 2 to 4 digits that do not cover each other."""
    canvas = pictures._noisy_canvas(size, rng)
    taken: list[tuple[int, int, int, int]] = []
    placed: list[Placed] = []
    for _ in range(int(rng.integers(2, 5))):
        upright = pictures._random_stamp(glyphs, int(rng.choice(pool)), size, rng)
        stamp, corners = _rotated(upright, rng.uniform(-60, 60)) if rotate else (upright, _corners(upright))
        corner = pictures._free_corner(stamp, taken, size, rng)
        if corner is None:
            continue
        taken.append(pictures._paint(canvas, stamp, corner, rng))
        left, top, right, bottom = taken[-1]
        ink = np.zeros((size, size), dtype=np.bool_)
        ink[top:bottom, left:right] = stamp.opacity >= INK_LEVEL
        placed.append(Placed(stamp.digit, ink, corners + np.array(corner)))
    return np.clip(np.rint(canvas), 0, 255).astype(np.uint8), placed


def _draw_one(
    glyphs: Glyphs, pool: NDArray[np.int64], size: int, number: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], int]:
    """Draw one large digit; `number` goes round the classes, so that each split has them all."""
    digit = number % len(CLASS_NAMES)
    canvas = pictures._noisy_canvas(size, rng)
    glyph = int(rng.choice(pool[glyphs.digit[pool] == digit]))
    stamp = scale_glyph(glyphs, glyph, size * 3 // 4, size * 3 // 4)
    pictures._paint(canvas, stamp, (size // 8, size // 8), rng)
    return np.clip(np.rint(canvas), 0, 255).astype(np.uint8), digit


def _corners(stamp: Stamp) -> NDArray[np.float64]:
    height, width = stamp.opacity.shape
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)


def _rotated(stamp: Stamp, degrees: float) -> tuple[Stamp, NDArray[np.float64]]:
    """Turn a stamp about its middle, and return it with the corners that it had, turned as well."""
    image = Image.fromarray(stamp.opacity).rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    angle = np.deg2rad(-degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = _corners(stamp)
    middle = np.array([image.width, image.height]) / 2
    return Stamp(np.asarray(image), stamp.digit), (corners - corners.mean(axis=0)) @ turn.T + middle


def _outline(ink: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the outline `(n, 2)` of the largest piece of ink, as x, y in pixels."""
    contours, _ = cv2.findContours(ink.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(contours, key=lambda contour: (len(contour) >= 3, float(cv2.contourArea(contour))))
    return np.asarray(largest[:, 0], dtype=np.float64)


def _shares(points: NDArray[np.float64], size: int) -> list[str]:
    return [f"{value:.6f}" for value in np.clip(points / size, 0, 1).ravel()]


def _box(ink: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return middle x, middle y, width and height of the ink in pixels."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    return np.array([(left + right) / 2, (top + bottom) / 2, right - left, bottom - top], dtype=np.float64)


def _extreme_points(ink: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the middle of the topmost, rightmost, lowest and leftmost ink `(4, 2)`, as x, y in pixels."""
    rows, columns = np.nonzero(ink)
    sides = (rows == rows.min(), columns == columns.max(), rows == rows.max(), columns == columns.min())
    return np.array([[columns[side].mean(), rows[side].mean()] for side in sides]) + 0.5


def _write_lines(path: Path, lines: list[list[str]]) -> None:
    path.write_text("".join(" ".join(line) + "\n" for line in lines), encoding="utf-8")


def _label_segments(path: Path, placed: list[Placed], size: int) -> None:
    _write_lines(path, [[str(one.digit), *_shares(_outline(one.ink), size)] for one in placed])


def _label_keypoints(path: Path, placed: list[Placed], size: int) -> None:
    lines = []
    for one in placed:
        shares = _shares(_extreme_points(one.ink), size)
        points = [part for at in range(0, len(shares), 2) for part in (*shares[at : at + 2], "2")]
        lines.append([str(one.digit), *_shares(_box(one.ink), size), *points])
    _write_lines(path, lines)


def _label_corners(path: Path, placed: list[Placed], size: int) -> None:
    _write_lines(path, [[str(one.digit), *_shares(one.corners, size)] for one in placed])


def _label_pixels(path: Path, placed: list[Placed], size: int) -> None:
    mask = np.full((size, size), BACKGROUND, dtype=np.uint8)
    for one in placed:
        mask[one.ink] = one.digit
    Image.fromarray(mask).save(path.with_suffix(".png"))


def _label_depth(path: Path, placed: list[Placed], size: int) -> None:
    """Write millimetres: a wall that comes nearer to the bottom, and each digit in front of it by its class."""
    metres = np.repeat(np.linspace(BACKGROUND_METRES, BACKGROUND_METRES - 1, size)[:, np.newaxis], size, axis=1)
    for one in placed:
        metres[one.ink] = 1 + one.digit / 10
    Image.fromarray(np.rint(metres * 1000).astype(np.uint16)).save(path.with_suffix(".png"))


_LABELS: dict[Task, Callable[[Path, list[Placed], int], None]] = {
    Task.SEGMENT: _label_segments,
    Task.POSE: _label_keypoints,
    Task.OBB: _label_corners,
    Task.SEMANTIC: _label_pixels,
    Task.DEPTH: _label_depth,
}
_KINDS = {
    Task.SEGMENT: "labels",
    Task.POSE: "labels",
    Task.OBB: "labels",
    Task.SEMANTIC: "masks",
    Task.DEPTH: "depth",
}


def _companion(folder: Path, kind: str, split: str, number: int) -> Path:
    path = folder / kind / split / f"{split}-{number:05d}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _write_labelled(folder: Path, split: str, number: int, pixels: NDArray[np.uint8]) -> None:
    Image.fromarray(pixels).save(_companion(folder, "images", split, number).with_suffix(".png"))


def _write_classified(folder: Path, split: str, number: int, drawn: tuple[NDArray[np.uint8], int]) -> None:
    pixels, digit = drawn
    path = folder / split / CLASS_NAMES[digit] / f"{split}-{number:05d}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def _write_yaml(folder: Path, task: Task) -> Path:
    content: dict[str, Any] = {"train": "images/train", "val": "images/val", "names": dict(enumerate(CLASS_NAMES))}
    if task is Task.POSE:
        content |= {"kpt_shape": [len(KEYPOINTS), 3], "flip_idx": list(FLIPPED_KEYPOINTS)}
    elif task is Task.SEMANTIC:
        content |= {"masks_dir": "masks", "names": dict(enumerate([*CLASS_NAMES, "background"]))}
    elif task is Task.DEPTH:
        content |= {"names": {0: "depth"}, "channels": 3, "depth_scale": 1000}
    path = folder / "data.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path
