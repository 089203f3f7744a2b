"""Views of pages that are saved for everybody in a project."""

from typing import Annotated, Any, Literal

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Nothing, Operation, Record
from neptune_yolo.server.api.v1.values import ProjectPath
from neptune_yolo.server.domain.views import SavedView, ViewKind
from neptune_yolo.server.exceptions import InvalidRequestError

MAX_CONTENT_BYTES = 64 * 1024
"""Of a view's content, as JSON."""


class ViewSearch(Record, frozen=True, kw_only=True):
    """Saved views of a project, of one kind or of all."""

    workspace: str
    project: str
    kind: Literal["runs", "charts"] | None = None


class ViewPath(Record, frozen=True, kw_only=True):
    """Names a saved view by its ID."""

    workspace: str
    project: str
    view: str


class ViewToSave(Record, frozen=True, kw_only=True):
    """A view: ``content`` is whatever the page makes of it, up to 64 KiB as JSON."""

    kind: Literal["runs", "charts"]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    content: dict[str, Any]


class View(Record, frozen=True, kw_only=True):
    """A saved view; ``owner`` saved it last, at ``modified_ms`` (since 1970, UTC)."""

    id: str
    kind: str
    name: str
    owner: str
    content: dict[str, Any]
    created_ms: int
    modified_ms: int


class Views(Record, frozen=True, kw_only=True):
    """Saved views, by kind and name."""

    views: list[View]


def list_views(asked: Asked, where: ViewSearch) -> Views:
    """Return the saved views of a project."""
    kind = None if where.kind is None else ViewKind(where.kind)
    found = asked.services.views.list_all(f"{where.workspace}/{where.project}", kind)
    return Views(views=[_view(view) for view in found])


def save_view(asked: Asked, where: ProjectPath, body: ViewToSave) -> View:
    """Save a view for everybody in the project, in place of one with the same kind and name."""
    content = msgspec.json.encode(body.content)
    if len(content) > MAX_CONTENT_BYTES:
        raise InvalidRequestError(
            f"Expected a view of at most {MAX_CONTENT_BYTES} bytes, got {len(content)}. Save one with fewer columns."
        )
    project = f"{where.workspace}/{where.project}"
    return _view(asked.services.views.save(project, ViewKind(body.kind), body.name, content.decode()))


def delete_view(asked: Asked, where: ViewPath) -> Nothing:
    """Delete a saved view."""
    asked.services.views.delete(f"{where.workspace}/{where.project}", where.view)
    return Nothing()


def _view(view: SavedView) -> View:
    return View(
        id=view.id,
        kind=view.kind.value,
        name=view.name,
        owner=view.owner,
        content=msgspec.json.decode(view.content, type=dict[str, Any]),
        created_ms=view.created_ms,
        modified_ms=view.modified_ms,
    )


_VIEWS = "/projects/{workspace}/{project}/views"

VIEW_OPERATIONS = (
    Operation("GET", _VIEWS, list_views, "views"),
    Operation("PUT", _VIEWS, save_view, "views"),
    Operation("DELETE", f"{_VIEWS}/{{view}}", delete_view, "views"),
)
