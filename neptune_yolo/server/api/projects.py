"""Projects and workspaces, as the client asks for them."""

from typing import Any

from neptune_yolo.server.api.endpoint import Call, Document, Endpoint, Parameter, array_of, queries, reference
from neptune_yolo.server.api.wire import project_to_wire

DEFAULT_LIMIT = 1000
MEMBER_OR_HIGHER = "memberOrHigher"


def _get_project(call: Call) -> Any:
    return project_to_wire(call.services.projects.get_or_create(call.text("projectIdentifier")))


def _list_projects(call: Call) -> Any:
    """Answer a list of projects.

    A client that is given a project without its workspace looks for it here by its name, with this very relation, and
    takes entries of exactly that name only: so a project is also found by its ID, as if that were its name.
    """
    query = call.request.query_params
    term = query.get("searchTerm", "")
    is_own = query.get("userRelation") == MEMBER_OR_HIGHER
    if term and is_own:
        call.services.projects.find_or_create_bare(term)
    found = call.services.projects.search(
        term,
        call.number("limit", DEFAULT_LIMIT),
        workspace=query.get("organizationIdentifier"),
        only_own=is_own,
    )
    entries = [project_to_wire(project) for project in found]
    if term:
        entries = [{**entry, "name": term} if entry["id"] == term else entry for entry in entries]
    return {"entries": entries, "matchingItemCount": len(entries)}


def _list_organizations(call: Call) -> Any:
    return [{"id": name, "name": name} for name in call.services.projects.list_workspaces()]


PROJECT_ENDPOINTS = (
    Endpoint(
        "getProject",
        "GET",
        "/projects2/get",
        _get_project,
        parameters=queries("projectIdentifier"),
        result=reference("Project"),
        document=Document.BACKEND,
    ),
    Endpoint(
        "listProjects",
        "GET",
        "/projects2",
        _list_projects,
        parameters=(
            *queries("organizationIdentifier", "searchTerm", "userRelation"),
            Parameter("limit", schema={"type": "integer"}),
            Parameter("sortBy", schema=array_of({"type": "string"})),
            Parameter("sortDirection", schema=array_of({"type": "string"})),
        ),
        result=reference("ProjectList"),
        document=Document.BACKEND,
    ),
    Endpoint(
        "listOrganizations",
        "GET",
        "/organizations2",
        _list_organizations,
        result=array_of(reference("Organization")),
        document=Document.BACKEND,
    ),
)
