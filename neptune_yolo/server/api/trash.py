"""The trash, as the client asks for it, and the way back, which the client does not know."""

from collections.abc import Callable
from typing import Any

from neptune_yolo.server.api.endpoint import Call, Endpoint, Parameter, Place, array_of, queries, reference
from neptune_yolo.server.domain.showing import shown
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.trash import TrashOutcome

MAX_IDENTIFIERS = 1000
"""Containers in one call; the client sends 100."""

_NAMED = (
    *queries("projectIdentifier"),
    Parameter("experimentIdentifiers", Place.BODY, array_of({"type": "string"})),
)


def _answer(outcome: TrashOutcome) -> dict[str, Any]:
    return {"errors": list(outcome.errors), "updatedExperimentIdentifiers": list(outcome.changed)}


def _identifiers(call: Call) -> list[str]:
    """Return the array of identifiers that is the body."""
    body = call.body
    if isinstance(body, list) and len(body) <= MAX_IDENTIFIERS and all(isinstance(item, str) for item in body):
        return body
    raise InvalidRequestError(
        f"Expected a JSON array of up to {MAX_IDENTIFIERS} identifiers, got {shown(body)!r}. Send smaller batches."
    )


def _change(operation_id: str, path: str, change: Callable[[Services, str, list[str]], TrashOutcome]) -> Endpoint:
    def handle(call: Call) -> Any:
        return _answer(change(call.services, call.text("projectIdentifier"), _identifiers(call)))

    return Endpoint(operation_id, "POST", path, handle, parameters=_NAMED, result=reference("TrashOutcome"))


def _empty(call: Call) -> Any:
    return _answer(call.services.trash.empty(call.text("projectIdentifier")))


TRASH_ENDPOINTS = (
    _change("trashExperiments", "/experiments/trash", lambda services, *what: services.trash.trash(*what)),
    _change("restoreExperiments", "/experiments/restore", lambda services, *what: services.trash.restore(*what)),
    _change("deleteExperiments", "/experiments/delete", lambda services, *what: services.trash.delete(*what)),
    Endpoint(
        "deleteAllExperiments",
        "DELETE",
        "/experiments/trash",
        _empty,
        parameters=queries("projectIdentifier"),
        result=reference("TrashOutcome"),
    ),
)
