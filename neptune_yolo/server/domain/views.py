"""Views of pages that somebody has saved under a name."""

from dataclasses import dataclass
from enum import StrEnum

from neptune_yolo.server.domain.ids import ContainerId


class ViewKind(StrEnum):
    """Pages whose state can be saved."""

    RUNS = "runs"
    CHARTS = "charts"


@dataclass(frozen=True)
class SavedView:
    """A view; a project has one of a kind and name.

    Attributes:
        id: UUID text.
        project_id: UUID text of its project.
        kind: Page that it is of.
        name: Name, in its maker's words.
        owner: Name of the user who saved it last.
        content: JSON text, as the page made it.
        created_ms: Milliseconds since 1970 (UTC).
        modified_ms: When it was saved last, likewise.
    """

    id: str
    project_id: ContainerId
    kind: ViewKind
    name: str
    owner: str
    content: str
    created_ms: int
    modified_ms: int
