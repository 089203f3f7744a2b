"""Registers best.pt as a version of a model in the server's model registry, as a training ends."""

import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from neptune_yolo.exceptions import ModelNotRegisteredError, SettingsError
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.bounded import call_bounded
from neptune_yolo.tracking.checkpoint_policy import metric_part
from neptune_yolo.tracking.checkpoint_writer import sha256_of
from neptune_yolo.tracking.hyperparameters import typed_value
from neptune_yolo.tracking.opening import Target, random_numbers_untouched
from neptune_yolo.tracking.queue_folder import ASYNC, data_directory, leftover
from neptune_yolo.tracking.run_logger import RunLogger

_COLOUR = re.compile(r"\x1b\[\d+m")  # the client's messages are made for terminals


@dataclass(frozen=True, kw_only=True)
class ModelOrigin:
    """Where a model version comes from.

    Args:
        run_id: Id of the run, such as ``YOL-7``.
        run_url: Link to the run.
        metrics: Metrics of best.pt, by Ultralytics' names.
        dataset_hash: What tells the version of the data set; None if it is not known.
    """

    run_id: str
    run_url: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    dataset_hash: str | None = None


@dataclass(frozen=True)
class RegisteredModel:
    """A model version that was made.

    Args:
        model_id: Id of the model, such as ``YOL-DET``.
        version_id: Id of the version, such as ``YOL-DET-3``.
        is_sent: Whether the server has all of it; if not, the rest is in the client's queue.
    """

    model_id: str
    version_id: str
    is_sent: bool = True


def check_model_of_project(model: str | None, run_id: str | None) -> None:
    """Refuse the id of a model that belongs to another project than the run, before hours of training.

    Args:
        model: Id or key of a model; None for none.
        run_id: Id of the run, such as ``YOL-7``; None if it is not known.

    Raises:
        SettingsError: If the model belongs to another project.
    """
    if model is None or run_id is None or "-" not in model:
        return
    project = run_id.rpartition("-")[0]
    if model.partition("-")[0] != project:
        raise SettingsError(
            f"register_model={model!r} is a model of another project; those of the run's project begin with "
            f"'{project}-'. Use its key alone: register_model={model.partition('-')[2]!r}."
        )


def register_model(
    best: Path, model: str, origin: ModelOrigin, target: Target, timeout_seconds: float
) -> RegisteredModel:
    """Make best.pt a new version of a model, which is made as well if it does not exist.

    The version holds ``weights/best``, ``size_bytes``, ``sha256``, ``metrics/{metric}``, ``run/id``, ``run/url`` and,
    if it is known, ``dataset/hash``.

    Args:
        best: A complete checkpoint.
        model: Id of the model (``YOL-DET``), or its key (``DET``).
        origin: Where it comes from.
        target: Server and project of the run.
        timeout_seconds: Seconds after which this gives up, or leaves the rest in the client's queue.

    Raises:
        ModelNotRegisteredError: If the server has no model registry, refuses the model, or does not answer in time.
    """
    from neptune.common.exceptions import NeptuneException

    model_id = model if "-" in model else f"{origin.run_id.rpartition('-')[0]}-{model}"
    deadline = monotonic() + timeout_seconds
    with random_numbers_untouched(), _without_deprecation():
        try:
            version = call_bounded(lambda: _new_version(model_id, target), timeout_seconds)
            return call_bounded(lambda: _fill(version, model_id, best, origin, deadline), deadline - monotonic() + 1)
        except (NeptuneException, OSError) as error:  # TimeoutError is an OSError
            reason = " ".join(_COLOUR.sub("", str(error)).split()) or type(error).__name__
            raise ModelNotRegisteredError(model, f"{reason.rstrip('.')}.") from error


def register_best(
    logger: RunLogger, best: Path, model: str, origin: ModelOrigin, target: Target, timeout_seconds: float
) -> None:
    """Register best.pt and write into the run what became of it; an error is recorded, and never ends the training.

    Args:
        logger: Writes into the run.
        best: best.pt; need not exist.
        model: Id of the model (``YOL-DET``), or its key (``DET``).
        origin: Where it comes from.
        target: Server and project of the run.
        timeout_seconds: Seconds after which this gives up.
    """
    if not best.exists():
        return
    with logger.ledger.guard("registering best.pt in the model registry"):
        made = register_model(best, model, origin, target, timeout_seconds)
        values = {"model_id": made.model_id, "version_id": made.version_id}
        logger.log_values({f"{paths.MODEL_REGISTRY}/{name}": value for name, value in values.items()})
        if not made.is_sent:
            logger.ledger.record(
                "sending the model version", f"not all of {made.version_id} is sent yet; sync it later"
            )


def _new_version(model_id: str, target: Target) -> Any:
    """Open a new version of a model (``neptune.ModelVersion``), which is made if it does not exist."""
    import neptune
    from neptune.exceptions import MetadataContainerNotFound, NeptuneModelKeyAlreadyExistsError

    where = {"project": target.project, "api_token": target.api_token, "mode": "async"}
    try:
        return neptune.init_model_version(model=model_id, **where)
    except MetadataContainerNotFound:
        key = model_id.partition("-")[2]
        with suppress(NeptuneModelKeyAlreadyExistsError):  # another training has just made it
            neptune.init_model(key=key, name=key, **where).stop()
        return neptune.init_model_version(model=model_id, **where)


def _fill(version: Any, model_id: str, best: Path, origin: ModelOrigin, deadline: float) -> RegisteredModel:
    """Write into a version what belongs there, and stop it."""
    from neptune.types import File

    try:
        version_id = str(version["sys/id"].fetch())
        with best.open("rb") as stream:
            version[paths.checkpoint_path("best")].upload(File.from_stream(stream, extension="pt"))
        values: dict[str, object] = {"size_bytes": best.stat().st_size, "sha256": sha256_of(best)}
        values |= {f"metrics/{metric_part(name)}": value for name, value in origin.metrics.items()}
        values |= {"run/id": origin.run_id, "run/url": origin.run_url}
        if origin.dataset_hash is not None:
            values["dataset/hash"] = origin.dataset_hash
        for path, value in values.items():
            version[path] = typed_value(value)
    finally:
        version.stop(seconds=max(deadline - monotonic(), 0.1))
    return RegisteredModel(model_id, version_id, is_sent=not any(leftover(queue).operations for queue in _own_queues()))


def _own_queues() -> list[Path]:
    """Return the queues of model versions that this process has on disk."""
    return list(data_directory().glob(f"{ASYNC}/model_version__*__{os.getpid()}__*"))


@contextmanager
def _without_deprecation() -> Iterator[None]:
    """Keep the client from saying that its model registry will be removed: its last release is out."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=r"Neptune's model registry has been deprecated", category=DeprecationWarning
        )
        yield
