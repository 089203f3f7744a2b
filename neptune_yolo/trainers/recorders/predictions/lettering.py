"""Text on pictures: fonts, labels that stay inside and do not cover each other, lines of a legend."""

from collections.abc import Iterable
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from PIL import Image, ImageDraw, ImageFont
from ultralytics.utils import USER_CONFIG_DIR

Colour = tuple[int, int, int]
Rectangle = tuple[float, float, float, float]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

DARK: Colour = (24, 24, 27)
LIGHT: Colour = (255, 255, 255)

_PADDING = 3
_LONGEST_TEXT = 32
_EAST_ASIAN = 0x2E80
"""From here on are the writings that the usual font does not have."""
_BRIGHT = 125


class Letters:
    """Fonts of one size; they are already on this machine, nothing is downloaded.

    Args:
        size: Height of the letters in pixels.
    """

    def __init__(self, size: int) -> None:
        self.size = size

    @classmethod
    def for_picture(cls, width: int, height: int) -> Self:
        """Return letters of a size that suits a picture of this size in pixels."""
        return cls(max(13, min(22, max(width, height) // 48)))

    def font(self, text: str) -> Font:
        """Return a font that can write a text."""
        return self._east_asian if any(ord(letter) >= _EAST_ASIAN for letter in text) else self._usual

    def width(self, text: str) -> float:
        """Return the width of a text in pixels."""
        return float(self.font(text).getlength(text))

    @cached_property
    def line_height(self) -> float:
        """Height of a label in pixels, the same for every text, so that labels line up."""
        return float(self._usual.getbbox("Ágjy|")[3] + 3)

    @cached_property
    def _usual(self) -> Font:
        matplotlib = find_spec("matplotlib")
        if matplotlib is not None and matplotlib.origin is not None:
            file = Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
            if file.is_file():
                return ImageFont.truetype(str(file), self.size)
        return ImageFont.load_default(self.size)

    @cached_property
    def _east_asian(self) -> Font:
        file = Path(USER_CONFIG_DIR) / "Arial.Unicode.ttf"  # Ultralytics' own, if it has needed it
        return ImageFont.truetype(str(file), self.size) if file.is_file() else self._usual


def shortened(text: str) -> str:
    """Return a text in one line of at most 32 letters."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= _LONGEST_TEXT else f"{line[: _LONGEST_TEXT - 1]}…"


def text_colour(background: Colour) -> Colour:
    """Return dark or light, whichever can be read better on a colour (luma of Rec. 601)."""
    luma = 0.299 * background[0] + 0.587 * background[1] + 0.114 * background[2]
    return DARK if luma > _BRIGHT else LIGHT


class Labels:
    """Writes labels at boxes; they stay inside the picture and cover no earlier ones, if there is room.

    Args:
        picture: Picture to draw on.
        letters: What to write with.
    """

    def __init__(self, picture: Image.Image, letters: Letters) -> None:
        self._draw = ImageDraw.Draw(picture)
        self._width, self._height = picture.size
        self._letters = letters
        self._taken: list[Rectangle] = []

    def write(self, text: str, box: Rectangle, colour: Colour, *, optional: bool = False) -> bool:
        """Write a label at a box: above it, below it, or inside.

        Args:
            text: The label.
            box: Left, top, right, bottom in pixels of the picture.
            colour: Its background.
            optional: Leave it out rather than cover another label.

        Returns:
            Whether it was written.
        """
        text = shortened(text)
        width, height = self._letters.width(text) + 2 * _PADDING, self._letters.line_height
        places = [self._inside(corner, width, height) for corner in self._corners(box, width, height)]
        free = next((place for place in places if not self._covers(place)), None)
        if free is None and optional:
            return False
        place = free or places[0]
        self._taken.append(place)
        self._draw.rectangle(place, fill=colour)
        corner, font = (place[0] + _PADDING, place[1] + 1), self._letters.font(text)
        self._draw.text(corner, text, fill=text_colour(colour), font=font)
        return True

    @staticmethod
    def _corners(box: Rectangle, width: float, height: float) -> Iterable[tuple[float, float]]:
        left, top, right, bottom = box
        yield left, top - height
        yield right - width, top - height
        yield left, bottom
        yield right - width, bottom
        yield left, top
        yield right - width, bottom - height

    def _inside(self, corner: tuple[float, float], width: float, height: float) -> Rectangle:
        x = max(0.0, min(corner[0], self._width - 1 - width))
        y = max(0.0, min(corner[1], self._height - 1 - height))
        return x, y, x + width, y + height

    def _covers(self, place: Rectangle) -> bool:
        return any(
            place[0] < other[2] and other[0] < place[2] and place[1] < other[3] and other[1] < place[3]
            for other in self._taken
        )


def with_legend(picture: Image.Image, entries: Iterable[tuple[Colour | None, str]], letters: Letters) -> Image.Image:
    """Return a picture with a strip below it that explains it; the strip has as many lines as it needs.

    Args:
        picture: The picture.
        entries: Texts, each with the colour of a square before it, or None.
        letters: What to write with.
    """
    size = gap = letters.size
    line_height = round(size * 1.7)
    placed: list[tuple[float, int, Colour | None, str]] = []
    x, line = float(gap // 2), 0
    for colour, text in entries:
        width = letters.width(text) + (size + 4 if colour else 0)
        if placed and x > gap and x + width > picture.width - gap // 2:
            x, line = float(gap // 2), line + 1
        placed.append((x, line, colour, text))
        x += width + gap
    result = Image.new("RGB", (picture.width, picture.height + (line + 1) * line_height + size // 2), DARK)
    result.paste(picture)
    draw = ImageDraw.Draw(result)
    for left, row, colour, text in placed:
        top, at = picture.height + size // 4 + row * line_height, left
        if colour:
            square = (left, top + size * 0.35, left + size - 2, top + size * 1.35 - 2)
            draw.rectangle(square, fill=colour)
            at += size + 4
        draw.text((at, top + line_height / 2), text, fill=LIGHT, font=letters.font(text), anchor="lm")
    return result
