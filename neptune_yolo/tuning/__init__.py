"""Hyperparameter search with any Neptune trainer: one run for the search, one for each trial."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neptune_yolo.tuning.results import Trial, TuneResult
    from neptune_yolo.tuning.search import tune

__all__ = ["Trial", "TuneResult", "tune"]


def __getattr__(name: str) -> Any:
    """Import what is asked for; the search loads torch and Ultralytics."""
    if name == "tune":
        from neptune_yolo.tuning.search import tune

        return tune
    if name in ("Trial", "TuneResult"):
        from neptune_yolo.tuning import results

        return getattr(results, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
