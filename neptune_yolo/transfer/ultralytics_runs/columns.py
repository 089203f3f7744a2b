"""Names of the columns of ``results.csv``, of all versions, as attribute paths. Pure functions."""

import re

EPOCH = "epoch"
TIME = "time"

_METRICS = {"mAP_0.5": "mAP50", "mAP_0.5:0.95": "mAP50-95"}
_BOXES = ("precision", "recall", "mAP50", "mAP50-95")
_RATE = re.compile(r"(?:x/lr|lr/pg|lr/)(\d+)")
_KIND = re.compile(r"(.*?)(\([A-Z]\))?")

TEXT_COLUMNS = (
    *("epoch", "gpu_mem", "train/box_loss", "train/obj_loss", "train/cls_loss", "total", "labels", "img_size"),
    *("metrics/precision", "metrics/recall", "metrics/mAP_0.5", "metrics/mAP_0.5:0.95"),
    *("val/box_loss", "val/obj_loss", "val/cls_loss"),
)
"""Columns of the ``results.txt`` of the first versions of YOLOv5 and of YOLOv7, which has no header."""

NOT_LOGGED = frozenset({EPOCH, TIME, "gpu_mem", "total", "labels", "img_size"})


def column_path(name: str) -> str:
    """Return the attribute path of a column: today's name of what it holds.

    ``metrics/mAP_0.5`` of YOLOv5 is ``metrics/mAP50(B)`` since, ``x/lr0`` is ``lr/pg0``, ``test/loss`` is ``val/loss``.

    Args:
        name: Name of the column, without spaces around it.
    """
    if match := _RATE.fullmatch(name):
        return f"lr/pg{match[1]}"
    group, separator, rest = name.partition("/")
    if not separator:
        return name
    if group == "test":
        return f"val/{rest}"
    if group != "metrics":
        return name
    match = _KIND.fullmatch(rest)
    metric, kind = (match[1], match[2]) if match else (rest, None)
    metric = _METRICS.get(metric, metric)
    return f"metrics/{metric}{kind or ('(B)' if metric in _BOXES else '')}"
