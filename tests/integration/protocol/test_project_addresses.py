"""Projects of the embedded server by every address that the client takes, and through its management functions."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from neptune import management
from neptune.exceptions import AmbiguousProjectName, ProjectNotFoundWithSuggestions
from neptune.management.exceptions import ProjectAlreadyExists, WorkspaceNotFound

OpenRun = Callable[..., Any]


def _qualified_name(run: Any) -> str:
    return "/".join(run.get_url().split("/")[-4:-2])


def test_a_bare_name_works_at_its_first_use_and_later(init_run: OpenRun) -> None:
    assert _qualified_name(init_run(project="road signs")) == "local/road signs"
    assert _qualified_name(init_run(project="road signs", mode="sync")) == "local/road signs"
    assert _qualified_name(init_run(project="signs")) == "local/signs"


def test_a_bare_name_finds_a_project_of_any_workspace(init_run: OpenRun) -> None:
    init_run(project="other/cars")
    assert _qualified_name(init_run(project="cars")) == "other/cars"
    init_run(project="third/cars")
    with pytest.raises(AmbiguousProjectName):
        init_run(project="cars")


def test_a_project_is_found_by_its_id(init_run: OpenRun, bearer: httpx.Client) -> None:
    known = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()
    assert _qualified_name(init_run(project=known["id"])) == "local/yolo"
    with pytest.raises(ProjectNotFoundWithSuggestions):
        init_run(project=str(uuid.uuid4()))
    assert management.get_project_list() == ["local/yolo"]


def test_projects_are_managed(init_run: OpenRun) -> None:
    init_run(project="any/one")
    assert management.create_project("any/two", key="TWO", visibility="priv") == "any/two"
    assert management.create_project("local/three") == "local/three"
    with pytest.raises(ProjectAlreadyExists):
        management.create_project("any/two")
    with pytest.raises(WorkspaceNotFound):  # raised by the client, which asks for the list of workspaces before
        management.create_project("nowhere/four")
    assert management.get_project_member_list("any/two") == {"local": "owner"}
    assert management.get_workspace_member_list("any") == {"local": "admin"}
    management.invite_to_workspace(username="ann", workspace="any")
    management.delete_project("any/two")
    assert management.get_project_list() == ["any/one", "local/three"]


def test_a_request_may_create_a_project_in_any_workspace(bearer: httpx.Client) -> None:
    path = "/api/backend/v1/projects2"
    made = bearer.post(path, json={"name": "four", "organizationId": "nowhere", "visibility": "pub"}).json()
    assert (made["organizationName"], made["name"], made["visibility"]) == ("nowhere", "four", "pub")
    bodies: tuple[Any, ...] = (
        None,
        [],
        {"name": "x"},
        {"name": 5, "organizationId": "a"},
        {"name": "a/b", "organizationId": "a"},
        {"name": "x", "organizationId": "a", "visibility": "all"},
        {"name": "x", "organizationId": "a", "projectKey": 7},
        {"name": "x" * 200, "organizationId": "a"},
        {"name": "x", "organizationId": "a", "description": "\0"},
    )
    for body in bodies:
        assert bearer.post(path, json=body).status_code == 400
