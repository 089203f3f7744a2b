"""An MLflow store or server, through MLflow's public client."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from neptune_yolo.read.forms import RunHead
from neptune_yolo.transfer.exceptions import TransferError
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats

RUN_TAG = "neptune_yolo.run"
"""Tag with ``workspace/name/YOL-7``, the original run."""

ENDED_TAG = "neptune_yolo.complete"
"""Tag of a run that was written to its end."""

MAX_READ_POINTS = 100_000
"""Points of a series that are read again; MLflow gives all of a series at once. Of longer ones, the last point is."""

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:.+")
_SQLITE = "sqlite:///"
_NAME_TAG, _NOTE_TAG, _USER_TAG = "mlflow.runName", "mlflow.note.content", "mlflow.user"
_MAX_NOTE_LENGTH = 8000

MetricPoint = tuple[str, float, int, int]
"""Key, value, moment in milliseconds since 1970 (UTC), step."""


@dataclass(frozen=True)
class FoundRun:
    """A run of an earlier export.

    Attributes:
        run_id: In MLflow.
        is_complete: Whether it was written to its end.
    """

    run_id: str
    is_complete: bool


class Store:
    """One experiment."""

    def __init__(self, tracking_uri: str, experiment: str) -> None:
        """Open it; it is made if there is none.

        Args:
            tracking_uri: Such as ``sqlite:///mlflow.db``.
            experiment: Its name.

        Raises:
            ModuleNotFoundError: If MLflow is not installed.
            TransferError: If it is no tracking URI, or the store cannot be used.
        """
        if not _SCHEME.fullmatch(tracking_uri):
            raise TransferError(
                f"Expected a tracking URI of MLflow such as sqlite:///mlflow.db or http://host:5000, got "
                f"{tracking_uri!r}. For a database in a file, put sqlite:/// before its path."
            )
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # MLflow would tell its makers of this
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")  # it would try for minutes
        from mlflow import MlflowClient

        with _errors():
            self._client = MlflowClient(tracking_uri=tracking_uri)
            found = self._client.get_experiment_by_name(experiment)
            if found is not None:
                self._experiment_id = found.experiment_id
            else:
                place = _artifacts_beside(tracking_uri)
                self._experiment_id = self._client.create_experiment(experiment, artifact_location=place)

    def find(self, name: str) -> FoundRun | None:
        """Return the run of an earlier export, None if there is none.

        Args:
            name: Value of `RUN_TAG`.
        """
        quoted = name.replace("'", "''")
        with _errors():
            runs = self._client.search_runs([self._experiment_id], f"tags.`{RUN_TAG}` = '{quoted}'", max_results=10)
        found = [FoundRun(run.info.run_id, ENDED_TAG in run.data.tags) for run in runs]
        return next((run for run in found if run.is_complete), found[0] if found else None)

    def remove(self, run_id: str) -> None:
        """Delete a run, as MLflow does: it can be restored there."""
        with _errors():
            self._client.delete_run(run_id)

    def make(self, head: RunHead, name: str) -> str:
        """Make a run, and return its ID.

        Args:
            head: What it is like.
            name: Value of `RUN_TAG`.
        """
        tags = {RUN_TAG: name, _USER_TAG: head.owner, _NAME_TAG: head.name or head.sys_id}
        if head.description:
            tags[_NOTE_TAG] = head.description[:_MAX_NOTE_LENGTH]
        with _errors():
            run = self._client.create_run(
                self._experiment_id, start_time=head.created_ms, tags=tags, run_name=tags[_NAME_TAG]
            )
        return str(run.info.run_id)

    def log(
        self,
        run_id: str,
        *,
        metrics: Sequence[MetricPoint] = (),
        params: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Log a batch."""
        from mlflow.entities import Metric, Param, RunTag

        with _errors():
            self._client.log_batch(
                run_id,
                metrics=[Metric(key, value, moment_ms, step) for key, value, moment_ms, step in metrics],
                params=[Param(key, value) for key, value in (params or {}).items()],
                tags=[RunTag(key, value) for key, value in (tags or {}).items()],
            )

    def send(self, run_id: str, file: Path, place: PurePosixPath) -> None:
        """Make a file an artifact.

        Args:
            run_id: Of the run.
            file: Called as the artifact.
            place: Of the artifact.
        """
        with _errors():
            self._client.log_artifact(run_id, str(file), None if place.parent == PurePosixPath() else str(place.parent))

    def end(self, run_id: str, head: RunHead, *, is_complete: bool) -> None:
        """Say when and how a run ended, and whether it is complete."""
        with _errors():
            if is_complete:
                self._client.set_tag(run_id, ENDED_TAG, "true")
            status = "FAILED" if head.failed else "FINISHED"
            self._client.set_terminated(run_id, status, end_time=max(head.created_ms, head.pinged_ms))

    def read_back(self, run_id: str, expected: Expected) -> Expected:
        """Return what a run holds of what it should; artifacts are taken from the record.

        Args:
            run_id: Of the run.
            expected: What it should hold.
        """
        found = Expected(pictures=expected.pictures, files=expected.files, sets=expected.sets)
        with _errors():
            data = self._client.get_run(run_id).data
            for name in expected.atoms:
                kind, _, key = name.partition(":")
                value = (data.tags if kind == "tag" else data.params).get(key)
                if value is not None:
                    found.atom(name, kind, value)
            for key, series in expected.floats.items():
                if series.count <= MAX_READ_POINTS:
                    found.floats[key] = self._series(run_id, key)
                elif key in data.metrics:
                    found.floats[key] = series
        return found

    def _series(self, run_id: str, key: str) -> ExpectedFloats:
        history = sorted(
            self._client.get_metric_history(run_id, key), key=lambda metric: (metric.step, metric.timestamp)
        )
        found = ExpectedFloats()
        if history:
            found.add(
                np.array([metric.step for metric in history], dtype=np.float64),
                np.array([metric.timestamp for metric in history], dtype=np.int64),
                np.array([metric.value for metric in history], dtype=np.float64),
            )
        return found


def _artifacts_beside(tracking_uri: str) -> str | None:
    """Return where artifacts go of a store in a file: beside it, not where the program happens to run."""
    if not tracking_uri.startswith(_SQLITE):
        return None
    return (Path(tracking_uri.removeprefix(_SQLITE)).resolve().parent / "mlartifacts").as_uri()


@contextmanager
def _errors() -> Iterator[None]:
    """Turn errors of MLflow into ours."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        raise TransferError(f"Expected MLflow to take a run, but it did not: {str(error)[:500]}") from error
