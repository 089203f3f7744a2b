"""Workspaces and projects, and the form of their names."""

import re
from dataclasses import dataclass

from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.exceptions import InvalidProjectKeyError, InvalidProjectNameError

MAX_NAME_LENGTH = 128
KEY_LENGTH = 3


@dataclass(frozen=True)
class ProjectName:
    """Qualified name of a project, ``workspace/name``."""

    workspace: str
    name: str

    def __str__(self) -> str:
        return f"{self.workspace}/{self.name}"

    @classmethod
    def parse(cls, identifier: str, default_workspace: str) -> "ProjectName":
        """Split ``workspace/name`` or ``name``.

        Args:
            identifier: What the client sent.
            default_workspace: Workspace of a bare name.

        Raises:
            InvalidProjectNameError: If the text is neither form.
        """
        parts = identifier.split("/")
        if len(parts) == 1:
            parts = [default_workspace, *parts]
        if len(parts) != 2 or not all(_is_valid_part(part) for part in parts):  # noqa: PLR2004 - workspace and name
            raise InvalidProjectNameError(identifier)
        return cls(*parts)


@dataclass(frozen=True)
class Project:
    """A project; its ID is also the ID of the container that holds its own attributes.

    Attributes:
        id: UUID text.
        name: Workspace and name.
        key: Prefix of its runs' identifiers, for example ``YOL``.
        visibility: ``priv``, ``pub`` or ``workspace``.
        created_ms: Milliseconds since 1970 (UTC).
        description: In its maker's words; None without one.
    """

    id: ContainerId
    name: ProjectName
    key: str
    visibility: str
    created_ms: int
    description: str | None = None


@dataclass(frozen=True)
class ProjectActivity:
    """What goes on in a project.

    Attributes:
        run_count: Number of its runs that are not in the trash.
        running_count: Those among them that have given a sign of life lately.
        modified_ms: When something in it changed last, in milliseconds since 1970 (UTC).
    """

    run_count: int
    running_count: int
    modified_ms: int


def _is_valid_part(part: str) -> bool:
    return bool(part) and part == part.strip() and len(part) <= MAX_NAME_LENGTH and part.isprintable()


def require_key(key: str) -> str:
    """Return a key that a project can have.

    Raises:
        InvalidProjectKeyError: If it is not 1 to 20 capital letters or digits, a letter first.
    """
    if re.fullmatch(r"[A-Z][A-Z0-9]{0,19}", key) is None:
        raise InvalidProjectKeyError(key)
    return key


def make_key(name: str, taken: frozenset[str]) -> str:
    """Return a key for a new project: its first letters in capitals, numbered if they are taken.

    Args:
        name: The project's name without workspace.
        taken: Keys that the workspace uses already.
    """
    stem = re.sub(r"[^A-Z0-9]", "", name.upper())[:KEY_LENGTH] or "PRJ"
    if stem[0].isdigit():
        stem = f"P{stem}"
    number = 1
    key = stem
    while key in taken:
        number += 1
        key = f"{stem}{number}"
    return key
