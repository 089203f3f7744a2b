"""Projects, members, service accounts and invitations, as ``neptune.management`` asks for them."""

from typing import Any, TypeVar

from neptune_yolo.server.api.endpoint import (
    Call,
    Document,
    Endpoint,
    Parameter,
    Place,
    array_of,
    queries,
    reference,
)
from neptune_yolo.server.api.wire import project_to_wire
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import WIRE_ROLES, User, Visibility, WorkspaceRole
from neptune_yolo.server.exceptions import InvalidProjectNameError, InvalidRequestError
from neptune_yolo.server.services.members import Account
from neptune_yolo.server.services.projects import NewProject

MAX_DESCRIPTION_LENGTH = 10_000
_Word = TypeVar("_Word", Visibility, WorkspaceRole)
_OBJECT: dict[str, Any] = {"type": "object"}


def _create_project(call: Call) -> Any:
    body = _object(call.body)
    workspace, name = _text(body, "organizationId"), _text(body, "name")
    if "/" in workspace or "/" in name:
        raise InvalidProjectNameError(f"{workspace}/{name}")
    visibility = _choice(body.get("visibility") or Visibility.PRIVATE, Visibility, "visibility")
    new = NewProject(
        name=ProjectName.parse(f"{workspace}/{name}", workspace),
        key=_optional_text(body, "projectKey", 20),
        visibility=visibility,
        description=_optional_text(body, "description", MAX_DESCRIPTION_LENGTH),
    )
    return project_to_wire(call.services.projects.create(new))


def _delete_project(call: Call) -> Any:
    call.services.projects.delete(call.text("projectIdentifier"))
    return {}


def _list_project_members(call: Call) -> Any:
    members = call.services.members.list_project_members(call.text("projectIdentifier"), Account.PERSON)
    return [{"role": WIRE_ROLES[member.role], "registeredMemberInfo": _info(member.user)} for member in members]


def _add_project_member(call: Call) -> Any:
    body = _object(call.body)
    call.services.members.add_project_member(call.text("projectIdentifier"), _text(body, "userId"), _role(body))
    return {}


def _delete_project_member(call: Call) -> Any:
    call.services.members.remove_project_member(call.text("projectIdentifier"), call.text("userId"))
    return {}


def _list_project_service_accounts(call: Call) -> Any:
    members = call.services.members.list_project_members(call.text("projectIdentifier"), Account.SERVICE)
    return [{"role": WIRE_ROLES[member.role], "serviceAccountInfo": _account(member.user)} for member in members]


def _add_project_service_account(call: Call) -> Any:
    body = _object(call.body)
    account = _text(body, "serviceAccountId")
    call.services.members.add_service_account(call.text("projectIdentifier"), account, _role(body))
    return {}


def _delete_project_service_account(call: Call) -> Any:
    call.services.members.remove_service_account(call.text("projectIdentifier"), call.text("serviceAccountId"))
    return {}


def _list_organization_members(call: Call) -> Any:
    members = call.services.members.list_workspace_members(call.text("organizationIdentifier"), Account.PERSON)
    return [{"role": member.role.value, "registeredMemberInfo": _info(member.user)} for member in members]


def _list_service_accounts(call: Call) -> Any:
    wants_active = call.request.query_params.get("deactivated", "false").lower() != "true"
    members = call.services.members.list_workspace_members(call.text("organizationIdentifier"), Account.SERVICE)
    return [_account(member.user) for member in members if member.user.is_active is wants_active]


def _create_invitations(call: Call) -> Any:
    body = _object(call.body)
    workspace = _text(body, "organizationIdentifier")
    entries = body.get("invitationsEntries")
    if not isinstance(entries, list):
        raise InvalidRequestError("Expected 'invitationsEntries' as a list, got something else.")
    for entry in map(_object, entries):
        call.services.members.invite(
            workspace,
            _text(entry, "invitee"),
            _choice(entry.get("roleGrant"), WorkspaceRole, "roleGrant"),
            add_to_all_projects=entry.get("addToAllProjects") is True,
        )
    return {}


def _workspace_status(call: Call) -> Any:
    status = call.services.members.workspace_status(call.text("organizationIdentifier"))
    answer = {"membersCount": status.member_count, "activeProjectsUsage": status.project_count}
    if status.free_bytes is not None:
        answer["storageBytesAvailable"] = status.free_bytes
        answer["storageBytesLimit"] = status.free_bytes + status.size_bytes
    return answer


def _info(user: User) -> dict[str, str]:
    return {"username": user.name}


def _account(user: User) -> dict[str, str]:
    return {"id": user.id, "displayName": user.name}


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRequestError(f"Expected a JSON object, got {type(value).__name__}.")
    return value


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255 or not value.isprintable():  # noqa: PLR2004 - the widest
        raise InvalidRequestError(f"Expected {name!r} as 1 to 255 printable characters, got something else.")
    return value


def _optional_text(body: dict[str, Any], name: str, limit: int) -> str | None:
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > limit or "\0" in value:
        raise InvalidRequestError(f"Expected {name!r} as a text of at most {limit} characters, got something else.")
    return value


def _choice(value: Any, kind: type[_Word], name: str) -> _Word:
    try:
        return kind(value)
    except ValueError as error:
        words = ", ".join(kind)
        raise InvalidRequestError(f"Expected {name!r} as one of {words}; got {str(value)[:40]!r}.") from error


def _role(body: dict[str, Any]) -> Role:
    value = body.get("role")
    for role, word in WIRE_ROLES.items():
        if word == value:
            return role
    raise InvalidRequestError(f"Expected 'role' as one of viewer, member, manager; got {str(value)[:40]!r}.")


def _endpoint(operation_id: str, method: str, path: str, handler: Any, **details: Any) -> Endpoint:
    return Endpoint(operation_id, method, path, handler, document=Document.BACKEND, **details)


def _body(name: str) -> Parameter:
    return Parameter(name, Place.BODY, _OBJECT)


_PROJECT, _WORKSPACE = queries("projectIdentifier", "organizationIdentifier")
_MEMBERS, _ACCOUNTS = "/projects2/members", "/projects2/service-accounts"
_ORGANIZATION = "/organizations2"
_DEACTIVATED = Parameter("deactivated", schema={"type": "boolean"})

MANAGEMENT_ENDPOINTS = (
    _endpoint(
        "createProject",
        "POST",
        "/projects2",
        _create_project,
        parameters=(_body("projectToCreate"),),
        result=reference("Project"),
    ),
    _endpoint("deleteProject", "DELETE", "/projects2", _delete_project, parameters=(_PROJECT,)),
    _endpoint(
        "listProjectMembers",
        "GET",
        _MEMBERS,
        _list_project_members,
        parameters=(_PROJECT,),
        result=array_of(reference("ProjectMember")),
    ),
    _endpoint("addProjectMember", "POST", _MEMBERS, _add_project_member, parameters=(_PROJECT, _body("member"))),
    _endpoint(
        "deleteProjectMember",
        "DELETE",
        _MEMBERS,
        _delete_project_member,
        parameters=(_PROJECT, *queries("userId")),
    ),
    _endpoint(
        "listProjectServiceAccounts",
        "GET",
        _ACCOUNTS,
        _list_project_service_accounts,
        parameters=(_PROJECT,),
        result=array_of(reference("ProjectServiceAccount")),
    ),
    _endpoint(
        "addProjectServiceAccount",
        "POST",
        _ACCOUNTS,
        _add_project_service_account,
        parameters=(_PROJECT, _body("account")),
    ),
    _endpoint(
        "deleteProjectServiceAccount",
        "DELETE",
        _ACCOUNTS,
        _delete_project_service_account,
        parameters=(_PROJECT, *queries("serviceAccountId")),
    ),
    _endpoint(
        "listOrganizationMembers",
        "GET",
        f"{_ORGANIZATION}/members",
        _list_organization_members,
        parameters=(_WORKSPACE,),
        result=array_of(reference("OrganizationMember")),
    ),
    _endpoint(
        "listServiceAccounts",
        "GET",
        f"{_ORGANIZATION}/service-accounts",
        _list_service_accounts,
        parameters=(_WORKSPACE, _DEACTIVATED),
        result=array_of(reference("ServiceAccount")),
    ),
    _endpoint(
        "createOrganizationInvitations",
        "POST",
        "/invitations/organization",
        _create_invitations,
        parameters=(_body("newOrganizationInvitations"),),
    ),
    _endpoint(
        "workspaceStatus",
        "GET",
        f"{_ORGANIZATION}/status",
        _workspace_status,
        parameters=(_WORKSPACE,),
        result=reference("WorkspaceStatus"),
    ),
)
