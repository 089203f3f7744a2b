"""Runs, models and model versions, as the client creates, finds and keeps them alive."""

from collections.abc import Callable, Mapping
from typing import Any

from neptune_yolo.server.api.endpoint import Call, Endpoint, Parameter, Place, queries, reference
from neptune_yolo.server.api.wire import container_to_wire
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.models import require_model_key
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.runs import NewRun

EXPERIMENT_NOT_FOUND = "EXPERIMENT_NOT_FOUND"
"""The client's word for a run or model that does not exist; only ``getExperiment`` may say it."""


def _create(call: Call) -> Any:
    body = call.body if isinstance(call.body, dict) else {}
    kind = body.get("type", ContainerType.RUN.value)
    create = _CREATORS.get(kind) if isinstance(kind, str) else None
    if create is None:
        raise InvalidRequestError(
            f"Expected {', '.join(_CREATORS)} as type of what is to be created, got {str(kind)[:80]!r}."
        )
    return container_to_wire(create(call.services, body))


def _create_run(services: Services, body: dict[str, Any]) -> Container:
    git = body.get("gitInfo")
    custom_run_id = body.get("customId") or None
    new = NewRun(_text(body, "projectIdentifier"), custom_run_id, git if isinstance(git, dict) else None)
    return services.runs.create(new)


def _create_model(services: Services, body: dict[str, Any]) -> Container:
    return services.models.create_model(_text(body, "projectIdentifier"), require_model_key(body.get("key")))


def _create_version(services: Services, body: dict[str, Any]) -> Container:
    return services.models.create_version(_text(body, "projectIdentifier"), _text(body, "parentId"))


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise InvalidRequestError(f"Expected {name!r} as text, got {str(value)[:80]!r}.")
    return value


def _get(call: Call) -> Any:
    return container_to_wire(call.services.runs.find(call.text("experimentId")))


def _ping(call: Call) -> Any:
    call.services.runs.ping(call.text("experimentId"))


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
    Endpoint("ping", "POST", "/ping", _ping, parameters=queries("experimentId")),
)
