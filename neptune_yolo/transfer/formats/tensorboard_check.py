"""Reads event files again, with TensorBoard's own reader."""

import hashlib
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np

from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

EVENT_FILES = "events.out.tfevents.*"
MILLISECONDS = 1000

_EVENTS_AT_A_TIME = 20_000


def read_back(folder: Path, table: str) -> Expected:
    """Return what the event files of a folder hold.

    Args:
        folder: Of a run.
        table: Tag of the table of single values, which is left out.
    """
    found = Expected()
    for file in sorted(folder.glob(EVENT_FILES)):
        values = _values(file)
        while piece := list(islice(values, _EVENTS_AT_A_TIME)):
            for tag, events in groupby(piece, key=lambda item: str(item[1].tag)):
                if tag != table:
                    _take(found, tag, list(events))
    return found


def _values(file: Path) -> Iterator[tuple[Any, Any]]:
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    for event in LegacyEventFileLoader(str(file)).Load():
        for value in event.summary.value:
            yield event, value


def _take(found: Expected, tag: str, items: list[tuple[Any, Any]]) -> None:
    kind = items[0][1].WhichOneof("value")
    moments = [round(event.wall_time * MILLISECONDS) for event, _ in items]
    steps = [float(event.step) for event, _ in items]
    if kind == "simple_value":
        series = found.floats.setdefault(tag, ExpectedFloats())
        numbers = np.array([value.simple_value for _, value in items], dtype=np.float64)
        series.add(np.array(steps), np.array(moments, dtype=np.int64), numbers)
    elif kind == "image":
        pictures = found.pictures.setdefault(tag, [])
        for step, (_, value) in zip(steps, items, strict=True):
            content = value.image.encoded_image_string
            pictures.append((step, len(content), hashlib.sha256(content).hexdigest()))
    elif kind == "tensor":
        lines = found.texts.setdefault(tag, ExpectedTexts())
        texts = [value.tensor.string_val[0].decode() for _, value in items]
        lines.add(zip(steps, moments, texts, strict=True))
