"""Parents and children: the runs of a k-fold, of a search, of several data sets, and the run that holds them together.

A child writes the id of its parent (``NeptuneSettings(parent=...)``) into its own run. The parent's run is written to
by the program that holds it open; a child never opens it.
"""

import math
import statistics
from collections.abc import Iterable, Mapping
from typing import Any

from neptune_yolo.tracking import attribute_paths as paths


def parent_values(parent: str | None) -> dict[str, object]:
    """Return attribute path -> value for a run that belongs to another one; nothing for one that stands alone.

    Args:
        parent: Id of the parent, such as ``YOL-7``.
    """
    return {paths.PARENT: parent} if parent else {}


def add_child(parent: Any, child_id: str | None) -> None:
    """Note in the parent that a run belongs to it; noting it again changes nothing.

    Each child has an attribute of its own: Neptune keeps sets of texts at ``sys/tags`` and ``sys/group_tags`` only.

    Args:
        parent: The parent (``neptune.Run``), open.
        child_id: Id of the child, such as ``YOL-8``; None, as for a run that no server knows yet, is left out.
    """
    if child_id:
        parent[f"{paths.CHILDREN}/{paths.path_part(child_id)}"] = child_id


def log_child_metrics(parent: Any, children: Iterable[Mapping[str, object]]) -> dict[str, float]:
    """Write mean, standard deviation, smallest and largest value of each metric of the children into the parent.

    Values that are no finite numbers are left out. The standard deviation is that of a sample (divided by n - 1), and 0
    for one child.

    Args:
        parent: The parent (``neptune.Run``), open.
        children: Metrics of each child by Ultralytics' names, such as ``trainer.metrics``.

    Returns:
        The means by Ultralytics' names.
    """
    collected: dict[str, list[float]] = {}
    for metrics in children:
        for name, value in metrics.items():
            if isinstance(value, int | float) and math.isfinite(value):
                collected.setdefault(name, []).append(float(value))
    for name, values in collected.items():
        path = f"{paths.CHILD_METRICS}/{paths.path_part(name.removeprefix('metrics/'))}"
        parent[f"{path}/mean"] = statistics.fmean(values)
        parent[f"{path}/std"] = statistics.stdev(values) if len(values) > 1 else 0.0
        parent[f"{path}/min"] = min(values)
        parent[f"{path}/max"] = max(values)
    return {name: statistics.fmean(values) for name, values in collected.items()}
