"""Ultralytics YOLO trainers that log to Neptune, and a Neptune-compatible server to log to."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neptune_yolo.exceptions import NeptuneYoloError
    from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable
    from neptune_yolo.trainers.detection import NeptuneDetectionTrainer

__all__ = [
    "Mode",
    "NeptuneDetectionTrainer",
    "NeptuneSettings",
    "NeptuneYoloError",
    "OnUnreachable",
]

_HOMES = {
    "Mode": "neptune_yolo.settings",
    "NeptuneDetectionTrainer": "neptune_yolo.trainers.detection",
    "NeptuneSettings": "neptune_yolo.settings",
    "NeptuneYoloError": "neptune_yolo.exceptions",
    "OnUnreachable": "neptune_yolo.settings",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that the server and the command line start without torch."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
