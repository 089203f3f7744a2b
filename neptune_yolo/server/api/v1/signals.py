"""Stop or abort the program behind a run."""

from typing import Annotated, Literal

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Nothing, Operation, Record
from neptune_yolo.server.api.v1.values import RunPath
from neptune_yolo.server.domain.signals import MAX_SECONDS, SignalKind


class SignalWish(Record, frozen=True, kw_only=True):
    """How a program is to end; an aborted run counts as failed.

    ``seconds`` is how long it may take to send what it has (0 to a day); without it, as long as it needs.
    """

    kind: Literal["stop", "abort"]
    seconds: Annotated[int, msgspec.Meta(ge=0, le=MAX_SECONDS)] | None = None


def signal_run(asked: Asked, where: RunPath, body: SignalWish) -> Nothing:
    """Ask the programs that write to a run to send what they have and to end; they are told within seconds."""
    asked.services.signals.request(where.identifier, SignalKind(body.kind), body.seconds)
    return Nothing()


SIGNAL_OPERATIONS = (Operation("POST", "/projects/{workspace}/{project}/runs/{run}/signals", signal_run, "run"),)
