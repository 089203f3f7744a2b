"""Runs, as the client creates, finds and keeps them alive."""

from typing import Any

from neptune_yolo.server.api.endpoint import Call, Endpoint, Parameter, Place, queries, reference
from neptune_yolo.server.api.wire import container_to_wire
from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.runs import NewRun

EXPERIMENT_NOT_FOUND = "EXPERIMENT_NOT_FOUND"
"""The client's word for a run that does not exist; only ``getExperiment`` may say it."""


def _create(call: Call) -> Any:
    body = call.body if isinstance(call.body, dict) else {}
    if body.get("type", ContainerType.RUN.value) != ContainerType.RUN.value:
        raise InvalidRequestError(
            f"Expected a run, got {body.get('type')!r}. This server does not keep models and model versions yet."
        )
    project_id = body.get("projectIdentifier")
    if not isinstance(project_id, str):
        raise InvalidRequestError(f"Expected 'projectIdentifier' as text, got {project_id!r}.")
    git = body.get("gitInfo")
    new = NewRun(project_id, body.get("customId") or None, git if isinstance(git, dict) else None)
    return container_to_wire(call.services.runs.create(new))


def _get(call: Call) -> Any:
    return container_to_wire(call.services.runs.find(call.text("experimentId")))


def _ping(call: Call) -> Any:
    call.services.runs.ping(call.text("experimentId"))


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
