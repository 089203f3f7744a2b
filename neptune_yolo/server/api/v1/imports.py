"""The door for runs, models and versions that come from elsewhere."""

from typing import Annotated, Literal

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.rendering import run_head
from neptune_yolo.server.api.v1.values import ProjectPath, RunHead, RunPath
from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.domain.imports import ImportFacts
from neptune_yolo.server.services.imports import ImportWanted

_FIRST_MS, _LAST_MS = -62_135_596_800_000, 253_402_300_799_999
"""The years 1 to 9999."""

Moment = Annotated[int, msgspec.Meta(ge=_FIRST_MS, le=_LAST_MS)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2048, pattern=r"^[^\x00]+$")]


class ImportAsked(Record, frozen=True, kw_only=True):
    """What is to be imported.

    ``source`` says where it comes from: what is asked for again by the same words is the same. ``sys_id`` is what it
    was called there; ``new_id`` lets the server give another name where that one is taken, as it does without one.
    ``model`` is what the model of a version is called in this project.
    """

    type: Literal["run", "model", "modelVersion"]
    source: Words
    sys_id: Annotated[str, msgspec.Meta(max_length=160)] | None = None
    new_id: bool = False
    custom_run_id: Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"^[^\x00]+$")] | None = None
    model: Annotated[str, msgspec.Meta(max_length=160)] | None = None


class ImportOpened(Record, frozen=True, kw_only=True):
    """What is being imported: ``is_new`` if it has just been made.

    ``finished_ms`` is when all of it had been imported, in milliseconds since 1970 (UTC), and ``fingerprint`` what its
    source was like then; both are null before.
    """

    run: RunHead
    is_new: bool
    finished_ms: int | None
    fingerprint: str | None


class ImportedFacts(Record, frozen=True, kw_only=True):
    """What something was like where it comes from; moments are in milliseconds since 1970 (UTC).

    ``fingerprint`` says what the source was like. ``owner`` null stands for who imports; another one is for owners of
    the project to say. ``pinged_ms`` null says that it never gave a sign of life.
    """

    fingerprint: Words
    created_ms: Moment
    modified_ms: Moment
    pinged_ms: Moment | None = None
    running_ms: Annotated[int, msgspec.Meta(ge=0, le=_LAST_MS)] = 0
    owner: Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^[^\x00]+$")] | None = None
    trashed: bool = False


def open_import(asked: Asked, where: ProjectPath, body: ImportAsked) -> ImportOpened:
    """Return what is imported from a source; it is made if this is the first time."""
    wanted = ImportWanted(
        type=ContainerType(body.type),
        source=body.source,
        sys_id=body.sys_id,
        new_id=body.new_id,
        custom_run_id=body.custom_run_id if body.type == "run" else None,
        model=body.model,
    )
    opened = asked.services.imports.open(f"{where.workspace}/{where.project}", wanted)
    return ImportOpened(
        run=run_head(asked.services.heads.get(opened.container.id)),
        is_new=opened.is_new,
        finished_ms=opened.finished_ms,
        fingerprint=opened.fingerprint,
    )


def finish_import(asked: Asked, where: RunPath, body: ImportedFacts) -> RunHead:
    """Note that all of something has been imported, and what it was like where it comes from."""
    facts = ImportFacts(
        created_ms=body.created_ms,
        modified_ms=body.modified_ms,
        pinged_ms=body.created_ms if body.pinged_ms is None else body.pinged_ms,
        running_ms=body.running_ms,
        owner=body.owner,
        trashed=body.trashed,
    )
    return run_head(
        asked.services.heads.get(asked.services.imports.finish(where.identifier, body.fingerprint, facts).id)
    )


_IMPORTS = "/projects/{workspace}/{project}/imports"

IMPORT_OPERATIONS = (
    Operation("POST", _IMPORTS, open_import, "imports"),
    Operation("PUT", f"{_IMPORTS}/{{run}}", finish_import, "imports"),
)
