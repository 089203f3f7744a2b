"""Views of pages that are saved for everybody in a project."""

import uuid
from dataclasses import dataclass

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.views import SavedView, ViewKind
from neptune_yolo.server.exceptions import InvalidRequestError, NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.services.clock import Clock
from neptune_yolo.server.store.interfaces import Store

MAX_VIEWS = 500
"""Views of a project."""


@dataclass(frozen=True)
class ViewService:
    """Saved views. Who may see a project sees its views; a contributor saves and deletes them.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        clock: Gives the present moment.
    """

    access: Access
    store: Store
    clock: Clock

    def list_all(self, project: str, kind: ViewKind | None) -> list[SavedView]:
        """Return the views of a project, by kind and name; those of one kind, or all with None.

        Raises:
            NotFoundError: If there is no such project.
        """
        with self.store.read() as session:
            found = session.views.list_all(self.access.named_project(session, project, Role.VIEWER).id)
        return [view for view in found if kind is None or view.kind is kind]

    def save(self, project: str, kind: ViewKind, name: str, content: str) -> SavedView:
        """Store a view, in place of one with the same kind and name.

        Args:
            project: ``workspace/project``.
            kind: Page that it is of.
            name: Name, in its maker's words.
            content: JSON text.

        Raises:
            NotFoundError: If there is no such project.
            ForbiddenError: If the caller may see it, and not do that.
            InvalidRequestError: If the project has too many views.
        """
        now_ms = self.clock()
        with self.store.write() as session:
            found = self.access.named_project(session, project, Role.CONTRIBUTOR)
            if len(session.views.list_all(found.id)) >= MAX_VIEWS:
                raise InvalidRequestError(f"Expected at most {MAX_VIEWS} saved views in a project. Delete some first.")
            owner = self.access.caller.user_name
            return session.views.put(SavedView(str(uuid.uuid4()), found.id, kind, name, owner, content, now_ms, now_ms))

    def delete(self, project: str, view_id: str) -> None:
        """Remove a view.

        Raises:
            NotFoundError: If there is no such project or view.
            ForbiddenError: If the caller may see it, and not do that.
        """
        with self.store.write() as session:
            found = self.access.named_project(session, project, Role.CONTRIBUTOR)
            if not session.views.delete(found.id, view_id):
                raise NotFoundError("saved view", view_id)
