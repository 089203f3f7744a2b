"""CurveRecorder: curves, confusion matrices and values of each class, as data and as interactive charts."""

import threading
from copy import copy
from dataclasses import dataclass
from typing import Any

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.charts import chart_html
from neptune_yolo.tracking.curve_data import Figure, figure_json
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.validation_figures import METRIC_KINDS, validation_figures


@dataclass(frozen=True)
class _Validation:
    """What one validation has left."""

    metrics: Any
    confusion_matrix: Any
    step: int | None

    @classmethod
    def of(cls, validator: Any, step: int | None) -> "_Validation":
        """Take hold of it: the next validation puts new arrays into the same objects, so these are copied, flatly."""
        metrics = copy(validator.metrics)
        for attribute, _, _ in METRIC_KINDS:
            if hasattr(metrics, attribute):
                setattr(metrics, attribute, copy(getattr(metrics, attribute)))
        return cls(metrics, validator.confusion_matrix, step)


class CurveRecorder:
    """Writes the figures of the last validation once, in the background: ``Plots/data/...`` and ``Plots/charts/...``.

    Args:
        logger: Writes into the run.
    """

    def __init__(self, logger: RunLogger) -> None:
        self._logger = logger
        self._unwritten: _Validation | None = None
        self._threads: list[threading.Thread] = []

    def remember(self, validator: Any, step: int | None) -> None:
        """Keep what a validation has left, at next to no cost, until there is a newer one.

        `close` writes it if no `record` came after it: when the training is interrupted.

        Args:
            validator: An Ultralytics validator that has just run.
            step: Epoch of the validation.
        """
        self._unwritten = _Validation.of(validator, step)

    def record(self, validator: Any, step: int | None) -> None:
        """Write the figures of the last evaluation, in the background.

        Args:
            validator: The validator that has just run.
            step: Epoch of the validation; None for the evaluation of best.pt after the training.
        """
        self.remember(validator, step)
        self._start()

    def close(self, timeout_seconds: float) -> None:
        """Write what was remembered and never recorded, and wait until everything is written.

        Args:
            timeout_seconds: Seconds to wait. What is not written by then is counted as an error of logging.
        """
        self._start()
        for thread in self._threads:
            thread.join(timeout_seconds)
            if thread.is_alive():
                self._logger.ledger.record("drawing charts", f"some are not drawn after {timeout_seconds:g} s")
        self._threads.clear()

    def _start(self) -> None:
        validation, self._unwritten = self._unwritten, None
        if validation is None:
            return
        thread = threading.Thread(target=self._write, args=(validation,), name="neptune-yolo-charts", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _write(self, validation: _Validation) -> None:
        guard = self._logger.ledger.guard
        with guard("reading curves and matrices"):
            for figure in validation_figures(validation.metrics, validation.confusion_matrix, validation.step):
                with guard(f"drawing the chart of {figure.name}"):
                    self._upload(figure)

    def _upload(self, figure: Figure) -> None:
        self._logger.log_text_file(paths.plot_data_path(figure.name), figure_json(figure), "json")
        self._logger.log_text_file(paths.plot_chart_path(figure.name), chart_html(figure), "html")
