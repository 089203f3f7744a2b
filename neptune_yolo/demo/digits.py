"""The demo's data set: handwritten digits to be detected, made on the spot in YOLO's layout."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from neptune_yolo.demo.exceptions import DigitsArgumentError, DigitsFolderError
from neptune_yolo.demo.glyphs import Glyphs, load_glyphs, split_glyphs
from neptune_yolo.demo.pictures import draw_picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLASS_NAMES = tuple(str(digit) for digit in range(10))
MANIFEST_NAME = "digits.json"
LOCK_NAME = "digits.lock"
LAYOUT_VERSION = 1
"""Raised when the same arguments make other pictures, so that older folders are made again."""

SMALLEST_SIZE = 48
SPLITS = ("train", "val")


@dataclass(frozen=True)
class DigitsRecipe:
    """What a data set is made from. Equal recipes make equal bytes.

    Attributes:
        train: Number of pictures to train on, at least 1.
        val: Number of pictures to validate on, at least 1.
        size: Side of the square pictures in pixels, at least 48.
        seed: Start of the random numbers, at least 0.
    """

    train: int
    val: int
    size: int
    seed: int

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            DigitsArgumentError: A value is not a whole number, or too small.
        """
        for name, smallest in (("train", 1), ("val", 1), ("size", SMALLEST_SIZE), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < smallest:
                raise DigitsArgumentError(name, value, smallest)


def make_digits(folder: Path, *, train: int = 200, val: int = 48, size: int = 128, seed: int = 0) -> Path:
    """Make the data set, or find it again if the folder holds the one that these arguments make.

    Each picture has 2 to 5 handwritten digits on a noisy canvas. No handwriting stands both in a training and in a
    validation picture. The folder may be moved: `data.yaml` names everything relative to itself.

    Args:
        folder: Where to make it: a new or empty folder, or one that `make_digits` filled before.
        train: Number of training pictures.
        val: Number of validation pictures.
        size: Side of the square pictures in pixels.
        seed: The same arguments always make the same bytes.

    Returns:
        Absolute path of `data.yaml`, to be given to Ultralytics as `data=`.

    Raises:
        DigitsArgumentError: A number is too small or no whole number.
        DigitsFolderError: The folder holds something else, or cannot be written.
        MissingDemoPackageError: scikit-learn is not installed.
    """
    recipe = DigitsRecipe(train, val, size, seed)
    folder = Path(folder).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK_NAME):
            if not _is_complete(folder, recipe):
                glyphs = load_glyphs()
                _clear(folder)
                _write(folder, recipe, glyphs)
    except OSError as error:
        raise DigitsFolderError(folder, f"could not be written ({error})") from error
    return folder / "data.yaml"


def read_manifest(folder: Path) -> dict[str, object] | None:
    """Read how the data set in a folder was made, and with which glyphs, or None if there is none to read."""
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _heading(recipe: DigitsRecipe) -> dict[str, object]:
    return {"layout": LAYOUT_VERSION, "recipe": asdict(recipe)}


def _is_complete(folder: Path, recipe: DigitsRecipe) -> bool:
    """Say whether the folder holds all files of this recipe."""
    manifest = read_manifest(folder)
    if manifest is None or not manifest.get("complete"):
        return False
    if any(manifest.get(key) != value for key, value in _heading(recipe).items()):
        return False
    expected = {f"{split}-{number:05d}" for split in SPLITS for number in range(getattr(recipe, split))}
    pictures = {path.stem for path in folder.glob("images/*/*.png")}
    labels = {path.stem for path in folder.glob("labels/*/*.txt")}
    return pictures == labels == expected and (folder / "data.yaml").is_file()


def _clear(folder: Path) -> None:
    """Remove an earlier data set.

    Raises:
        DigitsFolderError: There are files that `make_digits` did not make.
    """
    foreign = sorted(path.name for path in folder.iterdir() if path.name != LOCK_NAME)
    if foreign and not (folder / MANIFEST_NAME).exists():
        raise DigitsFolderError(folder, f"holds other files ({', '.join(foreign[:3])})")
    for name in ("images", "labels"):
        if (folder / name).exists():
            shutil.rmtree(folder / name)


def _write(folder: Path, recipe: DigitsRecipe, glyphs: Glyphs) -> None:
    """Write pictures, labels, `data.yaml`, and last of all that the data set is complete."""
    heading = _heading(recipe)
    _write_json(folder / MANIFEST_NAME, {**heading, "complete": False})
    pools = split_glyphs(glyphs, recipe.seed)
    used = {split: _write_split(folder, split, recipe, glyphs, pools[split]) for split in SPLITS}
    lines = ["train: images/train", "val: images/val", f"nc: {len(CLASS_NAMES)}", "names:"]
    lines += [f'  {index}: "{name}"' for index, name in enumerate(CLASS_NAMES)]
    (folder / "data.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    _write_json(folder / MANIFEST_NAME, {**heading, "complete": True, "glyphs": used})


def _write_split(
    folder: Path, split: str, recipe: DigitsRecipe, glyphs: Glyphs, pool: "NDArray[np.int64]"
) -> list[int]:
    """Write the pictures and labels of one split and return the glyphs used, sorted."""
    import numpy as np
    from PIL import Image

    pictures, labels = folder / "images" / split, folder / "labels" / split
    pictures.mkdir(parents=True)
    labels.mkdir(parents=True)
    used: set[int] = set()
    for number in range(getattr(recipe, split)):
        rng = np.random.default_rng([recipe.seed, 1 + SPLITS.index(split), number])
        pixels, boxes = draw_picture(glyphs, pool, recipe.size, rng)
        stem = f"{split}-{number:05d}"
        Image.fromarray(pixels).save(pictures / f"{stem}.png")
        text = "".join(f"{box.label_line(recipe.size)}\n" for box in boxes)
        (labels / f"{stem}.txt").write_text(text, encoding="utf-8", newline="\n")
        used.update(box.glyph for box in boxes)
    return sorted(used)


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8", newline="\n")
