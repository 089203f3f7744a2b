"""Loggers for processes that do not log: the same methods as `RunLogger`, without effect."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from neptune_yolo.tracking.queue_folder import Leftover
from neptune_yolo.tracking.status import Outcome


class NullRun:
    """Stands for the run in processes that do not log.

    Whatever is assigned, appended, uploaded or fetched has no effect; every read gives another `NullRun`, which is
    false. So a trainer's methods need not ask for the rank.
    """

    def __getitem__(self, path: str) -> Self:
        return self

    def __setitem__(self, path: str, value: object) -> None:
        pass

    def __delitem__(self, path: str) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_args: object, **_options: object) -> Self:
        """Accept any call of a method of the run, without effect."""
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def __bool__(self) -> bool:
        return False


class NullLogger:
    """A logger without effect, for ranks above zero: the same methods as `RunLogger`."""

    def __init__(self) -> None:
        self.run = NullRun()

    def log_metrics(self, values: Mapping[str, object], step: float) -> None:
        """Do nothing."""

    def log_series(self, path: str, values: Sequence[float], steps: Sequence[float]) -> None:
        """Do nothing."""

    def log_image(self, path: str, image: bytes | Path, step: float) -> None:
        """Do nothing."""

    def delete(self, path: str) -> None:
        """Do nothing."""

    def flush(self) -> None:
        """Do nothing."""

    def log_values(self, values: Mapping[str, object], doing: str = "") -> None:
        """Do nothing."""

    def log_hyperparameters(self, arguments: Mapping[str, object]) -> None:
        """Do nothing."""

    def log_text_file(self, path: str, text: str, extension: str) -> None:
        """Do nothing."""

    def upload_content(self, path: str, content: bytes, extension: str) -> None:
        """Do nothing."""

    def upload_results(self, file: Path) -> None:
        """Do nothing."""

    def upload_file(self, path: str, file: Path) -> None:
        """Do nothing."""

    def log_outcome(self, outcome: Outcome) -> None:
        """Do nothing."""

    def close(self, stop_timeout_seconds: float) -> Leftover:  # noqa: ARG002 - the same signature as RunLogger's
        """Do nothing; nothing is left unsent."""
        return Leftover()
