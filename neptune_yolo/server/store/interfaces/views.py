"""What services ask of the storage about saved views."""

from typing import Protocol

from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.views import SavedView


class ViewStore(Protocol):
    """Views of pages that somebody has saved."""

    def list_all(self, project_id: ContainerId) -> list[SavedView]:
        """Return the views of a project, by kind and name."""

    def put(self, view: SavedView) -> SavedView:
        """Store a view, in place of one with the same kind and name, and return it as it is stored."""

    def delete(self, project_id: ContainerId, view_id: str) -> bool:
        """Remove a view; False if the project has none of that ID."""
