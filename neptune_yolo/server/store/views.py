"""Saved views, in the database."""

from sqlalchemy import Connection, delete, select

from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.views import SavedView, ViewKind
from neptune_yolo.server.store.models import saved_views
from neptune_yolo.server.store.upsert import insert_or_ignore


class SqlViewStore:
    """Implements ``ViewStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_all(self, project_id: ContainerId) -> list[SavedView]:
        """Return the views of a project, by kind and name."""
        statement = select(saved_views).where(saved_views.c.project_id == project_id)
        rows = self._connection.execute(statement.order_by(saved_views.c.kind, saved_views.c.name)).mappings()
        return [SavedView(**{**row, "kind": ViewKind(row["kind"])}) for row in rows]

    def put(self, view: SavedView) -> SavedView:
        """Store a view, in place of one with the same kind and name, and return it as it is stored."""
        values = {name: getattr(view, name) for name in SavedView.__dataclass_fields__}
        values["kind"] = view.kind.value
        insert_or_ignore(self._connection, saved_views, **values)
        of_name = (
            saved_views.c.project_id == view.project_id,
            saved_views.c.kind == view.kind.value,
            saved_views.c.name == view.name,
        )
        changed = {"owner": view.owner, "content": view.content, "modified_ms": view.modified_ms}
        self._connection.execute(saved_views.update().where(*of_name).values(changed))
        row = self._connection.execute(select(saved_views).where(*of_name)).mappings().one()
        return SavedView(**{**row, "kind": ViewKind(row["kind"])})

    def delete(self, project_id: ContainerId, view_id: str) -> bool:
        """Remove a view; False if the project has none of that ID."""
        statement = delete(saved_views).where(saved_views.c.project_id == project_id, saved_views.c.id == view_id)
        return self._connection.execute(statement).rowcount > 0
