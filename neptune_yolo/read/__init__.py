"""Runs, series and files of a server, read from Python.

::

    from ultralytics import YOLO

    from neptune_yolo import read

    table = read.runs('(sys/tags:stringSet CONTAINS "night")', columns=["max(metrics/mAP50(B))", "train/*"])
    losses = read.series("train/*", ["YOL-7", "YOL-8"], wide=True)
    model = YOLO(read.best_checkpoint("metrics/mAP50(B)"))

Everything is read from the server that ``NEPTUNE_API_TOKEN`` names, else from the embedded one, over its read API:
under the rights of the token. Frames are those of pandas, or of polars with ``frame="polars"``. Several calls share one
connection with ``with read.open_api() as api: read.runs(api=api)``.

Importing this module is quick: it loads what is needed when it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neptune_yolo.read.api import ReadApi, open_api
    from neptune_yolo.read.checkpoints import BestRun, best_checkpoint, best_run, fetch_file
    from neptune_yolo.read.downloads import download
    from neptune_yolo.read.exceptions import (
        AccessRefusedError,
        FileDamagedError,
        PackageMissingError,
        ReadError,
        RequestRefusedError,
        ServerNotAnsweringError,
        TargetRefusedError,
        ThingNotFoundError,
        UnexpectedAnswerError,
    )
    from neptune_yolo.read.forms import RunHead, TextPoint
    from neptune_yolo.read.searches import Column, RunSearch
    from neptune_yolo.read.series_wire import SeriesPoints
    from neptune_yolo.read.tables import iter_runs, iter_series, runs, series, texts

__all__ = [
    "AccessRefusedError",
    "BestRun",
    "Column",
    "FileDamagedError",
    "PackageMissingError",
    "ReadApi",
    "ReadError",
    "RequestRefusedError",
    "RunHead",
    "RunSearch",
    "SeriesPoints",
    "ServerNotAnsweringError",
    "TargetRefusedError",
    "TextPoint",
    "ThingNotFoundError",
    "UnexpectedAnswerError",
    "best_checkpoint",
    "best_run",
    "download",
    "fetch_file",
    "iter_runs",
    "iter_series",
    "open_api",
    "runs",
    "series",
    "texts",
]

_HOMES = {
    "api": ("ReadApi", "open_api"),
    "checkpoints": ("BestRun", "best_checkpoint", "best_run", "fetch_file"),
    "downloads": ("download",),
    "exceptions": (
        "AccessRefusedError",
        "FileDamagedError",
        "PackageMissingError",
        "ReadError",
        "RequestRefusedError",
        "ServerNotAnsweringError",
        "TargetRefusedError",
        "ThingNotFoundError",
        "UnexpectedAnswerError",
    ),
    "forms": ("RunHead", "TextPoint"),
    "searches": ("Column", "RunSearch"),
    "series_wire": ("SeriesPoints",),
    "tables": ("iter_runs", "iter_series", "runs", "series", "texts"),
}
"""Module -> the public names that it holds."""


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
