"""Scalars of one epoch: which of them can be points of a series. Pure functions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EpochPoints:
    """The scalars of one epoch.

    Args:
        finite: Attribute path -> value, for each value that a series can hold.
        non_finite: Attribute path -> text of the value (``nan``, ``inf``, ``-inf``), which a series cannot hold.
    """

    finite: dict[str, float]
    non_finite: dict[str, str]


def epoch_points(values: Mapping[str, object]) -> EpochPoints:
    """Sort the scalars of one epoch into those a series can hold and those it cannot.

    Args:
        values: Attribute path -> number, or an array or tensor of one element.

    Returns:
        Both groups, in the order given; the values as Python floats.
    """
    finite: dict[str, float] = {}
    non_finite: dict[str, str] = {}
    for path, value in values.items():
        number = float(value)  # type: ignore[arg-type] # arrays and tensors of one element convert as well
        if math.isfinite(number):
            finite[path] = number
        else:
            non_finite[path] = str(number)
    return EpochPoints(finite, non_finite)


def without_unvalidated(values: Mapping[str, object], validation_keys: set[str]) -> dict[str, object]:
    """Return the scalars without those of the validation, for an epoch that was not validated.

    Ultralytics repeats the last validation's values there, or zeros if there was none.

    Args:
        values: All scalars that Ultralytics reports for the epoch.
        validation_keys: Names that a validation writes.
    """
    return {path: value for path, value in values.items() if path not in validation_keys}


def final_paths(metrics: Mapping[str, object], prefix: str) -> dict[str, object]:
    """Return the metrics of the last evaluation under their own paths, such as ``final/metrics/mAP50(B)``."""
    return {f"{prefix}/{name}": value for name, value in metrics.items()}
