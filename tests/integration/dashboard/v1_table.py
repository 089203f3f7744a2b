"""Every operation of the read API, as a request, and the least that its caller must be."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

EMPTY_ARTIFACT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""Hash of an artifact without files: SHA-256 of nothing."""


class Need(IntEnum):
    """What somebody must be for an operation to be answered; contributors belong to the workspace as well."""

    SIGNED_IN = 1
    VIEWER = 2
    CONTRIBUTOR = 3
    OWNER = 4
    ADMIN = 5


@dataclass(frozen=True)
class Ask:
    """One request.

    Attributes:
        need: The least that its caller must be.
        params: Its query.
        json: Its body as JSON; None for none.
        status: How it is answered to those who may.
        hidden: How strangers are answered: as if it did not exist, unless it is about nothing that could be hidden.
        refused: How those are answered who may see what it is about, and not do it.
    """

    need: Need
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    status: int = 200
    hidden: int = 404
    refused: int = 403


def _name() -> str:
    return uuid.uuid4().hex[:8]


@dataclass(frozen=True)
class Place:
    """What the requests are about; by default, things that do not exist."""

    workspace: str = field(default_factory=_name)
    project: str = field(default_factory=_name)
    run: str = field(default_factory=lambda: f"{_name().upper()}-1")
    spare: str = field(default_factory=lambda: f"{_name().upper()}-2")
    model: str = field(default_factory=lambda: f"{_name().upper()}-MOD")
    version: str = field(default_factory=lambda: f"{_name().upper()}-MOD-1")
    token: str = field(default_factory=_name)
    view: str = field(default_factory=_name)
    user: str = "sam"

    def hide(self, text: str) -> str:
        """Return an answer without what the request has named."""
        for name in (self.run, self.spare, self.version, self.model, self.project, self.workspace, self.token):
            text = text.replace(name, "*")
        return text


def asks(place: Place) -> dict[str, Ask]:
    """Return a request for each operation, by its name; those that destroy come last."""
    return {**_of_everybody(), **_reads(place), **_reads_of_run(place), **_writes(place), **_owners(), **_admins()}


def _of_everybody() -> dict[str, Ask]:
    need = Need.SIGNED_IN
    wrong = {"current": "not the password", "new": "another password"}
    return {
        "get_session": Ask(need),
        "list_projects": Ask(need, {"search": "zzz"}),
        "list_workspaces": Ask(need),
        "list_tokens": Ask(need),
        "create_token": Ask(need, json={"label": "new"}),
        "change_password": Ask(need, json=wrong, status=403),
    }


def _reads(place: Place) -> dict[str, Ask]:
    need = Need.VIEWER
    search = {"columns": [{"path": "float"}]}
    return {
        "get_project": Ask(need),
        "list_project_members": Ask(need),
        "search_runs": Ask(need, json=search),
        "group_runs": Ask(need, json={"by": ["string"]}),
        "export_runs": Ask(need, json=search),
        "list_attribute_names": Ask(need, {"search": "fl"}),
        "list_views": Ask(need),
        "search_series": Ask(need, json={"series": [{"run": place.run, "path": "floats"}]}),
        "watch_runs": Ask(need),
        "list_charts": Ask(need, {"newest": 1}),
        "compare_runs": Ask(need, json={"runs": [place.run]}),
        "list_models": Ask(need),
        "get_model": Ask(need),
    }


def _reads_of_run(place: Place) -> dict[str, Ask]:
    need = Need.VIEWER
    other = {"path": "artifact", "other_run": place.run, "other_path": "artifact"}
    return {
        "get_run": Ask(need),
        "list_attributes": Ask(need),
        "get_attribute": Ask(need, {"path": "float"}),
        "get_file": Ask(need, {"path": "file"}),
        "list_members": Ask(need, {"path": "set"}),
        "get_archive": Ask(need, {"path": "set"}),
        "list_texts": Ask(need, {"path": "strings"}),
        "list_pictures": Ask(need, {"path": "images"}),
        "get_picture": Ask(need, {"path": "images", "step": 1}),
        "get_artifact": Ask(need, {"path": "artifact"}),
        "compare_artifacts": Ask(need, other),
    }


def _writes(place: Place) -> dict[str, Ask]:
    need, runs = Need.CONTRIBUTOR, {"runs": [place.spare]}
    return {
        "list_workspace_members": Ask(need),
        "create_project": Ask(need, json={"workspace": place.workspace, "name": _name(), "visibility": "priv"}),
        "change_run": Ask(need, json={"name": "another name"}),
        "save_view": Ask(need, json={"kind": "runs", "name": "mine", "content": {}}),
        "delete_view": Ask(need, status=404),
        "open_import": Ask(need, json={"type": "run", "source": "a folder"}),
        "finish_import": Ask(need, json={"fingerprint": "x", "created_ms": 1, "modified_ms": 1}, status=404),
        "signal_run": Ask(need, json={"kind": "stop"}),
        "change_stage": Ask(need, json={"stage": "staging"}),
        "trash_runs": Ask(need, json=runs),
        "restore_runs": Ask(need, json=runs),
        "delete_runs": Ask(need, json=runs),
    }


def _owners() -> dict[str, Ask]:
    need = Need.OWNER
    return {
        "change_project": Ask(need, json={"description": "secret"}),
        "put_project_member": Ask(need, json={"role": "viewer"}),
        "remove_project_member": Ask(need),
        "put_workspace_member": Ask(need, json={"role": "member"}),
        "remove_workspace_member": Ask(need),
        "delete_project": Ask(need),
    }


def _admins() -> dict[str, Ask]:
    need, new = Need.ADMIN, f"new-{_name()}"
    return {
        "list_users": Ask(need, hidden=403),
        "create_user": Ask(need, json={"name": new}, hidden=403),
        "change_user": Ask(need, json={"is_active": True}, hidden=403),
        "revoke_token": Ask(need, refused=404),
    }
