"""Stop and abort a run, as pages and scripts ask for it; the client itself only listens (see ``notifications``)."""

from typing import Any

from neptune_yolo.server.api.endpoint import Call, Endpoint, Parameter, Place, queries
from neptune_yolo.server.api.wire import container_to_wire
from neptune_yolo.server.domain.showing import shown
from neptune_yolo.server.domain.signals import SignalKind
from neptune_yolo.server.exceptions import InvalidRequestError


def _request(call: Call) -> Any:
    body = call.body if isinstance(call.body, dict) else {}
    kind, seconds = body.get("kind"), body.get("seconds")
    if not isinstance(kind, str) or kind not in set(SignalKind):
        raise InvalidRequestError(f"Expected {' or '.join(SignalKind)} as 'kind', got {shown(kind)!r}.")
    if seconds is not None and (not isinstance(seconds, int) or isinstance(seconds, bool)):
        raise InvalidRequestError(f"Expected 'seconds' as a whole number, or none, got {shown(seconds)!r}.")
    return container_to_wire(call.services.signals.request(call.text("experimentId"), SignalKind(kind), seconds))


SIGNAL_ENDPOINTS = (
    Endpoint(
        "signalExperiment",
        "POST",
        "/experiment/signal",
        _request,
        parameters=(*queries("experimentId"), Parameter("signal", Place.BODY, {"type": "object"})),
    ),
)
