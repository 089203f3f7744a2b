"""Runs, models and versions that come from elsewhere: how they are told apart, and what they are called."""

import re
import uuid
from dataclasses import dataclass

from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.models import MAX_KEY_LENGTH
from neptune_yolo.server.domain.showing import shown
from neptune_yolo.server.exceptions import InvalidRequestError

SOURCE_PATH = "import/source"
"""Where something was imported from, in the words of who imported it; stands there from the beginning."""

FINGERPRINT_PATH = "import/fingerprint"
"""What the source was like when all of it had been imported."""

FINISHED_PATH = "import/finished"
"""When all of it had been imported."""

MAX_NUMBER = 999_999_999

_PROJECT_KEY = r"[A-Z0-9_]{1,64}"
_NUMBER = r"[1-9][0-9]{0,8}"
_MODEL_KEY = rf"[A-Z][A-Z0-9_]{{0,{MAX_KEY_LENGTH - 1}}}"
_FORMS = {
    ContainerType.RUN: re.compile(rf"(?P<stem>{_PROJECT_KEY})-(?P<last>{_NUMBER})"),
    ContainerType.MODEL: re.compile(rf"(?P<stem>{_PROJECT_KEY})-(?P<last>{_MODEL_KEY})"),
    ContainerType.MODEL_VERSION: re.compile(rf"(?P<stem>{_PROJECT_KEY}-{_MODEL_KEY})-(?P<last>{_NUMBER})"),
}
_EXAMPLES = {
    ContainerType.RUN: "SAN-12",
    ContainerType.MODEL: "SAN-DET",
    ContainerType.MODEL_VERSION: "SAN-DET-3",
}


@dataclass(frozen=True)
class ImportedName:
    """What something was called where it comes from.

    Attributes:
        text: As a whole, ``SAN-12``.
        stem: All before the last dash: the key of the project, of a version what the model is called.
        last: What follows it: the number of a run or version, the key of a model.
    """

    text: str
    stem: str
    last: str


@dataclass(frozen=True)
class ImportFacts:
    """What an imported run, model or version was like where it comes from.

    Attributes:
        created_ms: When it was made, in milliseconds since 1970 (UTC), as are the others.
        modified_ms: When it was changed last.
        pinged_ms: Last sign of life of its program.
        running_ms: For how long its program ran, in milliseconds.
        owner: Who made it; None for who imports it.
        trashed: Whether it lay in the trash.
    """

    created_ms: int
    modified_ms: int
    pinged_ms: int
    running_ms: int
    owner: str | None
    trashed: bool


def imported_id(project_id: ContainerId, container_type: ContainerType, source: str) -> ContainerId:
    """Return the ID of what is imported from a source; the same source always gets the same one in a project."""
    return ContainerId(str(uuid.uuid5(uuid.UUID(project_id), f"import\n{container_type}\n{source}")))


def is_imported(container: Container, source: str) -> bool:
    """Return whether something was made by the import of a source: nothing else can have such an ID."""
    return container.id == imported_id(container.project_id, container.type, source)


def parse_imported_name(container_type: ContainerType, text: str) -> ImportedName:
    """Return what something was called where it comes from.

    Raises:
        InvalidRequestError: If nothing of its kind can be called so.
    """
    match = _FORMS[container_type].fullmatch(text)
    if match is None:
        raise InvalidRequestError(
            f"Expected an identifier such as {_EXAMPLES[container_type]!r} for what is imported, got {shown(text)!r}. "
            f"Leave it out, so that the server gives one."
        )
    return ImportedName(text, match["stem"], match["last"])
