"""Runs, models and model versions, as the client creates, finds and keeps them alive."""

from collections.abc import Callable, Mapping
from typing import Any

from neptune_yolo.server.api.endpoint import Call, Endpoint, Parameter, Place, queries, reference
from neptune_yolo.server.api.json_text import without_nul
from neptune_yolo.server.api.wire import container_to_wire
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.models import require_model_key
from neptune_yolo.server.domain.showing import is_deeper_than, shown
from neptune_yolo.server.exceptions import InvalidRequestError, NotFoundError
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.runs import NewRun

MAX_GIT_LEVELS = 8
"""Values inside each other in what a client says of a commit; the client's own have three."""

MAX_CUSTOM_ID_LENGTH = 255
"""The client itself allows 36 characters."""

EXPERIMENT_NOT_FOUND = "EXPERIMENT_NOT_FOUND"
"""The client's word for a run or model that does not exist; only ``getExperiment`` may say it."""


def _create(call: Call) -> Any:
    body = call.body if isinstance(call.body, dict) else {}
    kind = body.get("type", ContainerType.RUN.value)
    create = _CREATORS.get(kind) if isinstance(kind, str) else None
    if create is None:
        raise InvalidRequestError(
            f"Expected {', '.join(_CREATORS)} as type of what is to be created, got {shown(kind)!r}."
        )
    return _opened(call, create(call.services, body))


def _create_run(services: Services, body: dict[str, Any]) -> Container:
    git = body.get("gitInfo")
    if is_deeper_than(git, MAX_GIT_LEVELS):
        raise InvalidRequestError(f"Expected 'gitInfo' of at most {MAX_GIT_LEVELS} levels, got more. Leave it out.")
    custom_run_id = _text(body, "customId") if body.get("customId") else None
    if custom_run_id is not None and ("\x00" in custom_run_id or len(custom_run_id) > MAX_CUSTOM_ID_LENGTH):
        raise InvalidRequestError(
            f"Expected 'customId' of at most {MAX_CUSTOM_ID_LENGTH} characters without NUL, "
            f"got {shown(custom_run_id)!r}. Choose another one."
        )
    new = NewRun(_text(body, "projectIdentifier"), custom_run_id, without_nul(git) if isinstance(git, dict) else None)
    return services.runs.create(new)


def _create_model(services: Services, body: dict[str, Any]) -> Container:
    return services.models.create_model(_text(body, "projectIdentifier"), require_model_key(body.get("key")))


def _create_version(services: Services, body: dict[str, Any]) -> Container:
    return services.models.create_version(_text(body, "projectIdentifier"), _text(body, "parentId"))


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise InvalidRequestError(f"Expected {name!r} as text, got {shown(value)!r}.")
    return value


def _get(call: Call) -> Any:
    return _opened(call, call.services.runs.find(call.text("experimentId")))


def _opened(call: Call, container: Container) -> dict[str, Any]:
    """Answer with a container; who opens one that lies in the trash is told, and may go on with it."""
    if container.trashed:
        call.warnings.append(
            f"{container.sys_id} lies in the trash. It can be read and written as before, until it is deleted for ever."
        )
    return container_to_wire(container)


def _ping(call: Call) -> Any:
    call.services.runs.ping(call.text("experimentId"))


def _create_checkpoint(call: Call) -> Any:
    """Answer that there is no such notebook: this server keeps none, and the client goes on without a checkpoint."""
    raise NotFoundError("notebook", call.text("notebookId"))


_CREATORS: Mapping[str, Callable[[Services, dict[str, Any]], Container]] = {
    ContainerType.RUN.value: _create_run,
    ContainerType.MODEL.value: _create_model,
    ContainerType.MODEL_VERSION.value: _create_version,
}

RUN_ENDPOINTS = (
    Endpoint(
        "createExperiment",
        "POST",
        "/experiment",
        _create,
        parameters=(
            Parameter("experimentCreationParams", Place.BODY, reference("ExperimentCreationParams")),
            Parameter("X-Neptune-CliVersion", Place.HEADER),
        ),
        result=reference("Experiment"),
    ),
    Endpoint(
        "getExperiment",
        "GET",
        "/experiment",
        _get,
        parameters=queries("experimentId"),
        result=reference("Experiment"),
        not_found_type=EXPERIMENT_NOT_FOUND,
    ),
    Endpoint(
        "createEmptyCheckpoint",
        "POST",
        "/notebooks/checkpoint",
        _create_checkpoint,
        parameters=(*queries("notebookId"), Parameter("checkpoint", Place.BODY, {"type": "object"})),
        result=reference("Checkpoint"),
    ),
    Endpoint("ping", "POST", "/ping", _ping, parameters=queries("experimentId")),
)
