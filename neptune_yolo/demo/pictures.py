"""One picture of the demo's data set: digits of varied size on a noisy canvas, with their boxes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neptune_yolo.demo.glyphs import Glyphs, Stamp, scale_glyph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_DIGITS = 2
MOST_DIGITS = 5
SMALLEST_SHARE = 0.22
LARGEST_SHARE = 0.40
PLACING_TRIES = 60


@dataclass(frozen=True)
class Box:
    """Where a digit stands.

    Attributes:
        digit: The class, 0 to 9.
        glyph: Index of the handwriting among scikit-learn's digits.
        xyxy: Left, top, right and bottom in whole pixels; right and bottom are one past the ink.
    """

    digit: int
    glyph: int
    xyxy: tuple[int, int, int, int]

    def label_line(self, size: int) -> str:
        """Write the box as YOLO does: class, centre x, centre y, width, height, as shares of the picture.

        Args:
            size: Side of the square picture in pixels.
        """
        left, top, right, bottom = self.xyxy
        shares = ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
        return " ".join([str(self.digit), *(f"{share / size:.6f}" for share in shares)])


def draw_picture(
    glyphs: Glyphs, pool: "NDArray[np.int64]", size: int, rng: "np.random.Generator"
) -> "tuple[NDArray[np.uint8], list[Box]]":
    """Draw one picture with 2 to 5 digits that do not cover each other.

    Args:
        glyphs: All glyphs.
        pool: Indices of those that may be used.
        size: Side of the picture in pixels.
        rng: Decides everything; the same state draws the same picture.

    Returns:
        RGB pixels `(size, size, 3)` and the boxes in drawing order.
    """
    import numpy as np

    canvas = _noisy_canvas(size, rng)
    boxes: list[Box] = []
    for _ in range(int(rng.integers(FEWEST_DIGITS, MOST_DIGITS + 1))):
        glyph = int(rng.choice(pool))
        stamp = _random_stamp(glyphs, glyph, size, rng)
        corner = _free_corner(stamp, [box.xyxy for box in boxes], size, rng)
        if corner is None:
            continue
        boxes.append(Box(stamp.digit, glyph, _paint(canvas, stamp, corner, rng)))
    if len(boxes) < FEWEST_DIGITS:
        return draw_picture(glyphs, pool, size, rng)
    return np.clip(np.rint(canvas), 0, 255).astype(np.uint8), boxes


def _noisy_canvas(size: int, rng: "np.random.Generator") -> "NDArray[np.float64]":
    """Make a dark background `(size, size, 3)` with a slope of light and grain."""
    import numpy as np

    base = rng.uniform(15, 80, size=3)
    slope_x, slope_y = rng.uniform(-25, 25, size=2)
    along = np.linspace(-0.5, 0.5, size)
    light = slope_x * along[np.newaxis, :] + slope_y * along[:, np.newaxis]
    grain = rng.normal(0, rng.uniform(4, 14), size=(size, size, 3))
    return np.asarray(base + light[:, :, np.newaxis] + grain, dtype=np.float64)


def _random_stamp(glyphs: Glyphs, glyph: int, size: int, rng: "np.random.Generator") -> Stamp:
    """Scale a glyph to a random size and a slightly random shape."""
    height = size * rng.uniform(SMALLEST_SHARE, LARGEST_SHARE)
    width = height * rng.uniform(0.85, 1.15)
    return scale_glyph(glyphs, glyph, round(width), round(height))


def _free_corner(
    stamp: Stamp, taken: list[tuple[int, int, int, int]], size: int, rng: "np.random.Generator"
) -> tuple[int, int] | None:
    """Find a top left corner `(x, y)` where the stamp touches no box in `taken`, or None after enough tries."""
    height, width = stamp.opacity.shape
    for _ in range(PLACING_TRIES):
        left = int(rng.integers(0, size - width + 1))
        top = int(rng.integers(0, size - height + 1))
        apart = (
            left + width <= other[0] or other[2] <= left or top + height <= other[1] or other[3] <= top
            for other in taken
        )
        if all(apart):
            return left, top
    return None


def _paint(
    canvas: "NDArray[np.float64]", stamp: Stamp, corner: tuple[int, int], rng: "np.random.Generator"
) -> tuple[int, int, int, int]:
    """Blend the stamp into the canvas in place, in a light colour, and return the pixels that it covers."""
    left, top = corner
    height, width = stamp.opacity.shape
    colour = rng.uniform(150, 250, size=3)
    opacity = (stamp.opacity / 255)[:, :, None]
    region = canvas[top : top + height, left : left + width]
    region += opacity * (colour - region)
    return left, top, left + width, top + height
