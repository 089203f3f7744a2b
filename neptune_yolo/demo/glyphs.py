"""Handwritten digits: where they come from, how they are split, and how one is drawn on a canvas."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neptune_yolo.demo.exceptions import MissingDemoPackageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VAL_SHARE = 0.2
INK_LEVEL = 72
"""A pixel belongs to a digit from this opacity on (0 to 255): what the eye takes for ink."""


@dataclass(frozen=True)
class Glyphs:
    """Handwritten digits.

    Attributes:
        opacity: How much ink each cell holds, `(N, 8, 8)`, 0 to 255.
        digit: Which digit it is, `(N,)`, 0 to 9.
    """

    opacity: "NDArray[np.uint8]"
    digit: "NDArray[np.int64]"


@dataclass(frozen=True)
class Stamp:
    """One scaled glyph, cut out tightly.

    Attributes:
        opacity: Ink, `(height, width)` in pixels, 0 to 255. Each border row and column holds ink.
        digit: Which digit it is, 0 to 9.
    """

    opacity: "NDArray[np.uint8]"
    digit: int


def load_glyphs() -> Glyphs:
    """Load the 1797 digits that scikit-learn carries in its package (nothing is downloaded).

    Raises:
        MissingDemoPackageError: scikit-learn is not installed.
    """
    import numpy as np

    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MissingDemoPackageError("scikit-learn") from error
    bunch = load_digits()
    opacity = np.rint(bunch.images * (255 / 16)).astype(np.uint8)
    return Glyphs(opacity, bunch.target.astype(np.int64))


def split_glyphs(glyphs: Glyphs, seed: int) -> "dict[str, NDArray[np.int64]]":
    """Divide the glyphs between `train` and `val`, so that no handwriting seen in training is validated on.

    Args:
        glyphs: All glyphs.
        seed: Same seed, same split.

    Returns:
        Sorted glyph indices by split. Each digit has the same share of its glyphs in `val`.
    """
    import numpy as np

    rng = np.random.default_rng([seed, 0])
    val: list[int] = []
    for digit in range(10):
        indices = rng.permutation(np.flatnonzero(glyphs.digit == digit))
        val.extend(indices[: round(len(indices) * VAL_SHARE)].tolist())
    everything = np.arange(len(glyphs.digit))
    in_val = np.isin(everything, val)
    return {"train": everything[~in_val], "val": everything[in_val]}


def scale_glyph(glyphs: Glyphs, index: int, width: int, height: int) -> Stamp:
    """Scale one glyph and cut it out along its ink.

    Args:
        glyphs: All glyphs.
        index: Which one.
        width: Width in pixels of the scaled 8x8 cell grid, before the cut.
        height: Height in pixels of the same.

    Returns:
        The glyph in the asked size, smaller by the empty margin that it had.
    """
    import numpy as np
    from PIL import Image

    scaled = np.asarray(Image.fromarray(glyphs.opacity[index]).resize((width, height), Image.Resampling.BICUBIC))
    rows = np.flatnonzero((scaled >= INK_LEVEL).any(axis=1))
    columns = np.flatnonzero((scaled >= INK_LEVEL).any(axis=0))
    cut = scaled[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Stamp(cut, int(glyphs.digit[index]))
