"""RunLogger: writes what a training produces into a run. No error of it ever ends the training."""

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.error_ledger import BackgroundErrors, ErrorLedger
from neptune_yolo.tracking.hyperparameters import AtomValue, changed, typed_hyperparameters, typed_value
from neptune_yolo.tracking.metrics import epoch_points
from neptune_yolo.tracking.mirror import Mirror, NoMirror
from neptune_yolo.tracking.null_logger import NullRun
from neptune_yolo.tracking.opening import OpenedRun
from neptune_yolo.tracking.queue_folder import Leftover, leftover
from neptune_yolo.tracking.status import Outcome, TrainingState


class RunLogger:
    """Writes into one run: scalars, arguments, pictures, checkpoints, the state of the training.

    Every method catches and counts its own errors. Files are copied before they are sent, so that they may be
    rewritten or moved at once. After `close`, every method does nothing: plots may come late, from threads.

    Args:
        opened: The run, and whether it has to be stopped here.
        ledger: Keeps the errors; a new one by default.
        mirror: Takes a copy of series, pictures and arguments.
    """

    def __init__(self, opened: OpenedRun, ledger: ErrorLedger | None = None, mirror: Mirror | None = None) -> None:
        self._opened = opened
        self._mirror = mirror or NoMirror()
        self.ledger = ledger or ErrorLedger()
        self._background_errors = BackgroundErrors(self.ledger)
        self._background_errors.start()
        self._lock = threading.RLock()
        self._closed = False
        self._hyperparameters: dict[str, AtomValue] = {}

    @property
    def run(self) -> Any:
        """The live run of the client (``neptune.Run``)."""
        return self._opened.run

    def log_metrics(self, values: Mapping[str, object], step: float) -> None:
        """Append one point to each series. What is not finite is left out and counted: series cannot hold it.

        Args:
            values: Attribute path -> number.
            step: Step of the points; for an epoch its number, from 1.
        """
        with self._writing("appending metrics") as run:
            points = epoch_points(values)
            for path, value in points.finite.items():
                run[path].append(value, step=step)
            for path, text in points.non_finite.items():
                self.ledger.record(f"appending {path}", f"the value is {text}, which a Neptune series cannot hold")
        with self._mirroring() as mirror:
            mirror.scalars(values, step)

    def log_series(self, path: str, values: Sequence[float], steps: Sequence[float]) -> None:
        """Append several points to one series. What is not finite is left out and counted.

        Args:
            path: Attribute path.
            values: Numbers of the points.
            steps: Their steps, as many, in increasing order.
        """
        with self._writing(f"appending {path}") as run:
            finite = [(value, step) for value, step in zip(values, steps, strict=True) if math.isfinite(value)]
            if missing := len(values) - len(finite):
                self.ledger.record(f"appending {path}", f"{missing} values are not finite; no series holds them")
            if finite:
                run[path].extend([value for value, _ in finite], steps=[step for _, step in finite])
        with self._mirroring() as mirror:
            mirror.points(path, values, steps)

    def log_image(self, path: str, image: bytes | Path, step: float) -> None:
        """Append one picture to an image series.

        Args:
            path: Attribute path.
            image: A complete picture file, or its content: PNG or JPEG, at most 32 MB.
            step: Step of the picture; for an epoch its number, from 1.
        """
        from neptune.types import File

        with self._writing(f"appending a picture to {path}") as run:
            content = image if isinstance(image, bytes) else image.read_bytes()
            run[path].append(File.from_content(content), step=step)
            with self._mirroring() as mirror:
                mirror.image(path, content, step)

    def delete(self, path: str) -> None:
        """Delete an attribute, if the run has it.

        Args:
            path: Attribute path.
        """
        with self._writing(f"deleting {path}") as run:
            if run.exists(path):
                run.pop(path)

    def flush(self) -> None:
        """Hand the queue to the file system, so that it outlives this process."""
        with self._writing("writing the queue") as run:
            run.wait(disk_only=True)
        with self._mirroring() as mirror:
            mirror.flush()

    def log_values(self, values: Mapping[str, object], doing: str = "assigning values") -> None:
        """Assign single values.

        Args:
            values: Attribute path -> value; what no attribute can hold is stored as text.
            doing: What the values are, for error messages.
        """
        for path, value in values.items():
            with self._writing(doing) as run:
                run[path] = value if isinstance(value, datetime) else typed_value(value)

    def log_hyperparameters(self, arguments: Mapping[str, object]) -> None:
        """Assign the arguments that are new or have changed since the last call.

        Args:
            arguments: Name -> value; see `neptune_yolo.tracking.hyperparameters` for how each type is stored.
        """
        with self._writing("logging hyperparameters") as run:
            now = typed_hyperparameters(arguments)
            for name, value in changed(self._hyperparameters, now).items():
                path = f"{paths.HYPERPARAMETERS}/{name}"
                if type(self._hyperparameters.get(name, value)) is not type(value):
                    run.pop(path)  # the type of an attribute is fixed as long as it exists
                run[path] = value
                self._hyperparameters[name] = value
        with self._mirroring() as mirror:
            mirror.arguments(self._hyperparameters)

    def log_text_file(self, path: str, text: str, extension: str) -> None:
        """Upload a text as a file.

        Args:
            path: Attribute path.
            text: Content of the file.
            extension: Ending of the file's name, without a dot.
        """
        self.upload_content(path, text.encode(), extension)

    def upload_content(self, path: str, content: bytes, extension: str) -> None:
        """Upload bytes as a file.

        Args:
            path: Attribute path.
            content: Content of the file.
            extension: Ending of the file's name, without a dot.
        """
        from neptune.types import File

        with self._writing(f"uploading {path}") as run:
            run[path].upload(File.from_content(content, extension=extension))

    def upload_results(self, file: Path) -> None:
        """Upload Ultralytics' table of all epochs, if the file exists.

        Args:
            file: results.csv.
        """
        if file.exists():
            self.upload_file(paths.RESULTS, file)

    def upload_file(self, path: str, file: Path) -> None:
        """Copy a file and upload the copy, so that the file may be rewritten at once.

        Args:
            path: Attribute path.
            file: A complete file.
        """
        from neptune.types import File

        with self._writing(f"uploading {path}") as run, file.open("rb") as stream:
            run[path].upload(File.from_stream(stream, extension=file.suffix.removeprefix(".")))

    def log_outcome(self, outcome: Outcome) -> None:
        """Write how and why the training ended.

        Args:
            outcome: State, reason and traceback.
        """
        values: dict[str, object] = {paths.STATUS: str(outcome.state), paths.ENDED_AT: datetime.now(UTC)}
        if outcome.reason:
            values[paths.REASON] = outcome.reason
        if outcome.state is TrainingState.FAILED:
            values[paths.FAILED] = True
        self.log_values(values, "logging the outcome")
        if outcome.traceback_lines:
            with self._writing("logging the traceback") as run:
                run[f"{run.monitoring_namespace}/traceback"].extend(list(outcome.traceback_lines))

    def close(self, stop_timeout_seconds: float) -> Leftover:
        """Write the sum of the errors, and stop the run if it was opened here; a second call does nothing.

        Args:
            stop_timeout_seconds: Seconds to wait until everything is sent.

        Returns:
            What was not sent in that time.
        """
        with self._lock:
            if self._closed:
                return Leftover()
            if summary := self.ledger.summary():
                self.log_values({paths.LOG_ERRORS: summary}, "logging the errors")
            self._closed = True
        if self._opened.owned:
            with self.ledger.guard("stopping the run"):
                self.run.stop(seconds=stop_timeout_seconds)
        with self.ledger.guard("closing the mirror"):
            self._mirror.close()
        self._background_errors.close()
        return leftover(self._opened.queue_folder)

    @contextmanager
    def _mirroring(self) -> Iterator[Mirror]:
        """Give the mirror to write to, or one without effect once closed; errors inside are caught and counted."""
        with self._lock, self.ledger.guard("writing to the mirror"):
            yield NoMirror() if self._closed else self._mirror

    @contextmanager
    def _writing(self, doing: str) -> Iterator[Any]:
        """Give the run to write to, or one without effect once closed; errors inside are caught and counted."""
        with self._lock, self.ledger.guard(doing):
            yield NullRun() if self._closed else self.run
