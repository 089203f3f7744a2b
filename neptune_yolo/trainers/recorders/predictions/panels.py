"""Draws the tasks that say something of a whole image or of every pixel: several pictures side by side."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from ultralytics.utils.plotting import colors

from neptune_yolo.tracking.prediction_data import ImagePredictions
from neptune_yolo.trainers.recorders.predictions.captured import CapturedClassMap, CapturedDepth
from neptune_yolo.trainers.recorders.predictions.drawing import (
    FALSE_POSITIVE,
    TRUE_POSITIVE,
    TRUTH,
    enlarged,
)
from neptune_yolo.trainers.recorders.predictions.encoding import NOT_LABELLED, known_depths
from neptune_yolo.trainers.recorders.predictions.lettering import (
    DARK,
    LIGHT,
    Colour,
    Labels,
    Letters,
    shortened,
    with_legend,
)

_PANEL_SIDE = 640
_GAP = 6
_MIX = 0.55
_GREY: Colour = (110, 110, 116)
_MOST_CLASSES = 12


def draw_classification(data: ImagePredictions, clean: Image.Image, caption: str) -> Image.Image:
    """Return a picture with its likeliest classes as bars below it: the true one green, others red or grey.

    Args:
        data: The record of the image.
        clean: Its picture.
        caption: Text that begins the legend.
    """
    picture, _ = enlarged(clean)
    result = data.classification
    if result is None:
        return picture
    letters = Letters.for_picture(*picture.size)
    size = letters.size
    row = round(size * 1.8)
    bars = Image.new("RGB", (picture.width, row * len(result.top) + size // 2), DARK)
    draw = ImageDraw.Draw(bars)
    for place, score in enumerate(result.top):
        is_true = score.class_index == result.class_index
        colour = TRUE_POSITIVE if is_true else FALSE_POSITIVE if place == 0 else _GREY
        top = size // 4 + place * row
        draw.rectangle((0, top + 2, max(2, round(score.probability * (bars.width - 1))), top + row - 2), fill=colour)
        text = f"{shortened(score.name)}  {score.probability:.1%}"
        draw.text(
            (size // 2, top + row / 2),
            text,
            fill=LIGHT,
            font=letters.font(text),
            anchor="lm",
            stroke_width=2,
            stroke_fill=DARK,
        )
    whole = Image.new("RGB", (picture.width, picture.height + bars.height), DARK)
    whole.paste(picture)
    whole.paste(bars, (0, picture.height))
    verdict = (TRUE_POSITIVE, "right") if result.correct else (FALSE_POSITIVE, "wrong")
    return with_legend(whole, [(None, caption), (TRUTH, f"truth: {shortened(result.name)}"), verdict], letters)


def draw_classes(data: ImagePredictions, captured: CapturedClassMap, clean: Image.Image, caption: str) -> Image.Image:
    """Return labelled and predicted classes side by side, each over the picture.

    Args:
        data: The record of the image.
        captured: What was copied of it.
        clean: Its picture.
        caption: Text that begins the legend.
    """
    base = _panel(clean)
    maps = [captured.frame.map_to_original(values, _PANEL_SIDE) for values in (captured.truth, captured.predicted)]
    joined = _titled([_over(base, classes) for classes in maps], ("truth", "prediction"))
    areas = sorted(data.semantic.classes if data.semantic else (), key=lambda area: -max(area.true_area, area.iou))
    entries: list[tuple[Colour | None, str]] = [(None, caption)]
    if data.semantic:
        entries.append((None, f"mean IoU {data.semantic.mean_iou:.2f}"))
    entries += [
        (_class_colour(area.class_index), f"{shortened(area.name)} {area.iou:.2f}") for area in areas[:_MOST_CLASSES]
    ]
    if len(areas) > _MOST_CLASSES:
        entries.append((None, f"and {len(areas) - _MOST_CLASSES} more classes"))
    return with_legend(joined, entries, Letters.for_picture(*base.size))


def draw_depth(data: ImagePredictions, captured: CapturedDepth, clean: Image.Image, caption: str) -> Image.Image:
    """Return the picture, the true and the predicted depth side by side; both depths have one scale of colours.

    Args:
        data: The record of the image.
        captured: What was copied of it.
        clean: Its picture.
        caption: Text that begins the legend.
    """
    base = _panel(clean)
    known = known_depths(captured.truth, captured.known_range)
    truth = np.where(known, captured.truth, np.nan)
    predicted = cv2.resize(captured.predicted, truth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    if known.any():  # as Ultralytics scores it: at the scale of the truth
        predicted = predicted * (np.median(captured.truth[known]) / max(float(np.median(predicted[known])), 1e-6))
    low, high = (float(np.nanmin(truth)), float(np.nanmax(truth))) if known.any() else (0.0, 1.0)
    maps = [_heat(values, low, high).resize(base.size, Image.Resampling.BILINEAR) for values in (truth, predicted)]
    joined = _titled([base, *maps], ("image", "true depth", "predicted depth (scaled)"))
    errors: Mapping[str, float] = data.depth.errors if data.depth else {}
    figures = [(None, f"{name} {value:.3g}") for name, value in errors.items()]
    return with_legend(
        joined,
        [(None, caption), (None, f"{low:.2f} m (dark) to {high:.2f} m"), *figures],
        Letters.for_picture(*base.size),
    )


def _panel(clean: Image.Image) -> Image.Image:
    scale = _PANEL_SIDE / max(clean.size)
    size = (max(1, round(clean.width * scale)), max(1, round(clean.height * scale)))
    return clean.resize(size, Image.Resampling.BICUBIC)


def _over(base: Image.Image, classes: NDArray[np.uint8]) -> Image.Image:
    """Return a picture under the colours of the classes of its pixels; what is not labelled shows the picture."""
    table = np.array([_class_colour(index) for index in range(256)], dtype=np.uint8)
    colours = Image.fromarray(table[classes]).resize(base.size, Image.Resampling.NEAREST)
    strength = np.where(classes == NOT_LABELLED, 0, round(255 * _MIX)).astype(np.uint8)
    mask = Image.fromarray(strength).resize(base.size, Image.Resampling.NEAREST)
    return Image.composite(colours, base, mask)


def _class_colour(index: int) -> Colour:
    red, green, blue = colors(index)
    return int(red), int(green), int(blue)


def _heat(values: NDArray[np.floating], low: float, high: float) -> Image.Image:
    """Return numbers as colours, from dark (low) to bright; NaN is grey."""
    shares = np.clip((np.nan_to_num(values) - low) / max(high - low, 1e-6), 0, 1)
    colours = cv2.applyColorMap(np.round(shares * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1].copy()
    colours[np.isnan(values)] = _GREY
    return Image.fromarray(colours)


def _titled(panels: Sequence[Image.Image], titles: Sequence[str]) -> Image.Image:
    """Return panels of one size side by side, or one above the other if they are wide; each with its title."""
    width, height = panels[0].size
    stacked = width > height * 1.4
    count = len(panels)
    size = (width, height * count + _GAP * (count - 1)) if stacked else (width * count + _GAP * (count - 1), height)
    joined = Image.new("RGB", size, DARK)
    labels = Labels(joined, Letters.for_picture(width, height))
    for place, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        left, top = (0, place * (height + _GAP)) if stacked else (place * (width + _GAP), 0)
        joined.paste(panel, (left, top))
        labels.write(title, (left, top, left + width, top + height), DARK)
    return joined
