"""Which classes have series of their own, and under which names. Pure functions."""

from collections.abc import Mapping, Sequence

from neptune_yolo.tracking import attribute_paths as paths

MOST_CLASS_POINTS = 400
"""Most points that one epoch appends for its classes: each costs the client about 40 microseconds."""
MOST_CLASSES = 100
"""Most classes that have series of their own."""


def chosen_classes(labels: Mapping[int, int], metrics_each: int) -> tuple[int, ...]:
    """Return the classes that get series of their own: those with the most labels, of equal ones the first.

    Args:
        labels: Index of a class -> number of its labels.
        metrics_each: Number of metrics of each class.

    Returns:
        Indices in rising order; at most `MOST_CLASSES`, and at most `MOST_CLASS_POINTS` metrics.
    """
    limit = min(MOST_CLASSES, MOST_CLASS_POINTS // max(metrics_each, 1))
    ordered = sorted(labels, key=lambda index: (-labels[index], index))
    return tuple(sorted(ordered[:limit]))


def class_parts(names: Mapping[int, str], indices: Sequence[int]) -> dict[int, str]:
    """Return the part of an attribute path for each class; no two are the same.

    Args:
        names: Index of a class -> its name.
        indices: Indices of the classes.
    """
    parts: dict[int, str] = {}
    for index in indices:
        part = paths.path_part(names.get(index, index))
        parts[index] = f"{part} ({index})" if part in parts.values() else part
    return parts


def limit_note(chosen: int, classes: int) -> str | None:
    """Return the sentence that says which classes have series; None if all of them have.

    Args:
        chosen: Number of classes with series.
        classes: Number of classes with labels.
    """
    if chosen >= classes:
        return None
    return f"{chosen} of {classes} classes: those with the most labels in the validation set"
